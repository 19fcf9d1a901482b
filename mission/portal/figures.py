"""Menu entries of the indicators, and values to enter in « À faire »."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from assembly.indicators.registry import indicators
from assembly.institution import todo
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.institution.todo import add_to_do
from mission.indicators import entering, rules

LABEL = gettext_lazy("Indicateurs")
add_menu_entry("desk", gettext_lazy("Mission"), LABEL, "mission:indicators", TEAM_ROLES, order=60, icon="activity")
add_menu_entry("directorate", "", LABEL, "mission:directorate-indicators", rules.AREA_ROLES, order=60, icon="activity")
add_menu_entry("member", "", LABEL, "mission:my-indicators", {Role.MEMBER}, order=60, icon="activity")


def asked_values(user: Any, term: Term) -> Iterator[todo.ToDo]:
    """Yield one line for all values that are due, with the first day; the page lists each with its own."""
    if not is_team(user, term):
        return
    due = entering.due_days(term)
    days = [
        due[one.key]
        for one in indicators()
        if one.key in due and entering.is_near(due[one.key]) and rules.can_enter(user, term, one)
    ]
    if days:
        text = ngettext("Saisir %(n)s indicateur", "Saisir %(n)s indicateurs", len(days)) % {"n": len(days)}
        yield todo.ToDo(text, f"{reverse('mission:indicators')}#a-saisir", term.name, due_on=min(days))


add_to_do("desk", asked_values)
