"""Contributions of tasks: menu, what waits, search, hand over, end of roles, erasure, retention, audit events."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.identity.personal_data import at_erasure, retention
from assembly.identity.signals import standing_ended
from assembly.institution import todo
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.registry import OpenDossiers, add_open_dossiers
from assembly.institution.todo import add_to_do
from assembly.lists import add_list
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.tasks import actions
from assembly.tasks.lists import TASKS
from assembly.tasks.models import Task, TaskState
from assembly.tasks.queries import ended_notes, ended_tasks, visible_tasks
from assembly.tasks.rules import can_use_tasks
from assembly.tasks.waiting import tasks_waiting


class Tasks(SearchSource):
    """Tasks, for those who work on their term."""

    kind, order = "task", 55
    name, label = _("Tâche"), _("Tâches")

    def objects(self) -> QuerySet[Task]:
        return Task.objects.all()

    def entries(self, subject: Task) -> Iterable[IndexEntry]:
        body = " ".join(filter(None, [subject.page_title, subject.note, subject.outcome]))
        yield IndexEntry(subject.text, body, dated_on=subject.due_on, term_id=subject.term_id)

    def visible_to(self, user: Any) -> Mapping[str, QuerySet[Task]]:
        return {"": visible_tasks(user)}

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse("tasks:task", args=[entry.object_id])

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        if label == "identity.Person":
            return Task.objects.filter(about__in=ids).values_list("pk", flat=True)
        return super().touched_by(label, ids)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the reader’s own tasks."""
    return [tasks_waiting(user, term, are_mine=True)] if can_use_tasks(user, term) else []


def count_tasks(user: Any, term: Term) -> int:
    return Task.objects.filter(owner=user.person_id, term=term, state=TaskState.OPEN).count()


@receiver(standing_ended)
def release_tasks(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Give to the team the tasks of somebody who works here no more."""
    actions.release_tasks(person, by=by)


add_menu_entry("desk", "", _("À faire"), "tasks:home", can_use_tasks, order=2, icon="check2-square")
add_to_do("desk", desk_lines)
add_search_source(Tasks)
add_list(TASKS)
add_open_dossiers(OpenDossiers("tasks", _("tâches"), count_tasks, actions.reassign_tasks))
at_erasure("tasks.texts", actions.erase_about)
retention("tasks.tasks", _("Tâches closes sur une personne"), find=ended_tasks, apply=actions.end_row)
retention("tasks.notes", _("Notes sur une personne"), find=ended_notes, apply=actions.end_row)
add_audit_events(
    {
        "task.noted": _("a noté une tâche"),
        "task.changed": _("a modifié une tâche"),
        "note.written": _("a écrit une note"),
    }
)
