"""Actions to follow: added while writing, then kept until they are done or dropped."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.rules import has_role
from assembly.ui.pagination import keyset_page
from sessions.actions import action_items as actions
from sessions.forms.decisions import ActionForm, OutcomeForm
from sessions.models import ActionItem
from sessions.queries.action_items import actions_of_terms
from sessions.queries.minutes import minutes_of
from sessions.rules import ballots as rules
from sessions.views.decisions import desk_item, page_of_item, shown, tried


@require_safe
def action_list(request: UserRequest) -> HttpResponse:
    """Open actions of the reader's terms, the most pressing first; closed ones on demand."""
    if not has_role(request.user, TEAM_ROLES | {Role.FACILITATOR}):
        raise PermissionDenied
    which = "closes" if request.GET.get("etat") == "closes" else "ouvertes"
    rows = actions_of_terms(request.user, closed=which == "closes")
    ordering = ("-closed_at", "pk") if which == "closes" else ("due_on", "pk")
    context = {
        "page": keyset_page(rows.for_screen(), request, ordering=ordering),
        "count": rows.count(),
        "which": which,
        "may_close": has_role(request.user, TEAM_ROLES),
    }
    return render(request, "sessions/action_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: UserRequest, pk: int) -> HttpResponse:
    """A new action under an item of the agenda."""
    item = desk_item(request, pk)
    if not rules.can_record(request.user, item.sitting, minutes_of(item.sitting)):
        raise PermissionDenied
    form = ActionForm(request.POST or None, sitting=item.sitting)
    if form.is_valid() and tried(
        form, lambda: actions.add(item.sitting, item=item, by=request.user, **form.cleaned_data)
    ):
        messages.success(request, _("L’action est notée. Elle reviendra à l’ordre du jour tant qu’elle est ouverte."))
        return redirect(page_of_item(item))
    return shown(request, form, title=_("Ajouter une action à suivre"), label=_("Noter l’action"), item=item)


def desk_action(request: UserRequest, pk: int) -> ActionItem:
    rows = ActionItem.objects.visible_to(request.user).select_related("sitting__term", "agenda_item", "owner")
    action = get_object_or_404(rows, pk=pk)
    if not rules.can_follow(request.user, action):
        raise PermissionDenied
    return action


@require_http_methods(["GET", "HEAD", "POST"])
def action_change(request: UserRequest, pk: int) -> HttpResponse:
    action = desk_action(request, pk)
    form = ActionForm(request.POST or None, sitting=action.sitting, initial=ActionForm.initial_for(action))
    if form.is_valid() and tried(form, lambda: actions.change(action, by=request.user, **form.cleaned_data)):
        messages.success(request, _("L’action est modifiée."))
        return redirect("sittings:actions")
    return form_page(request, action, form, title=_("Modifier l’action"), label=_("Enregistrer"))


def form_page(request: UserRequest, action: ActionItem, form: Any, *, title: str, label: str) -> HttpResponse:
    context = {"form": form, "action": action, "title": title, "label": label}
    return render(request, "sessions/action_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def action_finish(request: UserRequest, pk: int) -> HttpResponse:
    action = desk_action(request, pk)
    form = OutcomeForm(request.POST or None)
    if form.is_valid() and tried(
        form, lambda: actions.finish(action, by=request.user, outcome=form.cleaned_data["outcome"])
    ):
        messages.success(request, _("L’action est faite."))
        return redirect("sittings:actions")
    return form_page(request, action, form, title=_("L’action est-elle faite ?"), label=_("Noter comme faite"))


@require_http_methods(["GET", "HEAD", "POST"])
def action_drop(request: UserRequest, pk: int) -> HttpResponse:
    action = desk_action(request, pk)
    form = OutcomeForm(request.POST or None)
    if form.is_valid() and tried(
        form, lambda: actions.drop(action, by=request.user, outcome=form.cleaned_data["outcome"])
    ):
        messages.success(request, _("L’action est abandonnée."))
        return redirect("sittings:actions")
    return form_page(request, action, form, title=_("Abandonner l’action ?"), label=_("Abandonner"))


@require_POST
def action_reopen(request: UserRequest, pk: int) -> HttpResponse:
    actions.reopen(desk_action(request, pk), by=request.user)
    messages.success(request, _("L’action est rouverte."))
    return redirect("sittings:actions")
