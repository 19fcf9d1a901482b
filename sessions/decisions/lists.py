"""List of the action items of a term."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, ngettext, ngettext_lazy

from assembly.dossiers.pages import bulk_step, step_applies
from assembly.identity.models import User
from assembly.institution.models import TEAM_ROLES, Term
from assembly.institution.rules import has_role
from assembly.lists import Column, Empty, List, acts_cell, any_word_in, small, stacked
from assembly.lists.filters import FilterForm, by_closing
from assembly.lists.selection import BulkAct, Selection
from assembly.text.french import in_days
from assembly.web.templatetags.ui import state
from assembly.web.values import NOTHING
from sessions.decisions import actions
from sessions.decisions.forms import DueForm, WithdrawalForm
from sessions.decisions.queries import actions_of_terms
from sessions.decisions.workflow import ACTION
from sessions.minutes.rules import can_see_actions
from sessions.models import ActionItem, ActionState


def action_due_cell(action: ActionItem) -> Any:
    return stacked(action.due_on, small(in_days(action.due_on))) if action.due_on else NOTHING


def outcome_cell(action: ActionItem) -> Any:
    """Return how a closed action ended."""
    if action.is_open:
        return NOTHING
    badge = state("done" if action.state == ActionState.DONE else "refused", action.get_state_display())
    return stacked(badge, small(action.outcome) if action.outcome else "")


def action_acts_cell(action: ActionItem) -> Any:
    """Return how a closed action ended, and the acts on it."""
    open_acts = [("finish", _("Faite")), ("drop", _("Abandonner")), ("change", _("Modifier"))]
    acts = open_acts if action.is_open else [("reopen", _("Rouvrir"))]
    links = acts_cell(
        action.text, ((reverse(f"sittings:action-{name}", args=[action.pk]), label) for name, label in acts)
    )
    return links if action.is_open else stacked(outcome_cell(action), links)


def is_in_a_team(user: Any, term: Term) -> bool:
    """Return whether the user is in the team of some term: the list has the actions of all of them."""
    return has_role(user, TEAM_ROLES)


def check_open_action(user: User, action: ActionItem) -> None:
    ACTION.check(user, action, "finish")


def set_due_day(action: ActionItem, by: User, due_on: date) -> None:
    """Change the day of an action, and nothing else."""
    fields = {name: getattr(action, name) for name in ("text", "owner", "owner_text")}
    actions.change_action(action, by=by, due_on=due_on, **fields)


ACTION_SELECTION: Selection[ActionItem] = Selection(
    "sittings:actions-chosen",
    lambda n: ngettext("%(n)s action choisie", "%(n)s actions choisies", n) % {"n": n},
    {
        "faites": bulk_step(
            ACTION,
            "finish",
            _("Noter comme fait"),
            lambda n: ngettext("%(n)s action est faite.", "%(n)s actions sont faites.", n) % {"n": n},
        ),
        "date": BulkAct(
            _("Changer la date"),
            action=lambda action, user, data: set_due_day(action, user, data["due_on"]),
            success_message=lambda n: ngettext("%(n)s date est changée.", "%(n)s dates sont changées.", n) % {"n": n},
            check=check_open_action,
            applies=step_applies(ACTION, "finish"),
            form=DueForm,
        ),
        "abandonnees": bulk_step(
            ACTION,
            "drop",
            _("Abandonner"),
            lambda n: ngettext("%(n)s action est abandonnée.", "%(n)s actions sont abandonnées.", n) % {"n": n},
            WithdrawalForm,
        ),
    },
)


def acts_on_open_actions(user: Any, term: Term, form: FilterForm) -> dict[str, Any]:
    return {"selection": ACTION_SELECTION} if "etat" not in form.used and is_in_a_team(user, term) else {}


FOLLOWED = Column(_("État"), "get_state_display", key="suite", short_label=_("Suite"))
ACTIONS = List(
    _("Actions à suivre"),
    [
        Column(_("Quoi"), "text", key="quoi", order=["text__alphabetical"]),
        Column(_("Qui"), "owner_name", key="qui"),
        Column(_("Pour le"), "due_on", key="date", order=["due_on"], cell=action_due_cell),
        Column(_("Décidée à"), "sitting.reference", key="seance", order=["sitting__reference__alphabetical"]),
        replace(FOLLOWED, cell=outcome_cell, can_see=lambda user, term: not is_in_a_team(user, term)),
        replace(FOLLOWED, cell=action_acts_cell, can_see=is_in_a_team),
        Column(_("Close le"), "closed_at"),
        Column(_("Suite donnée"), "outcome"),
    ],
    default="urgence",
    # The open ones by their day; the closed ones, which have a moment of closing, the last closed first.
    orders={"urgence": ["-closed_at", "due_on"]},
    key="actions",
    route="sittings:actions",
    export="sittings:actions-export",
    can_open=lambda user, term: can_see_actions(user),
    rows=lambda user, term: actions_of_terms(user),
    counted=ngettext_lazy("%(n)s action", "%(n)s actions", "n"),
    lead=_("Ce que les séances ont décidé de faire, et qui s’en charge."),
    filters=[by_closing(_("Ouvertes"), lambda: Q(state=ActionState.OPEN))],
    search=any_word_in("text", "owner_text", "owner__first_name", "owner__last_name"),
    search_label=_("Chercher une action ou une personne"),
    more=acts_on_open_actions,
    empty=Empty(_("Aucune action"), _("Les actions se notent dans le compte rendu d’une séance.")),
    by_term=False,
)
