"""Views of actions to follow: added while writing, then listed until they are done or dropped."""

from datetime import date

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.dossiers.bulk_steps import bulk_step
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.rules import has_role, is_team
from assembly.lists.selection import BulkAct, Selection
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.pagination import keyset_page
from sessions.actions import action_items as actions
from sessions.forms.decisions import ActionForm, DueForm, WithdrawalForm
from sessions.models import ActionItem
from sessions.queries.action_items import actions_of_terms
from sessions.rules.minutes import can_see_actions
from sessions.views.decisions import check_open, desk_item, item_form_page
from sessions.workflows.action_items import ACTION


@require_safe
def action_list(request: UserRequest) -> HttpResponse:
    """List the open actions of the reader's terms, the most urgent first, or the closed ones on demand."""
    if not can_see_actions(request.user):
        raise PermissionDenied
    which = "closes" if request.GET.get("etat") == "closes" else "ouvertes"
    rows = actions_of_terms(request.user, closed=which == "closes")
    ordering = ("-closed_at", "pk") if which == "closes" else ("due_on", "pk")
    context = {
        "page": keyset_page(rows.for_screen(), request, ordering=ordering),
        "count": rows.count(),
        "which": which,
        "may_close": has_role(request.user, TEAM_ROLES),
        "selection": SELECTION,
        "ticks": which == "ouvertes" and has_role(request.user, TEAM_ROLES),
    }
    return render(request, "sessions/action_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add an action under an item of the agenda."""
    item = desk_item(request, pk)
    check_open(request.user, item.sitting)
    return item_form_page(
        request,
        item,
        ActionForm(posted(request), sitting=item.sitting),
        lambda data: actions.add(item.sitting, item=item, by=request.user, **data),
        title=_("Ajouter une action à suivre"),
        label=_("Noter l’action"),
        success_message=_("L’action est notée. Elle reviendra à l’ordre du jour tant qu’elle est ouverte."),
    )


def desk_action(request: UserRequest, pk: int) -> ActionItem:
    rows = ActionItem.objects.visible_to(request.user).select_related("sitting__term", "agenda_item", "owner")
    action = get_object_or_404(rows, pk=pk)
    if not is_team(request.user, action.sitting.term_id):
        raise PermissionDenied
    return action


@require_http_methods(["GET", "HEAD", "POST"])
def action_change(request: UserRequest, pk: int) -> HttpResponse:
    action = desk_action(request, pk)
    return form_page(
        request,
        ActionForm(posted(request), sitting=action.sitting, initial=ActionForm.initial_for(action)),
        lambda data: actions.change(action, by=request.user, **data),
        template="sessions/action_form.html",
        context={"action": action},
        success_message=_("L’action est modifiée."),
        to=reverse("sittings:actions"),
    )


STEPS: StepPages[ActionItem] = StepPages(
    ACTION,
    fetch=desk_action,
    back=lambda request, action: reverse("sittings:actions"),
)


def check_open_action(user: User, action: ActionItem) -> None:
    ACTION.check(user, action, "finish")


def set_due_day(action: ActionItem, by: User, due_on: date) -> None:
    """Change the day of an action, and nothing else."""
    fields = {name: getattr(action, name) for name in ("text", "owner", "owner_text")}
    actions.change(action, by=by, due_on=due_on, **fields)


SELECTION: Selection[ActionItem] = Selection(
    "sittings:actions-chosen",
    lambda n: ngettext("%(n)s action choisie", "%(n)s actions choisies", n) % {"n": n},
    {
        "faites": bulk_step(
            ACTION,
            "finish",
            gettext_lazy("Noter comme fait"),
            lambda n: ngettext("%(n)s action est faite.", "%(n)s actions sont faites.", n) % {"n": n},
        ),
        "date": BulkAct(
            gettext_lazy("Changer la date"),
            action=lambda action, user, data: set_due_day(action, user, data["due_on"]),
            success_message=lambda n: ngettext("%(n)s date est changée.", "%(n)s dates sont changées.", n) % {"n": n},
            check=check_open_action,
            form=DueForm,
        ),
        "abandonnees": bulk_step(
            ACTION,
            "drop",
            gettext_lazy("Abandonner"),
            lambda n: ngettext("%(n)s action est abandonnée.", "%(n)s actions sont abandonnées.", n) % {"n": n},
            WithdrawalForm,
        ),
    },
)


@require_http_methods(["GET", "HEAD", "POST"])
def actions_chosen(request: UserRequest) -> HttpResponse:
    """Apply one step to several actions; the right and the state of each one are checked."""
    if not has_role(request.user, TEAM_ROLES):
        raise PermissionDenied
    rows = ActionItem.objects.visible_to(request.user).select_related("sitting__term", "owner")
    return SELECTION.answer(request, rows, back=reverse("sittings:actions"))
