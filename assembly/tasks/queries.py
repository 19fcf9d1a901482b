"""Tasks and pins as a reader sees them, and what the page is about on which one is noted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import DateField, Model, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.registry import named_subjects
from assembly.identity.personal_data import months_later
from assembly.institution.menu import line_of
from assembly.institution.models import Term
from assembly.institution.queries import terms_past
from assembly.search.registry import sources
from assembly.tasks.models import NoteState, PageMixin, Pin, Task, TaskState, TeamNote
from assembly.tasks.registry import person_key_of
from assembly.tasks.rules import facilitated_terms, task_terms
from assembly.web.forms import whole_number

LONGEST_PATH, LONGEST_TITLE = 300, 200
OWN_PAGES = "/bureau/taches/"
RETENTION = "tasks_retention_months"


@dataclass(frozen=True)
class PageReference:
    """The page about which something is noted: the columns of `PageMixin`, and its object if it has one."""

    path: str = ""
    page_title: str = ""
    subject: Model | None = None

    @property
    def columns(self) -> dict[str, Any]:
        key = (self.subject._meta.label, str(self.subject.pk)) if self.subject else ("", "")
        return {
            "object_type": key[0],
            "object_id": key[1],
            "path": self.path,
            "page_title": self.page_title,
            "about_id": person_key_of(self.subject) if self.subject else None,
        }


def page_reference(reader: Any, subject: str, path: str) -> PageReference:
    """Return the page of an object ("app.Model:key") that this reader sees, else that at the address."""
    label, _colon, pk = subject.partition(":")
    path = noted_path(path)
    if title := title_of_object(reader, label, pk):
        return PageReference(path, title[:LONGEST_TITLE], apps.get_model(label)._base_manager.get(pk=pk))
    line = line_of(path) if path else None
    return PageReference(path, str(line.label) if line else "")


def noted_path(path: str) -> str:
    """Return the address of a page of the desk; empty for that of tasks, for the first screen and for any other."""
    is_list_of_tasks = path.startswith(OWN_PAGES) or path.partition("?")[0] == "/bureau/"
    return "" if len(path) > LONGEST_PATH or not path.startswith("/bureau/") or is_list_of_tasks else path


def pins_of(user: Any) -> list[Pin]:
    """Return the pages that the reader has pinned, in their places; no statement where there are none."""
    return list(Pin.objects.filter(user=user)) if user.has_pins else []


def pin_of(pins: Iterable[Pin], subject: Model | None, path: str) -> Pin | None:
    """Return the pin of this page: that of its object, else that of its address."""
    if subject is None:
        return next((pin for pin in pins if not pin.object_type and pin.path == path), None)
    key = (subject._meta.label, str(subject.pk))
    return next((pin for pin in pins if (pin.object_type, pin.object_id) == key), None)


def title_of_object(reader: Any, label: str, pk: str) -> str:
    """Return the title of an object that this reader sees, also before it is in the index; empty for any other."""
    if whole_number(pk, otherwise=0) == 0:
        return ""
    for source in sources():
        for audience, rows in source.visible_to(reader).items() if source.model_label == label else ():
            if rows.filter(pk=pk).exists():
                entries = source.entries(source.objects().get(pk=pk))
                return next((entry.title for entry in entries if entry.audience == audience), "")
    name = named_subjects([(label, pk)], reader).get((label, pk))
    return name.title if name else ""


def object_of(row: PageMixin) -> Model | None:
    """Return the object of the page that a row is about, if it has one and still exists."""
    if not row.object_type:
        return None
    return apps.get_model(row.object_type)._base_manager.filter(pk=row.object_id).first()


def visible_tasks(user: Any) -> QuerySet[Task]:
    """Return the tasks of the terms in which the user works."""
    return Task.objects.filter(term__in=task_terms(user))


def readable_tasks(user: Any) -> QuerySet[Task]:
    """Return the same tasks, and those that a sitting decided in the terms that the user facilitates."""
    decided = Q(is_decided=True, term__in=facilitated_terms(user))
    return Task.objects.filter(decided | Q(term__in=task_terms(user)))


def tasks_of_team(user: Any, term: Term | int) -> QuerySet[Task]:
    """Return every open task of the term."""
    return Task.objects.filter(term=term, state=TaskState.OPEN)


def my_tasks(user: Any, term: Term | int) -> QuerySet[Task]:
    """Return the open tasks of the reader in the term."""
    return tasks_of_team(user, term).filter(owner=user.person_id)


def others_tasks(user: Any, term: Term | int) -> QuerySet[Task]:
    """Return the other open tasks of the term: those of somebody else, and of the team."""
    return tasks_of_team(user, term).filter(~Q(owner=user.person_id) | Q(owner=None))


def tasks_between(user: Any, term: Term, start: date, end: date) -> QuerySet[Task]:
    """Return the open tasks of the term that are due from the day `start` to the day `end`, for a reader of tasks."""
    return (
        visible_tasks(user).filter(term=term, state=TaskState.OPEN, due_on__range=(start, end)).select_related("owner")
    )


def visible_notes(user: Any) -> QuerySet[TeamNote]:
    """Return the notes of the terms in which the user works."""
    return TeamNote.objects.filter(term__in=task_terms(user))


@dataclass(frozen=True)
class WrittenLine:
    """Open task (whose, until when) or note (by whom, when) on the page of its object."""

    kind: str
    pk: int
    term_id: int
    text: str
    first_name: str
    last_name: str
    owner_text: str
    due_on: date | None
    written_at: datetime
    author_id: int | None

    @property
    def who(self) -> str:
        return self.owner_text or f"{self.first_name or ''} {self.last_name or ''}".strip() or str(_("l’équipe"))


def written_about(user: Any, subject: Model) -> tuple[list[WrittenLine], list[WrittenLine]]:
    """Return the open tasks about an object, those to do first before the others, and its notes, the newest first.

    One statement: every page of a dossier shows them.
    """
    key = {"object_type": subject._meta.label, "object_id": str(subject.pk)}
    tasks = visible_tasks(user).filter(**key, state=TaskState.OPEN).order_by()
    notes = visible_notes(user).filter(**key, state=NoteState.WRITTEN).order_by()
    rows = tasks.values_list(
        *(Value("task"), "pk", "term_id", "text", "owner__first_name", "owner__last_name"),
        *("owner_text", "due_on", "created_at", "created_by_id"),
    ).union(
        notes.values_list(
            *(Value("note"), "pk", "term_id", "text", "author__person__first_name", "author__person__last_name"),
            *(Value(""), Cast(Value(None), DateField()), "written_at", "author_id"),
        ),
        all=True,
    )
    lines = [WrittenLine(*row) for row in rows]
    open_tasks = sorted(
        (line for line in lines if line.kind == "task"), key=lambda line: (line.due_on or date.max, line.pk)
    )
    return open_tasks, sorted(
        (line for line in lines if line.kind == "note"), key=lambda line: (line.written_at, line.pk), reverse=True
    )


def ended_tasks(now: datetime) -> QuerySet[Task]:
    """Return the tasks about a person that were closed so many months ago, and all of terms that ended as long ago."""
    today = timezone.localdate(now)
    ended = Q(term__in=terms_past(now, RETENTION))
    for term, months in Term.objects.values_list("pk", RETENTION):
        ended |= Q(term=term, closed_at__date__lt=months_later(today, -months))
    return Task.objects.filter(ended).exclude(about=None)


def ended_pins(now: datetime) -> QuerySet[Pin]:
    """Return the pins of pages of a person in terms that ended so many months ago."""
    return Pin.objects.filter(term__in=terms_past(now, RETENTION)).exclude(about=None)


def ended_notes(now: datetime) -> QuerySet[TeamNote]:
    """Return the notes about a person in terms that ended so many months ago."""
    return TeamNote.objects.filter(term__in=terms_past(now, RETENTION)).exclude(about=None)
