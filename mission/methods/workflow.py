"""Workflow of a method sheet. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from assembly.workflow import Step
from mission.methods.enums import MethodState as S
from mission.registers.rules import TEAM

STEPS = [
    Step(
        "adopt",
        {S.DRAFT, S.RETIRED},
        S.IN_USE,
        TEAM,
        history_text=_("a mis la fiche méthode en usage"),
        undo="retire",
        slug="mettre-en-usage",
        label=_("Mettre en usage"),
        question=_("Mettre cette fiche en usage ?"),
        success_message=_("La fiche se propose dans les demandes d’appui."),
    ),
    Step(
        "retire",
        {S.IN_USE},
        S.RETIRED,
        TEAM,
        history_text=_("a retiré la fiche méthode"),
        undo="adopt",
        slug="retirer",
        label=_("Retirer"),
        success_message=_("La fiche ne se propose plus. Les demandes qui la nomment la gardent."),
    ),
]
