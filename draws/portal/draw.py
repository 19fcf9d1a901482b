"""The draw in the menu of the bureau; what waits for the team and for the lead."""

from django.utils.translation import gettext_lazy

from assembly.institution import menu
from draws.rules.draw import SEES_DRAWS

menu.add(
    "desk",
    gettext_lazy("Assemblée"),
    gettext_lazy("Tirage au sort"),
    "draws:list",
    SEES_DRAWS,
    order=18,
    icon="check2-square",
)
