"""Contributions of votes, decisions and action items: menu, to-do lines, audit events."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry, anywhere
from sessions.decisions.queries import late_actions, my_actions
from sessions.minutes.rules import can_see_actions

add_audit_events({"ballot.prepared": _("a préparé un scrutin")})


def action_line(action: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(action["text"], reverse("sittings:minutes-list"), action["title"])


def late_line(late: dict[str, Any]) -> todo.ToDo:
    """Return one line for all actions whose day is past."""
    label = ngettext("%(n)s action en retard", "%(n)s actions en retard", late["n"]) % late
    return todo.ToDo(label, reverse("sittings:actions"))


ACTION = {"text": "text", "title": "sitting__title"}
LATE = todo.PendingRows(late_actions, {"n": "n"}, late_line, due="late_since")
MINE = todo.PendingRows(my_actions, ACTION, action_line, due="due_on", sort_field="text")


add_menu_entry(
    "desk",
    _("Travaux"),
    _("Actions à suivre"),
    "sittings:actions",
    anywhere(can_see_actions),
    order=34,
    icon="check2-square",
)
add_audit_events(
    {
        "decision.recorded": _("a noté une décision"),
        "decision.changed": _("a modifié une décision"),
        "decision.withdrawn": _("a retiré une décision"),
        "action.recorded": _("a noté une action à suivre"),
        "action.changed": _("a modifié une action à suivre"),
    }
)
