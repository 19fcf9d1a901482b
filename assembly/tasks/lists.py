"""List of all tasks of a term; facilitators read in it what sittings decided."""

from typing import Any

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from assembly.dossiers.pages import bulk_step, step_applies, step_check
from assembly.institution.models import Term
from assembly.lists import Column, Empty, List, PageLink, any_word_in, small, stacked
from assembly.lists.filters import Filter, FilterForm, by_closing, by_conditions, by_due
from assembly.lists.selection import BulkAct, Selection
from assembly.tasks import actions
from assembly.tasks.forms import DropForm, DueDayForm
from assembly.tasks.models import Task, TaskState
from assembly.tasks.queries import readable_tasks
from assembly.tasks.rules import can_read_tasks, can_use_tasks, colleagues, reads_decided_alone
from assembly.tasks.workflow import TASK
from assembly.web.templatetags.ui import state
from assembly.web.values import NOTHING, due_cell


def page_cell(task: Task) -> Any:
    """Return the link to the page that a task is about."""
    return format_html('<a href="{}">{}</a>', task.path, task.page_title or _("la page")) if task.path else NOTHING


def day_cell(task: Task) -> Any:
    """Return the day, with what it means while the task is open."""
    return due_cell(task.due_on) if task.is_open else task.due_on or NOTHING


def state_cell(task: Task) -> Any:
    badge = state(task.badge, task.get_state_display())
    return stacked(badge, small(task.outcome)) if task.outcome else badge


def owners(term: Term) -> list[tuple[Any, Any]]:
    """Return the team, then its people, as choices."""
    return [("equipe", _("L’équipe")), *((person.pk, person.full_name) for person in colleagues(term))]


def owned_by(value: str) -> Q:
    return Q(owner=None, owner_text="") if value == "equipe" else Q(owner=value)


def lead_of(user: Any, term: Term) -> Any:
    decided = _("Ce que les séances ont décidé de faire, et qui s’en charge.")
    return decided if reads_decided_alone(user, term) else term.name


SELECTION: Selection[Task] = Selection(
    "tasks:chosen",
    lambda n: ngettext("%(n)s tâche choisie", "%(n)s tâches choisies", n) % {"n": n},
    {
        "faites": bulk_step(
            TASK,
            "finish",
            _("Noter comme fait"),
            lambda n: ngettext("%(n)s tâche est faite.", "%(n)s tâches sont faites.", n) % {"n": n},
        ),
        "abandonnees": bulk_step(
            TASK,
            "drop",
            _("Abandonner"),
            lambda n: ngettext("%(n)s tâche est abandonnée.", "%(n)s tâches sont abandonnées.", n) % {"n": n},
            DropForm,
        ),
        "date": BulkAct(
            _("Changer la date"),
            action=lambda task, user, data: actions.put_off(task, due_on=data["due_on"], by=user),
            success_message=lambda n: ngettext("%(n)s date est changée.", "%(n)s dates sont changées.", n) % {"n": n},
            check=step_check(TASK, "put_off"),
            applies=step_applies(TASK, "put_off"),
            form=DueDayForm,
        ),
    },
)


def acts_on_open_tasks(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    return {"selection": SELECTION} if "etat" not in form.used and can_use_tasks(user, term) else {}


ORIGINS = {
    "seance": (_("Décidées en séance"), lambda: Q(is_decided=True)),
    "equipe": (_("Notées par l’équipe"), lambda: Q(is_decided=False)),
}
TASKS = List(
    _("Toutes les tâches"),
    [
        Column(_("À faire"), "text", key="quoi", order=["text__alphabetical"], is_header=True),
        Column(_("Sur"), "page_title", key="sur", order=["page_title__alphabetical"], cell=page_cell),
        Column(_("Qui"), "owner_name", key="qui", order=["owner__sort_name"]),
        Column(_("Pour le"), "due_on", key="date", order=["due_on"], cell=day_cell),
        Column(_("Se répète"), "get_repeat_display", key="repete", order=["repeat"]),
        Column(_("État"), "get_state_display", key="etat", order=["state"], cell=state_cell),
        Column(_("Précisions"), "note"),
        Column(_("Suite donnée"), "outcome"),
        Column(_("Notée le"), "created_at"),
        Column(_("Close le"), "closed_at"),
    ],
    default="urgence",
    orders={"urgence": ["-closed_at", "due_on"]},  # the open ones by their day, then the last closed first
    key="tasks",
    route="tasks:list",
    export="tasks:export",
    row_route="tasks:task",
    parent=PageLink(_("À faire"), "tasks:home", can_use_tasks),
    can_open=can_read_tasks,
    rows=lambda user, term: readable_tasks(user).filter(term=term).select_related("owner"),
    counted=ngettext_lazy("%(n)s tâche", "%(n)s tâches", "n"),
    filters=[
        by_closing(_("Ouvertes"), lambda: Q(state=TaskState.OPEN)),
        by_conditions("origine", _("Origine"), ORIGINS, every=_("Toutes"), can_see=can_use_tasks),
        Filter("qui", _("Qui"), choices=owners, every=_("Tout le monde"), where=owned_by, can_see=can_use_tasks),
        by_due(TaskState.tagged("closed")),
    ],
    search=any_word_in("text", "note", "page_title", "owner_text", "owner__sort_name"),
    search_label=_("Chercher une tâche"),
    lead=lead_of,
    more=acts_on_open_tasks,
    empty=Empty(
        _("Aucune tâche"),
        _("Une tâche se note en une ligne, à gauche de chaque page, ou sous un point du compte rendu d’une séance."),
    ),
)
