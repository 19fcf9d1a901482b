"""Workflow of a legal item. The README of the mission has the same table."""

from django.utils.translation import gettext, gettext_lazy as _

from assembly.workflow import Step, make_guard
from mission.legal.models import LegalItem, LegalState as S
from mission.registers.rules import TEAM

HAS_FIRST_DAY = make_guard(
    lambda item: item.starts_on, _("Dites d’abord depuis quand il est en vigueur."), "starts_on"
)


def ended_lines(row: LegalItem) -> list[str]:
    return [gettext("Il ne redevient pas en vigueur. Il reste lisible, et ne rappelle plus rien.")]


STEPS = [
    Step(
        "bring_into_force",
        {S.PREPARED, S.EXPIRED},
        S.IN_FORCE,
        TEAM,
        event_type="brought_into_force",
        history_text=_("a noté l’acte en vigueur"),
        guards=(HAS_FIRST_DAY,),
        undo="expire",
        slug="en-vigueur",
        label=_("Noter en vigueur"),
        question=_("Cet acte est-il en vigueur ?"),
    ),
    Step(
        "replace",
        {S.IN_FORCE, S.EXPIRED},
        S.REPLACED,
        TEAM,
        history_text=_("a noté l’acte remplacé"),
        needs_reason=True,
        slug="remplacer",
        label=_("Noter comme remplacé"),
        question=_("Cet acte est-il remplacé par un autre ?"),
        consequences=ended_lines,
    ),
    Step(
        "expire",
        {S.IN_FORCE},
        S.EXPIRED,
        TEAM,
        history_text=_("a noté l’acte échu"),
        undo="bring_into_force",
        slug="echoir",
        label=_("Noter comme échu"),
        question=_("Cet acte est-il échu ?"),
    ),
]
