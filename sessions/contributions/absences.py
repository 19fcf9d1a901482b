"""Contributions of repeated absences: menu, to-do lines, a widget, mails, audit events."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry
from assembly.institution.rules import is_team
from assembly.notifications.registry import add_messages
from assembly.portal.registry import Widget, add_widget
from assembly.text.french import french_enumeration
from members.models import Mandate
from sessions.attendance.mails import AbsenceLetter
from sessions.attendance.queries import absences as queries
from sessions.attendance.queries.absences import missed_sentence
from sessions.enums import AbsenceCaseState
from sessions.models import AbsenceCase


def absences_line(waiting: dict[str, Any]) -> todo.ToDo:
    """Return one line for all cases, with the names as an enumeration."""
    label = ngettext(
        "Décider de la suite : %(n)s membre a manqué plusieurs plénières",
        "Décider de la suite : %(n)s membres ont manqué plusieurs plénières",
        waiting["n"],
    )
    return todo.ToDo(label % waiting, reverse("sittings:absences"), french_enumeration(waiting["names"]))


def procedure_line(case: dict[str, Any]) -> todo.ToDo:
    name = f"{case['first_name']} {case['last_name']}"
    title = gettext("Décider après la procédure pour absences : %(name)s") % {"name": name}
    return todo.ToDo(title, reverse("sittings:absence-case", args=[case["pk"]]))


CASE = {
    "pk": "pk",
    "first_name": "mandate__member__person__first_name",
    "last_name": "mandate__member__person__last_name",
}
DESK = (
    todo.PendingRows(queries.to_decide, {"n": "n", "names": "names"}, absences_line),
    todo.PendingRows(queries.procedures, CASE, procedure_line, due="answer_by"),
)


def absences_of_member(user: Any, mandate: Mandate) -> Widget | None:
    """Return the widget of the latest absence case that was not lifted, with the link to decide on it."""
    rows = AbsenceCase.objects.visible_to(user).filter(mandate=mandate).exclude(state=AbsenceCaseState.LIFTED)
    case = rows.first()
    if case is None:
        return None
    waits = case.state == AbsenceCaseState.RAISED
    return Widget(
        "sessions/attendance/_case.html", {"case": case, "sentence": missed_sentence(case), "waits": waits}, order=40
    )


add_menu_entry(
    "desk", _("Assemblée"), _("Absences répétées"), "sittings:absences", is_team, order=24, icon="person-exclamation"
)
add_widget("mandate", absences_of_member)
add_messages(AbsenceLetter)
add_audit_events({"absence.raised": _("a signalé des absences répétées")})
