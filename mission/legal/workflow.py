"""The path of an act. The README of the mission carries the same table."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mission.legal.enums import LegalState as S
from mission.legal.models import LegalItem
from mission.registers.moves import Move


def has_first_day(item: LegalItem) -> None:
    if item.starts_on is None:
        raise ValidationError(gettext("Dites d’abord depuis quand il est en vigueur."), code="starts_on")


MOVES = [
    Move(
        "bring_into_force",
        {S.PREPARED, S.EXPIRED},
        S.IN_FORCE,
        participle="brought_into_force",
        guards=(has_first_day,),
    ).page("en-vigueur", _("Noter en vigueur"), _("a noté l’acte en vigueur"), _("Cet acte est-il en vigueur ?")),
    Move("replace", {S.IN_FORCE, S.EXPIRED}, S.REPLACED, needs_reason=True).page(
        "remplacer",
        _("Noter comme remplacé"),
        _("a noté l’acte remplacé"),
        _("Cet acte est-il remplacé par un autre ?"),
    ),
    Move("expire", {S.IN_FORCE}, S.EXPIRED).page(
        "echoir", _("Noter comme échu"), _("a noté l’acte échu"), _("Cet acte est-il échu ?")
    ),
]
