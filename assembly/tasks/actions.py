"""Actions on tasks (noting one, changing it, handing it over, putting it off), notes and pins, and their end."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from assembly.audit.actions import erase_details, record
from assembly.audit.models import Entry
from assembly.identity.models import Person, User
from assembly.institution.models import RoleAssignment, Term
from assembly.search import actions as search
from assembly.tasks.forms import NOBODY
from assembly.tasks.models import MOST_PINS, PageMixin, Pin, Task, TaskState, TeamNote
from assembly.tasks.queries import PageReference, object_of, pin_of
from assembly.tasks.rules import can_use_tasks, roles_for_tasks
from assembly.tasks.workflow import NOTE, TASK
from assembly.text.printable import check_text
from assembly.web.versioned import Versioned
from assembly.workflow import StateConflict, lock, share

SAVES = Versioned()


@transaction.atomic
def add_task(term: int, text: str, due_on: date | None, page: PageReference, *, by: User) -> Task:
    """Note something to do, for oneself, about a page."""
    if not can_use_tasks(by, term):
        raise PermissionDenied
    task = Task.objects.create(
        term_id=term, text=text, due_on=due_on, owner_id=by.person_id, created_by=by, **page.columns
    )
    record("task.noted", task, by=by, dossier=page.subject, due_on=due_on)
    return task


@transaction.atomic
def decide_task(
    term: int,
    text: str,
    page: PageReference,
    *,
    owner: Person | None = None,
    owner_text: str = "",
    due_on: date | None = None,
    by: User,
) -> Task:
    """Note what a sitting decided to do; the app of the sitting ties it to its item and writes the journal."""
    if not can_use_tasks(by, term):
        raise PermissionDenied
    if owner is None and not owner_text.strip():
        raise ValidationError(NOBODY, code="owner_text")
    values = {"text": check_text(text.strip()), "owner": owner, "owner_text": check_text(owner_text.strip())}
    return Task.objects.create(term_id=term, is_decided=True, due_on=due_on, created_by=by, **values, **page.columns)


@transaction.atomic
def change_task(task: Task, values: Mapping[str, Any], *, version: int, by: User) -> None:
    """Correct an open task, if nobody has saved it since `version` (else EditConflict).

    The days of a task that repeats are counted from its day again where that or the repeat changes.
    """
    if not can_use_tasks(by, task.term_id):
        raise PermissionDenied
    if not lock(task).is_open:
        raise StateConflict(task, "change")
    former, counted, repeat = task.text, (task.repeat, task.due_on), values.get("repeat", "")
    starts_on = task.starts_on if counted == (repeat, values["due_on"]) else values["due_on"]
    if values["owner"] and values["owner"].pk != task.owner_id and not task.is_decided:
        check_colleague(task, values["owner"])
    SAVES.save(task, {**values, "starts_on": starts_on if repeat else None}, version=version)
    record("task.changed", task, by=by, dossier=object_of(task), detail=former if former != task.text else "")


def check_colleague(task: Task, person: Person) -> None:
    """Raise ValidationError for a person who works on the term no more; their roles stay until the commit."""
    if share(roles_for_tasks(task.term_id).filter(user__person=person)) is None:
        raise ValidationError(_("Cette personne ne travaille plus ici : choisissez-en une autre."), code="owner")


@TASK.action("hand_over")
@transaction.atomic
def hand_over(task: Task, *, owner: Person | None, by: User) -> None:
    """Give a task to a colleague or, without one, to the team; what a sitting decided is always somebody’s."""
    step = TASK.require(task, "hand_over", by=by)
    if owner:
        check_colleague(task, owner)
    elif task.is_decided:
        raise ValidationError(NOBODY, code="owner")
    TASK.take(task, step, by=by, facts={"owner": owner and owner.pk}, owner=owner, owner_text="")


@TASK.action("put_off")
@transaction.atomic
def put_off(task: Task, *, due_on: date, by: User) -> None:
    """Give another day to one task; those that follow it keep theirs."""
    TASK.transition(task, "put_off", by=by, facts={"due_on": due_on}, due_on=due_on)


def release_tasks(person: Person, *, by: User | None) -> None:
    """Give to the team the open tasks of a person in the terms where they work no more.

    What a sitting decided stays with whom it named.
    """
    for task in Task.objects.filter(owner=person, is_decided=False, state=TaskState.OPEN).order_by("pk"):
        if not roles_for_tasks(task.term_id).filter(user__person=person).exists():
            TASK.follow(task, "release", by=by)


def reassign_tasks(user: User, to: User, term: Term, by: User) -> int:
    """Pass the open tasks of a colleague who hands over their dossiers; return how many."""
    tasks = list(Task.objects.filter(owner=user.person_id, term=term, state=TaskState.OPEN).order_by("pk"))
    for task in tasks:
        hand_over(task, owner=to.person, by=by)
    return len(tasks)


@transaction.atomic
def add_note(term: int, text: str, page: PageReference, *, by: User) -> TeamNote:
    """Write a note about the object of a page."""
    if not can_use_tasks(by, term) or page.subject is None:
        raise PermissionDenied
    note = TeamNote.objects.create(term_id=term, text=text, author=by, **page.columns)
    record("note.written", note, by=by, dossier=page.subject)
    return note


@NOTE.action("correct")
@transaction.atomic
def correct_note(note: TeamNote, *, text: str, version: int, by: User) -> None:
    """Correct a fresh note; its former text goes to the journal, until the note is erased."""
    step = NOTE.require(note, "correct", by=by)
    former = note.text
    SAVES.save(note, {"text": text}, version=version)
    NOTE.take(note, step, by=by, reason=former)


@NOTE.action("erase")
@transaction.atomic
def erase_note(note: TeamNote, *, by: User) -> None:
    """Erase the text of a note, its former texts too."""
    NOTE.transition(note, "erase", by=by)
    erase_texts([note], by=by)


@transaction.atomic
def pin_page(term: int, page: PageReference, *, by: User) -> Pin:
    """Pin a page to the menu of its reader; return the pin that is there already.

    Raise ValidationError (code "full") where five are pinned.
    """
    user = lock(by)
    pins = list(Pin.objects.filter(user=user))
    if pin := pin_of(pins, page.subject, page.path):
        return pin
    if len(pins) >= MOST_PINS:
        raise ValidationError(_("Cinq pages sont déjà épinglées : retirez-en une d’abord."), code="full")
    place = min(set(range(1, MOST_PINS + 1)) - {pin.place for pin in pins})
    User.objects.filter(pk=user.pk).update(has_pins=True)
    return Pin.objects.create(term_id=term, user=user, place=place, **page.columns)


@transaction.atomic
def remove_pin(pin: Pin) -> None:
    """Remove a page from the menu of its reader."""
    user = lock(pin.user)
    pin.delete()
    User.objects.filter(pk=user.pk).update(has_pins=Pin.objects.filter(user=user).exists())


def remove_pins_without_role(person: Person) -> None:
    """Remove the pins of a person in the terms where they have no role any more."""
    terms = set(RoleAssignment.objects.filter(user__person=person, ended_at=None).values_list("term", flat=True))
    if None not in terms:  # a role without term is one in every term
        Pin.objects.filter(user__person=person).exclude(term__in=terms).delete()


def erase_texts(rows: Iterable[PageMixin], *, by: User | None) -> None:
    """Erase what people typed about these tasks and notes from the journal."""
    for row in rows:
        entries = Entry.objects.filter(subject_type=row._meta.label, subject_id=str(row.pk), detail__erased_at=None)
        erase_details(entries.exclude(detail=None).values_list("pk", flat=True), by=by)


def erase_about(person: Person, by: User | None) -> None:
    """Erase the journal of what will be deleted with a person, the pins of their page, and their written name."""
    Task.objects.filter(owner=person).update(owner_text="")
    Pin.objects.filter(about=person).delete()
    for model in (Task, TeamNote):
        erase_texts(model.objects.filter(about=person), by=by)


@transaction.atomic
def end_row(row: PageMixin) -> None:
    """Delete a task or a note whose retention period is over, with its texts in the journal."""
    erase_texts([row], by=None)
    key = row.pk
    row.delete()
    if isinstance(row, Task):
        search.reindex("task", key)
