"""Workflow of a method sheet. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from mission.methods.enums import MethodState as S
from mission.registers.steps import RegisterStep

STEPS = [
    RegisterStep("adopt", {S.DRAFT, S.RETIRED}, S.IN_USE).page(
        "mettre-en-usage",
        _("Mettre en usage"),
        _("a mis la fiche méthode en usage"),
        _("Mettre cette fiche en usage ?"),
        _("La fiche se propose dans les demandes d’appui."),
    ),
    RegisterStep("retire", {S.IN_USE}, S.RETIRED).page(
        "retirer",
        _("Retirer"),
        _("a retiré la fiche méthode"),
        success_message=_("La fiche ne se propose plus. Les demandes qui la nomment la gardent."),
    ),
]
