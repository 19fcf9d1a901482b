"""Contributions of votes, decisions and the tasks that they make: to-do lines, owners, audit events."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.institution import todo
from assembly.institution.menu import open_area
from assembly.institution.models import TEAM_ROLES, Role
from assembly.tasks.registry import add_owners
from sessions.decisions.queries import invited_people, late_actions, my_actions

add_audit_events({"ballot.prepared": _("a préparé un scrutin")})


def action_line(action: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(action["text"], reverse("sittings:minutes-list"), action["title"])


def late_line(late: dict[str, Any]) -> todo.ToDo:
    """Return one line for all decided tasks whose day is past."""
    label = ngettext("%(n)s action en retard", "%(n)s actions en retard", late["n"]) % late
    return todo.ToDo(label, f"{reverse('tasks:list')}?origine=seance&echeance=retard", counts_tasks=True)


ACTION = {"text": "text", "title": "action_item__sitting__title"}
LATE = todo.PendingRows(late_actions, {"n": "n"}, late_line, due="late_since")
MINE = todo.PendingRows(my_actions, ACTION, action_line, due="due_on", sort_field="text")

# Events of the time before the steps of actions were those of tasks: lines of the journal have them.
FORMER_EVENTS = {
    "action.changed": _("a modifié une action à suivre"),
    "action.finished": _("a noté une action comme faite"),
    "action.dropped": _("a abandonné une action"),
    "action.reopened": _("a rouvert une action"),
}

add_owners("sittings.Sitting", invited_people)
open_area(r"/bureau/actions/", TEAM_ROLES | {Role.FACILITATOR})  # addresses of before
add_audit_events(
    {
        "decision.recorded": _("a noté une décision"),
        "decision.changed": _("a modifié une décision"),
        "decision.withdrawn": _("a retiré une décision"),
        "action.recorded": _("a noté une action à suivre"),
    }
)
add_audit_events(FORMER_EVENTS)
