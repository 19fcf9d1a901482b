"""Decisions and votes of an item, on pages of their own that lead back to the writing."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_facilitator, is_team
from assembly.ui.untrusted_input import own_address
from assembly.workflow import StateConflict
from sessions.actions import ballots as ballot_actions
from sessions.actions import decisions as actions
from sessions.forms.decisions import BallotForm, CountForm, DecisionForm, NewDecisionForm, WithdrawalForm, refuse
from sessions.models import AgendaItem, Ballot, Decision, Sitting
from sessions.queries.minutes import minutes_of
from sessions.queries.minutes_item import ballots_without_decision
from sessions.rules import ballots as rules
from sessions.workflows.ballots import BALLOT


def desk_item(request: UserRequest, pk: int) -> AgendaItem:
    """An item of a sitting that the reader sees in the bureau."""
    items = AgendaItem.objects.select_related("sitting__term__assembly", "sitting__committee")
    item = get_object_or_404(items.filter(sitting__in=Sitting.objects.visible_to(request.user)), pk=pk)
    term = item.sitting.term_id
    if not (is_team(request.user, term) or is_facilitator(request.user, term)):
        raise PermissionDenied
    return item


def check_open(user: User, sitting: Sitting) -> None:
    """403 for somebody who notes nothing there, 409 before the sitting opens and once its minutes went out."""
    if not is_team(user, sitting.term_id):
        raise PermissionDenied
    if not rules.is_open_for_facts(sitting, minutes_of(sitting)):
        raise StateConflict(sitting, "record")


def desk_ballot(request: UserRequest, pk: int) -> Ballot:
    sittings = Sitting.objects.visible_to(request.user)
    rows = Ballot.objects.select_related("agenda_item__sitting__term__assembly", "agenda_item__sitting__committee")
    ballot = get_object_or_404(rows.filter(agenda_item__sitting__in=sittings), pk=pk)
    check_open(request.user, ballot.agenda_item.sitting)
    return ballot


def page_of_item(item: AgendaItem) -> str:
    """Back to the writing of the item, or to the dossier while nobody writes yet."""
    minutes = minutes_of(item.sitting)
    if minutes is None:
        return reverse("sittings:minutes", args=[item.sitting_id])
    return reverse("sittings:section", args=[minutes.pk, item.pk])


def led_here(request: UserRequest) -> str:
    """The page of this site that led here, when the address says so (`?retour=`); else nothing."""
    return own_address(request, request.GET.get("retour", ""))


def way_back(request: UserRequest, item: AgendaItem) -> str:
    return led_here(request) or page_of_item(item)


def shown(request: UserRequest, form: Any, *, title: str, label: str, item: AgendaItem, **more: Any) -> HttpResponse:
    """One form, one thing."""
    context = {"form": form, "title": title, "label": label, "item": item, "back": page_of_item(item)}
    return render(request, "sessions/decision_form.html", context | more)


def tried(form: Any, act: Any) -> bool:
    """Call the action; its refusal becomes an error of the form."""
    try:
        act()
    except ValidationError as refused:
        refuse(form, refused)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
def decision_add(request: UserRequest, pk: int) -> HttpResponse:
    item = desk_item(request, pk)
    check_open(request.user, item.sitting)
    form = NewDecisionForm(request.POST or None, ballots=ballots_without_decision(item))
    if form.is_valid():
        data = form.cleaned_data
        if tried(form, lambda: actions.decide(item, text=data["text"], ballot=data["ballot"], by=request.user)):
            messages.success(request, _("La décision est notée."))
            return redirect(page_of_item(item))
    return shown(request, form, title=_("Ajouter une décision"), label=_("Noter la décision"), item=item)


def desk_decision(request: UserRequest, pk: int) -> Decision:
    rows = Decision.objects.visible_to(request.user).select_related("agenda_item", "sitting__term")
    decision = get_object_or_404(rows, pk=pk)
    decision.agenda_item.sitting = decision.sitting
    check_open(request.user, decision.sitting)
    if decision.withdrawn_at is not None:
        raise StateConflict(decision, "change")
    return decision


@require_http_methods(["GET", "HEAD", "POST"])
def decision_change(request: UserRequest, pk: int) -> HttpResponse:
    decision = desk_decision(request, pk)
    item = decision.agenda_item
    form = DecisionForm(request.POST or None, initial={"text": decision.text})
    if form.is_valid() and tried(
        form, lambda: actions.change(decision, text=form.cleaned_data["text"], by=request.user)
    ):
        messages.success(request, _("La décision est modifiée."))
        return redirect(page_of_item(item))
    title = _("Modifier la décision %(n)s") % {"n": decision.number}
    return shown(request, form, title=title, label=_("Enregistrer"), item=item, decision=decision)


@require_http_methods(["GET", "HEAD", "POST"])
def decision_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    decision = desk_decision(request, pk)
    item = decision.agenda_item
    form = WithdrawalForm(request.POST or None)
    if form.is_valid() and tried(
        form, lambda: actions.withdraw(decision, reason=form.cleaned_data["reason"], by=request.user)
    ):
        messages.success(request, _("La décision est retirée ; son numéro ne sera pas redonné."))
        return redirect(page_of_item(item))
    title = _("Retirer la décision %(n)s ?") % {"n": decision.number}
    return shown(request, form, title=title, label=_("Retirer la décision"), item=item, lines=[decision.text])


@require_http_methods(["GET", "HEAD", "POST"])
def ballot_prepare(request: UserRequest, pk: int) -> HttpResponse:
    item = desk_item(request, pk)
    check_open(request.user, item.sitting)
    form = BallotForm(request.POST or None, initial={"majority_rule": item.sitting.term.majority_rule})
    if form.is_valid():
        ballot = ballot_actions.prepare(item, **form.cleaned_data, by=request.user)
        return redirect("sittings:ballot-count", ballot.pk)
    return shown(request, form, title=_("Préparer un vote à main levée"), label=_("Préparer le vote"), item=item)


@require_http_methods(["GET", "HEAD", "POST"])
def ballot_count(request: UserRequest, pk: int) -> HttpResponse:
    """Count, or count again: the sum is compared with the members in the room."""
    ballot = desk_ballot(request, pk)
    back = way_back(request, ballot.agenda_item)
    initial = CountForm.initial_for(ballot, request.user.get_full_name())
    form = CountForm(request.POST or None, ballot=ballot, initial=initial)
    if form.is_valid() and tried(
        form, lambda: ballot_actions.count(ballot, form.count(), by=request.user, **form.facts())
    ):
        messages.success(request, _("Le compte est noté."))
        return redirect(back)
    context = {"form": form.tell_present(), "ballot": ballot, "item": ballot.agenda_item, "back": back}
    return render(request, "sessions/ballot_count.html", context, status=422 if form.errors else 200)


@require_POST
def ballot_proclaim(request: UserRequest, pk: int) -> HttpResponse:
    ballot = desk_ballot(request, pk)
    BALLOT.transition(ballot, "proclaim", by=request.user)
    messages.success(request, _("Le résultat est proclamé."))
    return redirect(way_back(request, ballot.agenda_item))


@require_POST
def ballot_cancel(request: UserRequest, pk: int) -> HttpResponse:
    ballot = desk_ballot(request, pk)
    BALLOT.transition(ballot, "cancel", by=request.user)
    messages.success(request, _("Le vote préparé est annulé."))
    return redirect(page_of_item(ballot.agenda_item))
