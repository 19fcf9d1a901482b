"""Workflow of a post. The README of the mission has the same table."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _

from assembly.workflow import Step
from mission.people.models import PostState as S, TeamPost
from mission.registers.rules import TEAM


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
    Step(
        "leave",
        {S.ACTIVE},
        S.LEFT,
        TEAM,
        event_type="left",
        history_text=_("a noté le départ"),
        guards=(check_begun,),
        changes=columns_of_departure,
        slug="depart",
        label=_("Noter le départ"),
        question=_("Cette personne a-t-elle quitté l’équipe ?"),
        success_message=_("Le départ est noté."),
        consequences=[_("Son temps de travail s’arrête ce mois-ci ; ses affectations à venir sont à reprendre.")],
    ),
    Step(
        "rejoin",
        {S.LEFT},
        S.ACTIVE,
        TEAM,
        history_text=_("a noté le retour"),
        guards=(check_holder_free,),
        changes=lambda row, taken: {"ends_on": None},
        slug="retour",
        label=_("Noter le retour"),
        question=_("Cette personne revient-elle dans l’équipe ?"),
        success_message=_("Le retour est noté."),
    ),
]
