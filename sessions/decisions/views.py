"""Views of actions to follow: added while writing, changed, then done or dropped, one or several."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.rules import has_role, is_team
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from sessions.decisions.actions import action_items as actions
from sessions.decisions.forms import ActionForm
from sessions.decisions.lists import ACTION_SELECTION, ACTIONS
from sessions.models import ActionItem
from sessions.views.decisions import check_open, desk_item, item_form_page
from sessions.workflows.action_items import ACTION


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
        template="sessions/decisions/action_form.html",
        context={"action": action},
        success_message=_("L’action est modifiée."),
        to=ACTIONS.url,
    )


STEPS: StepPages[ActionItem] = StepPages(
    ACTION,
    fetch=desk_action,
    back=lambda request, action: ACTIONS.url,
)


@require_http_methods(["GET", "HEAD", "POST"])
def actions_chosen(request: UserRequest) -> HttpResponse:
    """Apply one step to several actions; the right and the state of each one are checked."""
    if not has_role(request.user, TEAM_ROLES):
        raise PermissionDenied
    rows = ActionItem.objects.visible_to(request.user).select_related("sitting__term", "owner")
    return ACTION_SELECTION.answer(request, rows, back=ACTIONS.url)
