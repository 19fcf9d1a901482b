"""Lines of the institution in the menu of the back office."""

from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import Role
from assembly.institution.menu import add_menu_entry
from assembly.institution.rules import JOURNAL_READERS

DESK = [Role.LEAD, Role.OFFICER, Role.FACILITATOR]
add_menu_entry(
    "desk", _("Assemblée"), _("Groupes et comités"), "institution:committees", DESK, order=24, icon="diagram-3"
)
add_menu_entry("desk", _("Assemblée"), _("Cantons"), "institution:cantons", DESK, order=26, icon="geo-alt")
add_menu_entry(
    "desk", _("Réglages"), _("Équipe et rôles"), "institution:people", [Role.LEAD], order=80, icon="person-gear"
)
add_menu_entry(
    "desk", _("Réglages"), _("Journal"), "institution:journal", JOURNAL_READERS, order=90, icon="clock-history"
)
add_menu_entry(
    "desk", _("Réglages"), _("Directions"), "institution:directorates", [Role.LEAD], order=82, icon="building"
)
add_menu_entry("desk", _("Réglages"), _("Mandatures"), "institution:terms", [Role.LEAD], order=84, icon="arrow-repeat")
add_menu_entry(
    "desk", _("Réglages"), _("Réglages de l’assemblée"), "institution:settings", [Role.LEAD], order=86, icon="gear"
)
add_menu_entry(
    "desk", _("Réglages"), _("Données personnelles"), "institution:erasures", [Role.DPO], order=88, icon="shield-lock"
)
