"""Lines of « À faire » for tasks: those of the reader, and those of everybody else."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from assembly.institution import todo
from assembly.tasks.queries import my_tasks, others_tasks
from assembly.tasks.rules import can_use_tasks


def step_button(task: dict[str, Any], slug: str, label: Any, *, at_once: bool = False) -> todo.LineButton:
    """Return the button of a step; `at_once`: it acts without a question."""
    url = reverse("tasks:step", args=[task["pk"], slug])
    return todo.LineButton(label, url, ("retour", reverse("tasks:home")) if at_once else None)


def task_line(task: dict[str, Any], who: str = "") -> todo.ToDo:
    """Return the line of a task: what, whose, about which page, with its acts."""
    acts = [step_button(task, "faite", gettext("Fait"), at_once=True)]
    if "owner" in task and not task["owner"]:
        acts.append(step_button(task, "prendre", gettext("Prendre"), at_once=True))
    acts += [step_button(task, "reporter", gettext("Reporter")), step_button(task, "passer", gettext("Passer"))]
    detail = ", ".join(filter(None, [who, task["page_title"]]))
    return todo.ToDo(task["text"], reverse("tasks:task", args=[task["pk"]]), detail, acts=tuple(acts))


def others_line(task: dict[str, Any]) -> todo.ToDo:
    """Return the line of a task of a colleague or of the team."""
    who = f"{task['first_name']} {task['last_name']}" if task["owner"] else gettext("À prendre")
    return task_line(task, who.strip())


MINE = {name: name for name in ("pk", "text", "page_title")}
OTHERS = MINE | {"owner": "owner_id", "first_name": "owner__first_name", "last_name": "owner__last_name"}


@dataclass(frozen=True, eq=False)
class TaskRows:
    """A kind of rows that « À faire » lists among the tasks, for readers whom `can_take(user, term)` lets act on them.

    `mine`: the reader’s own; `others`: all others of the term.
    """

    mine: todo.PendingRows
    others: todo.PendingRows
    can_take: Callable[[Any, Any], bool]


_kinds = [
    TaskRows(
        todo.PendingRows(my_tasks, MINE, task_line, due="due_on", sort_field="text"),
        todo.PendingRows(others_tasks, OTHERS, others_line, due="due_on", sort_field="text"),
        can_use_tasks,
    )
]


def add_task_rows(kind: TaskRows) -> None:
    """List rows of an app above among the tasks (action items of sittings)."""
    _kinds.append(kind)


def tasks_waiting(user: Any, term: Any, *, are_mine: bool) -> todo.PendingLists:
    """Return the open tasks of every kind in one statement: the reader’s own, or all others."""
    kinds = tuple(kind for kind in _kinds if kind.can_take(user, term))
    return _lists_of(kinds, are_mine)


@cache
def _lists_of(kinds: tuple[TaskRows, ...], are_mine: bool) -> todo.PendingLists:
    """Return the lists, made once: their statement is compiled."""
    return todo.PendingLists(*(kind.mine if are_mine else kind.others for kind in kinds))
