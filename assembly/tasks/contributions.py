"""Contributions of tasks: menu, what waits, search, hand over, end of roles, erasure, retention, audit events."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Model, QuerySet
from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.audit.registry import add_audit_events
from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import CalendarAct, CalendarItem, add_calendar_act, add_calendar_source
from assembly.identity.personal_data import at_erasure, delete_row, retention
from assembly.identity.signals import standing_ended
from assembly.institution import todo
from assembly.institution.commands import add_command
from assembly.institution.menu import DESK_READERS, MenuHeading, add_desk_line, open_area
from assembly.institution.models import TEAM_ROLES, Role, Term
from assembly.institution.pages import term_key_of
from assembly.institution.registry import OpenDossiers, add_open_dossiers
from assembly.institution.rules import has_role
from assembly.institution.todo import add_to_do
from assembly.lists import add_list
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.tasks import actions
from assembly.tasks.forms import TeamNoteForm
from assembly.tasks.lists import TASKS
from assembly.tasks.models import Task, TaskState, TeamNote
from assembly.tasks.queries import (
    WrittenLine,
    ended_notes,
    ended_pins,
    ended_tasks,
    tasks_between,
    visible_tasks,
    written_about,
)
from assembly.tasks.registry import is_person_page
from assembly.tasks.rules import can_use_tasks, reads_decided_alone, subject_text
from assembly.tasks.waiting import TASKS_OF_READER
from assembly.tasks.workflow import NOTE
from assembly.web.widgets import Widget, add_widget

SHOWN_NOTES = 5


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
    return [TASKS_OF_READER] if can_use_tasks(user, term) else []


def tasks_in_calendar(user: Any, term: Term, first: date, last: date) -> Iterable[CalendarItem]:
    """Yield the open tasks that are due on these days."""
    today = timezone.localdate()
    for task in tasks_between(user, term, first, last).select_related("owner__user"):
        account, due_on = getattr(task.owner, "user", None), task.due_on or first
        yield CalendarItem(
            CalendarKind.TASK,
            f"task-{task.pk}",
            task.text,
            reverse("tasks:task", args=[task.pk]),
            due_on,
            users=(account.pk,) if account else (),
            tone="late" if due_on < today else "",
        )


def task_url(day: date, account: int | None) -> str:
    """Return the page whose field for a task holds this day; the task is one’s own."""
    return f"{reverse('tasks:home')}?pour={day.isoformat()}"


def count_tasks(user: Any, term: Term) -> int:
    return Task.objects.filter(owner=user.person_id, term=term, state=TaskState.OPEN).count()


def line_note(line: WrittenLine) -> TeamNote:
    """Return the note of a line, with what its steps read."""
    return TeamNote(pk=line.pk, term_id=line.term_id, author_id=line.author_id or 0, written_at=line.written_at)


def tasks_and_notes(user: Any, subject: Model) -> Widget | None:
    """Return the open tasks and the notes about an object, with the acts of this reader, for those who see tasks."""
    if not has_role(user, TEAM_ROLES, term=term_key_of(subject)):
        return None
    tasks, lines = written_about(user, subject)
    notes = [(line, NOTE.available_steps(user, line_note(line))) for line in lines]
    context = {
        "tasks": tasks,
        "notes": notes[:SHOWN_NOTES],
        "older": notes[SHOWN_NOTES:],
        "form": TeamNoteForm(initial={"subject": subject_text(subject)}, auto_id="note-%s"),
        "is_about_person": is_person_page(subject),
    }
    return Widget("tasks/about.html", context)


@receiver(standing_ended)
def release_tasks(sender: Any, *, person: Any, by: Any, **_: Any) -> None:
    """Give to the team the tasks of somebody who works here no more, and remove their pins."""
    actions.release_tasks(person, by=by)
    actions.remove_pins_without_role(person)


open_area(r"/bureau/notes/", TEAM_ROLES)
open_area(r"/bureau/epingles/", DESK_READERS)
open_area(r"/bureau/taches/(liste/|export|choisies/|\d)", TEAM_ROLES | {Role.FACILITATOR})
add_desk_line(MenuHeading.TODAY, _("À faire"), "tasks:home", can_use_tasks, order=2)
add_desk_line(
    MenuHeading.TODAY, _("Actions à suivre"), "tasks:list", reads_decided_alone, order=34, tab_of="tasks:home"
)
add_to_do("desk", desk_lines)
add_command(_("Noter une tâche"), "tasks:home", can_use_tasks, _("rappeler à faire rappel"))
add_calendar_source(CalendarKind.TASK, tasks_in_calendar)
add_calendar_act(CalendarAct(_("Noter une tâche"), task_url, can_use_tasks, order=30))
add_search_source(Tasks)
add_list(TASKS)
add_widget("dossier", tasks_and_notes)
add_open_dossiers(OpenDossiers("tasks", _("tâches"), count_tasks, actions.reassign_tasks))
at_erasure("tasks.texts", actions.erase_about)
retention("tasks.tasks", _("Tâches closes sur une personne"), find=ended_tasks, apply=actions.end_row)
retention("tasks.notes", _("Notes sur une personne"), find=ended_notes, apply=actions.end_row)
retention("tasks.pins", _("Épingles de la page d’une personne"), find=ended_pins, apply=delete_row)
add_audit_events(
    {
        "task.noted": _("a noté une tâche"),
        "task.changed": _("a modifié une tâche"),
        "note.written": _("a écrit une note"),
    }
)
