"""Workflow of a post. The README of the mission has the same table."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mission.people.enums import PostState as S
from mission.people.models import TeamPost
from mission.registers.steps import RegisterStep


def check_begun(post: TeamPost) -> None:
    if post.starts_on > timezone.localdate():
        raise ValidationError(gettext("Cette personne n’est pas encore arrivée."))


def check_holder_free(post: TeamPost) -> None:
    others = TeamPost.objects.filter(assembly=post.assembly_id, holder=post.holder_id, state=S.ACTIVE)
    if post.holder_id and others.exists():
        raise ValidationError(gettext("Ce compte a déjà un poste dans l’équipe."))


def columns_of_departure(post: TeamPost, taken: Any) -> dict[str, Any]:
    """Return the planned last day, today at the latest, as the column to write."""
    today = timezone.localdate()
    return {"ends_on": min(post.ends_on or today, today)}


STEPS = [
    RegisterStep(
        "leave", {S.ACTIVE}, S.LEFT, participle="left", guards=(check_begun,), changes=columns_of_departure
    ).page(
        "depart",
        _("Noter le départ"),
        _("a noté le départ"),
        _("Cette personne a-t-elle quitté l’équipe ?"),
        _("Le départ est noté."),
        consequences=lambda row: [
            _("Son temps de travail s’arrête ce mois-ci ; ses affectations à venir sont à reprendre.")
        ],
    ),
    RegisterStep(
        "rejoin", {S.LEFT}, S.ACTIVE, guards=(check_holder_free,), changes=lambda row, taken: {"ends_on": None}
    ).page(
        "retour",
        _("Noter le retour"),
        _("a noté le retour"),
        _("Cette personne revient-elle dans l’équipe ?"),
        _("Le retour est noté."),
    ),
]
