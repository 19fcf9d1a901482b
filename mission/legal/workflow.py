"""Workflow of a legal item. The README of the mission has the same table."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.workflow import make_guard
from mission.legal.enums import LegalState as S
from mission.legal.models import LegalItem
from mission.registers.steps import RegisterStep

HAS_FIRST_DAY = make_guard(
    lambda item: item.starts_on, _("Dites d’abord depuis quand il est en vigueur."), "starts_on"
)


def ended_lines(row: LegalItem) -> list[str]:
    return [gettext("Il ne redevient pas en vigueur. Il reste lisible, et ne rappelle plus rien.")]


STEPS = [
    RegisterStep(
        "bring_into_force",
        {S.PREPARED, S.EXPIRED},
        S.IN_FORCE,
        participle="brought_into_force",
        guards=(HAS_FIRST_DAY,),
    ).page("en-vigueur", _("Noter en vigueur"), _("a noté l’acte en vigueur"), _("Cet acte est-il en vigueur ?")),
    RegisterStep("replace", {S.IN_FORCE, S.EXPIRED}, S.REPLACED, needs_reason=True).page(
        "remplacer",
        _("Noter comme remplacé"),
        _("a noté l’acte remplacé"),
        _("Cet acte est-il remplacé par un autre ?"),
        consequences=ended_lines,
    ),
    RegisterStep("expire", {S.IN_FORCE}, S.EXPIRED).page(
        "echoir", _("Noter comme échu"), _("a noté l’acte échu"), _("Cet acte est-il échu ?")
    ),
]
