"""Area of the directorates and the elected: answers among the pending lines, by days left; their list in the menu."""

from collections.abc import Iterable
from typing import Any

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from answers.queries import directorate as queries
from answers.queries.follow_up_desk import owed_updates
from assembly.institution import todo
from assembly.institution.enums import DIRECTORATE_ROLES, Role
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from assembly.text.french import Label

add_menu_entry(
    "directorate",
    "",
    gettext_lazy("Réponses"),
    "answers:directorate-list",
    DIRECTORATE_ROLES | {Role.SPONSOR, Role.PRESIDENT},
    order=30,
    icon="chat-left-text",
)
add_menu_entry(
    "directorate",
    "",
    gettext_lazy("Suites données"),
    "answers:directorate-follow-ups",
    DIRECTORATE_ROLES | {Role.SPONSOR, Role.PRESIDENT},
    order=31,
    icon="check2-square",
)
CASE = {
    "pk": "pk",
    "reference": Coalesce("recommendation__reference", "whole_of__reference"),
    "title": Coalesce("recommendation__title", "whole_of__title"),
}


def lines_of(rows: Any, label: Label, slug: str = "") -> todo.PendingRows:
    """Return the cases whose next step is the reader’s; `slug` names its page, else the page of the case opens."""

    def line(case: dict[str, Any]) -> todo.ToDo:
        route = (
            ("answers:directorate-step", [case["pk"], slug]) if slug else ("answers:directorate-case", [case["pk"]])
        )
        return todo.ToDo(label % case, reverse(route[0], args=route[1]), _("%(reference)s, réponse") % case)

    return todo.PendingRows(rows, CASE, line, due="due_on", sort_field="title")


FOLLOW_UP = {
    "pk": "pk",
    "reference": Coalesce("case__recommendation__reference", "case__whole_of__reference"),
    "title": Coalesce("case__recommendation__title", "case__whole_of__title"),
}


def update_line(row: dict[str, Any]) -> todo.ToDo:
    address = reverse("answers:directorate-follow-up-step", args=[row["pk"], "point"])
    return todo.ToDo(_("Faire le point : %(title)s") % row, address, _("%(reference)s, suite donnée") % row)


LISTS = todo.PendingLists(
    lines_of(queries.cases_to_write, gettext_lazy("Répondre : %(title)s")),
    lines_of(queries.cases_to_sign, gettext_lazy("À viser, réponse : %(title)s"), "viser"),
    lines_of(queries.cases_to_arbitrate, gettext_lazy("À arbitrer : %(title)s")),
    lines_of(queries.cases_to_decide, gettext_lazy("À décider : %(title)s")),
    todo.PendingRows(owed_updates, FOLLOW_UP, update_line, due="update_due_on", sort_field="title"),
)


def directorate_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [LISTS]


add_to_do("directorate", directorate_lines)
