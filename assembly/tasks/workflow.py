"""State tables of tasks and notes; the README has the same."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution.rules import is_lead
from assembly.tasks.forms import CorrectNoteForm, GiveUpForm, OutcomeForm, OwnerForm, PutOffForm
from assembly.tasks.models import NoteState as N, Task, TaskState as S, TeamNote
from assembly.tasks.queries import object_of
from assembly.tasks.rules import can_use_tasks, is_fresh, roles_for_tasks
from assembly.workflow import Permission, Step, Transition, Workflow

COLLEAGUES: Permission[Task] = Permission(lambda user, task: can_use_tasks(user, task.term_id), _("équipe"))
INHERITED = (
    *("term_id", "object_type", "object_id", "path", "page_title", "about_id"),
    *("text", "repeat", "starts_on", "note"),
)


def present_owner(task: Task) -> dict[str, Any]:
    """Return the owner of a task that is open again; the team where that person works here no more.

    What a sitting decided stays with whom it named.
    """
    if task.is_decided:
        return {}
    is_here = roles_for_tasks(task.term_id).filter(user__person=task.owner_id).exists()
    return {"owner_id": task.owner_id if is_here else None}


def reopened(task: Task, taken: Transition) -> dict[str, Any]:
    return {"closed_at": None, "closed_by": None, "outcome": "", **present_owner(task)}


def make_next(task: Task, taken: Transition) -> None:
    """Make the next task of one that repeats, unless it was made before the task was reopened."""
    if task.repeat and not Task.objects.filter(follows=task).exclude(state=S.DROPPED).exists():
        columns = {name: getattr(task, name) for name in INHERITED} | present_owner(task)
        due_on = task.next_day(timezone.localdate())
        Task.objects.create(follows=task, due_on=due_on, created_by=taken.by, **columns)


def drop_next(task: Task, taken: Transition) -> None:
    """Drop the task that the end of this one made, if nobody has done it yet."""
    for following in Task.objects.filter(follows=task, state=S.OPEN):
        TASK.follow(following, "drop", by=taken.by)


def closed(task: Task, taken: Transition) -> dict[str, Any]:
    return {"closed_at": timezone.now(), "closed_by": taken.by, "outcome": taken.reason}


DROP: Step[Task] = Step(
    "drop",
    {S.OPEN},
    S.DROPPED,
    COLLEAGUES,
    event_type="dropped",
    history_text=_("a abandonné une tâche"),
    when=lambda task: not task.is_decided,
    changes=closed,
    slug="abandonner",
    label=_("Abandonner"),
    success_message=_("La tâche est abandonnée."),
    offered=lambda user, task: not task.is_decided,
    undo="reopen",
)
# What a sitting decided is given up with a reason, which its facilitators read.
GIVE_UP: Step[Task] = replace(
    DROP,
    when=lambda task: task.is_decided,
    needs_reason=True,
    slug="renoncer",
    form=GiveUpForm,
    offered=lambda user, task: task.is_decided,
    undo="",
)

TASK: Workflow[Task] = Workflow(
    [
        Step(
            "finish",
            {S.OPEN},
            S.DONE,
            COLLEAGUES,
            history_text=_("a noté une tâche comme faite"),
            changes=closed,
            then=make_next,
            slug="faite",
            label=_("Fait"),
            success_message=_("La tâche est faite."),
            undo="reopen",
            primary=True,
        ),
        Step(
            "take",
            {S.OPEN},
            by=COLLEAGUES,
            event_type="taken",
            history_text=_("a pris une tâche"),
            when=lambda task: task.is_free,
            changes=lambda task, taken: {"owner": taken.by.person},
            slug="prendre",
            label=_("Prendre"),
            success_message=_("La tâche est à vous."),
        ),
        Step(
            "hand_over",
            {S.OPEN},
            by=COLLEAGUES,
            event_type="handed_over",
            history_text=_("a passé une tâche"),
            slug="passer",
            label=_("Passer"),
            form=OwnerForm,
            success_message=lambda task: _("La tâche est passée à : %(who)s.") % {"who": task.owner_name},
        ),
        Step(
            "put_off",
            {S.OPEN},
            by=COLLEAGUES,
            event_type="put_off",
            history_text=_("a reporté une tâche"),
            slug="reporter",
            label=_("Reporter"),
            form=PutOffForm,
            success_message=_("La tâche est reportée."),
        ),
        DROP,
        GIVE_UP,
        Step(
            "note_outcome",
            {S.DONE, S.DROPPED},
            by=COLLEAGUES,
            event_type="outcome_noted",
            history_text=_("a noté la suite donnée à une tâche"),
            slug="suite",
            label=_("Noter la suite donnée"),
            form=OutcomeForm,
            success_message=_("La suite donnée est notée."),
        ),
        Step(
            "reopen",
            {S.DONE, S.DROPPED},
            S.OPEN,
            COLLEAGUES,
            history_text=_("a rouvert une tâche"),
            changes=reopened,
            then=drop_next,
            slug="rouvrir",
            label=_("Rouvrir"),
            success_message=_("La tâche est de nouveau à faire."),
        ),
        Step(
            "release",
            {S.OPEN},
            history_text=_("a rendu une tâche à l’équipe : la personne n’y travaille plus"),
            when=lambda task: task.owner_id is not None and not task.is_decided,
            changes=lambda task, taken: {"owner": None},
        ),
    ],
    dossier=object_of,
    noun="task",
    noun_with_article=_("la tâche"),
)

AUTHOR: Permission[TeamNote] = Permission(
    lambda user, note: user.pk == note.author_id and can_use_tasks(user, note.term_id), _("qui l’a écrite")
)
LEAD: Permission[TeamNote] = Permission(lambda user, note: is_lead(user, note.term_id), _("responsable"))

NOTE: Workflow[TeamNote] = Workflow(
    [
        Step(
            "correct",
            {N.WRITTEN},
            by=AUTHOR,
            history_text=_("a corrigé une note"),
            when=is_fresh,
            slug="corriger",
            label=_("Corriger"),
            form=CorrectNoteForm,
            success_message=_("La note est corrigée."),
        ),
        Step(
            "erase",
            {N.WRITTEN},
            N.ERASED,
            AUTHOR | LEAD,
            history_text=_("a effacé une note"),
            changes=lambda note, taken: {"text": ""},
            slug="effacer",
            label=_("Effacer"),
            consequences=(_("Son texte n’est plus lisible par personne. L’historique garde qui l’a effacée."),),
            danger=True,
        ),
    ],
    dossier=object_of,
    noun="note",
    noun_with_article=_("la note"),
)
