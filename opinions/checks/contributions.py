"""Contributions of the reading of opinions by directorates: area, to-do lines, mails, audit events."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.institution import todo
from assembly.institution.menu import open_area
from assembly.institution.models import DIRECTORATE_ROLES, Term
from assembly.institution.todo import add_to_do
from assembly.notifications.registry import add_messages
from consultations.reviews.queries import gives_visa
from opinions.checks.queries import my_requests
from opinions.mails import CheckAsked, CheckReminded
from opinions.models import ServicesCheckState


def to_note(user: Any, term: Term | int) -> Any:
    """Return the requests with recommendations to note; at the visa, only for those who may give it."""
    waits = ~Q(state=ServicesCheckState.SUBMITTED) | gives_visa(user)
    return my_requests(user).filter(waits, opinion__term=term, state__in=ServicesCheckState.tagged("open"))


def note_line(request: dict[str, Any]) -> todo.ToDo:
    """Return the line of a request, with the number of notes written, « 3 préconisations notées sur 10 »."""
    at_visa = request["state"] == ServicesCheckState.SUBMITTED
    title = (
        gettext("À viser, notes sur l’avis : %(title)s") if at_visa else gettext("Préconisations à noter : %(title)s")
    )
    detail = ngettext(
        "%(done)s préconisation notée sur %(total)s", "%(done)s préconisations notées sur %(total)s", request["done"]
    )
    return todo.ToDo(title % request, reverse("opinions:check", args=[request["pk"]]), detail % request)


REQUEST = {name: name for name in ("pk", "state", "done", "total")} | {"title": "opinion__title"}
DIRECTORATE = todo.PendingLists(todo.PendingRows(to_note, REQUEST, note_line, due="due_on", sort_field="title"))


def directorate_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    return [DIRECTORATE]


open_area(r"/instructions/preconisations/", DIRECTORATE_ROLES)
add_to_do("directorate", directorate_lines)
add_messages(CheckAsked, CheckReminded)
add_audit_events(
    {"check.asked": _("a demandé la lecture d’une direction"), "check.noted": _("a noté une préconisation")}
)
