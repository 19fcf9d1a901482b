"""Contributions of votes, decisions and action items: menu, to-do lines, audit events."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy as _, ngettext

from assembly.audit.registry import add_audit_events
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry, anywhere
from assembly.institution.rules import is_team
from assembly.tasks.waiting import TaskRows, add_task_rows
from sessions.decisions.queries import late_actions, my_actions, others_actions
from sessions.minutes.rules import can_see_actions

add_audit_events({"ballot.prepared": _("a préparé un scrutin")})


def action_line(action: dict[str, Any]) -> todo.ToDo:
    return todo.ToDo(action["text"], reverse("sittings:minutes-list"), action["title"])


def late_line(late: dict[str, Any]) -> todo.ToDo:
    """Return one line for all actions whose day is past."""
    label = ngettext("%(n)s action en retard", "%(n)s actions en retard", late["n"]) % late
    return todo.ToDo(label, reverse("sittings:actions"), counts_tasks=True)


def desk_line(action: dict[str, Any]) -> todo.ToDo:
    """Return the line of an action among the tasks of the team: what, whose, of which sitting."""
    pages = {name: reverse(f"sittings:action-{name}", args=[action["pk"]]) for name in ("finish", "change")}
    buttons = ((gettext("Fait"), pages["finish"]), (gettext("Modifier"), pages["change"]))
    acts = tuple(todo.LineButton(label, url) for label, url in buttons)
    who = action["owner_text"] or f"{action['first_name'] or ''} {action['last_name'] or ''}".strip()
    return todo.ToDo(action["text"], pages["change"], ", ".join(filter(None, [who, action["title"]])), acts=acts)


ACTION = {"text": "text", "title": "sitting__title"}
LATE = todo.PendingRows(late_actions, {"n": "n"}, late_line, due="late_since")
MINE = todo.PendingRows(my_actions, ACTION, action_line, due="due_on", sort_field="text")
AMONG_TASKS = ACTION | {"pk": "pk", "owner_text": "owner_text"}
AMONG_TASKS |= {"first_name": "owner__first_name", "last_name": "owner__last_name"}
add_task_rows(
    TaskRows(
        todo.PendingRows(my_actions, AMONG_TASKS, desk_line, due="due_on", sort_field="text"),
        todo.PendingRows(others_actions, AMONG_TASKS, desk_line, due="due_on", sort_field="text"),
        is_team,
    )
)


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
