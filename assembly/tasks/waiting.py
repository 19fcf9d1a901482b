"""Lines of « À faire » for tasks: those of the reader, and those of everybody else; what the desk shows of both."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from assembly.institution import todo
from assembly.institution.models import Term
from assembly.tasks.models import TaskSwitch
from assembly.tasks.queries import my_tasks, others_tasks
from assembly.tasks.rules import can_use_tasks


def step_button(task: dict[str, Any], slug: str, label: Any, *, at_once: bool = False) -> todo.LineButton:
    """Return the button of a step; `at_once`: it acts without a question."""
    url = reverse("tasks:step", args=[task["pk"], slug])
    return todo.LineButton(label, url, ("retour", reverse("tasks:home")) if at_once else None)


def task_line(task: dict[str, Any], who: str = "") -> todo.ToDo:
    """Return the line of a task: what, whose, about which page, with its acts."""
    acts = [step_button(task, "faite", gettext("Fait"), at_once=True)]
    if "owner" in task and not task["owner"] and not task["owner_text"]:
        acts.append(step_button(task, "prendre", gettext("Prendre"), at_once=True))
    acts += [step_button(task, "reporter", gettext("Reporter")), step_button(task, "passer", gettext("Passer"))]
    detail = ", ".join(filter(None, [who, task["page_title"]]))
    return todo.ToDo(task["text"], reverse("tasks:task", args=[task["pk"]]), detail, acts=tuple(acts))


def others_line(task: dict[str, Any]) -> todo.ToDo:
    """Return the line of a task of somebody else or of the team."""
    name = f"{task['first_name']} {task['last_name']}" if task["owner"] else gettext("À prendre")
    return task_line(task, task["owner_text"] or name.strip())


MINE = {name: name for name in ("pk", "text", "page_title")}
OTHERS = MINE | {"owner": "owner_id", "owner_text": "owner_text"}
OTHERS |= {"first_name": "owner__first_name", "last_name": "owner__last_name"}
TASKS_OF_READER = todo.PendingLists(todo.PendingRows(my_tasks, MINE, task_line, due="due_on", sort_field="text"))
TASKS_OF_OTHERS = todo.PendingLists(
    todo.PendingRows(others_tasks, OTHERS, others_line, due="due_on", sort_field="text")
)


@dataclass(frozen=True)
class WaitingLines:
    """What waits for a reader, with the tasks of the others where they chose so. `mine`, `everybody`: counts."""

    backlog: todo.Backlog
    mine: int
    everybody: int
    shows_team: bool


def waiting_for(user: Any, term: Term) -> WaitingLines:
    """Return every line of the desk; for whoever sees the tasks of the term, these one by one."""
    mine = todo.todo_for(user, "desk", term)
    if not can_use_tasks(user, term):
        return WaitingLines(mine, mine.count, mine.count, shows_team=False)
    mine = listed_one_by_one(mine)
    others = todo.backlog_of([TASKS_OF_OTHERS], user, term)
    shows_team = TaskSwitch.objects.filter(user=user, shows_team=True).exists()
    backlog = todo.merged_backlogs([mine, others], todo.ALL) if shows_team else mine
    return WaitingLines(backlog, mine.count, mine.count + others.count, shows_team)


def listed_one_by_one(waiting: todo.Backlog) -> todo.Backlog:
    """Return the lines without those that only count tasks, which are listed beside them."""
    late, coming = ([line for line in part if not line.counts_tasks] for part in (waiting.late, waiting.coming))
    return todo.Backlog(late, coming, len(late), len(coming))
