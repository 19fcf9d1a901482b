"""The search in the menus of the areas; the back office has it in its header."""

from django.utils.translation import gettext_lazy as _

from assembly.institution import menu
from assembly.institution.enums import DIRECTORATE_ROLES, Role

menu.add("member", "", _("Chercher"), "search:results", [Role.MEMBER], order=90, icon="search")
menu.add(
    "directorate",
    "",
    _("Chercher"),
    "search:results",
    [*DIRECTORATE_ROLES, Role.SPONSOR, Role.PRESIDENT],
    order=90,
    icon="search",
)
