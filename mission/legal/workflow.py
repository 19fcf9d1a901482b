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
        slug="en-vigueur",
        verb="bring_into_force",
        participle="brought_into_force",
        sources={S.PREPARED, S.EXPIRED},
        target=S.IN_FORCE,
        label=_("Noter en vigueur"),
        question=_("Cet acte est-il en vigueur ?"),
        done=_("L’acte est en vigueur."),
        says=_("a noté l’acte en vigueur"),
        guards=(has_first_day,),
        primary=True,
    ),
    Move(
        slug="remplacer",
        verb="replace",
        sources={S.IN_FORCE, S.EXPIRED},
        target=S.REPLACED,
        label=_("Noter comme remplacé"),
        question=_("Cet acte est-il remplacé par un autre ?"),
        done=_("L’acte est remplacé."),
        says=_("a noté l’acte remplacé"),
        reason=True,
    ),
    Move(
        slug="echoir",
        verb="expire",
        sources={S.IN_FORCE},
        target=S.EXPIRED,
        label=_("Noter comme échu"),
        question=_("Cet acte est-il échu ?"),
        done=_("L’acte est échu."),
        says=_("a noté l’acte échu"),
    ),
]
