"""Support in the area of directorates: a menu entry, and what they must evaluate after the delivery."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.institution import todo
from assembly.institution.enums import DIRECTORATE_ROLES
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from mission.support.queries import to_evaluate

add_menu_entry(
    "directorate",
    "",
    gettext_lazy("Appui"),
    "mission:directorate-support",
    DIRECTORATE_ROLES,
    order=40,
    icon="question-circle",
)


def line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("mission:directorate-support-step", args=[row["pk"], "evaluer"])
    return todo.ToDo(_("Dire ce que l’appui a produit : %(name)s") % row, address, row["reference"])


LISTS = todo.PendingLists(
    todo.PendingRows(to_evaluate, {name: name for name in ("pk", "name", "reference")}, line, sort_field="name")
)


def directorate_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LISTS]


add_to_do("directorate", directorate_lines)
