"""Workflow of a partner. The README of the mission has the same table."""

from django.utils.translation import gettext_lazy as _

from mission.partners.enums import PartnerState as S
from mission.registers.merging import merging
from mission.registers.steps import RegisterStep

STEPS = [
    RegisterStep("engage", {S.TO_CONTACT}, S.ACTIVE).page(
        "engager", _("Noter comme actif"), _("a noté le partenariat actif"), _("Le partenariat est-il actif ?")
    ),
    RegisterStep("resume", {S.DORMANT, S.ENDED}, S.ACTIVE, primary=True).page(
        "reprendre", _("Reprendre"), _("a repris le partenariat")
    ),
    RegisterStep("pause", {S.ACTIVE}, S.DORMANT, needs_reason=True).page(
        "en-sommeil", _("Mettre en sommeil"), _("a mis le partenariat en sommeil")
    ),
    RegisterStep("end", {S.TO_CONTACT, S.ACTIVE, S.DORMANT}, S.ENDED, needs_reason=True).page(
        "terminer", _("Mettre fin"), _("a mis fin au partenariat"), _("Mettre fin au partenariat ?")
    ),
    merging({S.TO_CONTACT, S.ACTIVE, S.DORMANT, S.ENDED}, S.MERGED),
]
