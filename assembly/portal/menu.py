"""Lines of the portal in the menus of the areas."""

from django.utils.translation import gettext_lazy as _

from assembly.institution.areas import open_area
from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.menu import add_menu_entry
from assembly.portal.rules import SERVICE

DESK = [Role.LEAD, Role.OFFICER, Role.FACILITATOR, Role.DPO, Role.ARCHIVIST, Role.ADMIN]
DIRECTORATE = [*DIRECTORATE_ROLES, Role.SPONSOR, Role.PRESIDENT]


def add_menu_lines() -> None:
    """Add the first line of each area and the state of the service, and open the pages about it."""
    open_area(r"/bureau/service/", SERVICE)
    add_menu_entry("desk", "", _("Tableau de bord"), "portal:desk-home", DESK, order=0, icon="house-door")
    add_menu_entry(
        "member",
        "",
        _("Accueil"),
        "portal:member-home",
        [Role.MEMBER],
        order=0,
        icon="house-door",
        bar_label=_("Accueil"),
    )
    add_menu_entry(
        "directorate", "", _("Mes dossiers"), "portal:directorate-home", DIRECTORATE, order=0, icon="folder2-open"
    )
    add_menu_entry(
        "desk", _("Réglages"), _("État du service"), "portal:service-state", SERVICE, order=95, icon="activity"
    )
    add_menu_entry("desk", _("Réglages"), _("Sauvegardes"), "portal:backups", SERVICE, order=96, icon="archive")
