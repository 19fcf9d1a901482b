"""Lines of « À faire » for tasks: those of the reader, and those of everybody else."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext

from assembly.institution import todo
from assembly.tasks.queries import my_tasks, others_tasks


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
