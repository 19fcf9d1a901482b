"""The search in the menus of the areas; the back office has it in its header."""

from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.menu import add_menu_entry

add_menu_entry("member", "", _("Chercher"), "search:results", [Role.MEMBER], order=90, icon="search")
add_menu_entry(
    "directorate",
    "",
    _("Chercher"),
    "search:results",
    [*DIRECTORATE_ROLES, Role.SPONSOR, Role.PRESIDENT],
    order=90,
    icon="search",
)
