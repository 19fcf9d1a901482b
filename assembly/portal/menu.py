"""Lines of the portal in the menus of the areas."""

from django.utils.translation import gettext_lazy as _

from assembly.institution import menu
from assembly.institution.areas import open_area
from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.portal.rules import SERVICE

DESK = [Role.LEAD, Role.OFFICER, Role.FACILITATOR, Role.DPO, Role.ARCHIVIST, Role.ADMIN]
DIRECTORATE = [*DIRECTORATE_ROLES, Role.SPONSOR, Role.PRESIDENT]


def add_menu_lines() -> None:
    """Add the first line of each area and the state of the service, and open the pages about it."""
    open_area(r"/bureau/service/", SERVICE)
    menu.add("desk", "", _("Tableau de bord"), "portal:desk-home", DESK, order=0, icon="house-door")
    menu.add(
        "member",
        "",
        _("Accueil"),
        "portal:member-home",
        [Role.MEMBER],
        order=0,
        icon="house-door",
        bar_label=_("Accueil"),
    )
    menu.add(
        "directorate", "", _("Mes dossiers"), "portal:directorate-home", DIRECTORATE, order=0, icon="folder2-open"
    )
    menu.add("desk", _("Réglages"), _("État du service"), "portal:service-state", SERVICE, order=95, icon="activity")
    menu.add("desk", _("Réglages"), _("Sauvegardes"), "portal:backups", SERVICE, order=96, icon="archive")
