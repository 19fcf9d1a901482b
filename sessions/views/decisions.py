"""Views of decisions and votes of an item, on pages of their own that return to the writing page."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.rules import is_facilitator, is_team
from assembly.text.untrusted_input import local_address
from assembly.web.confirmation import Question, confirm_first
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.workflow import StateConflict
from sessions.decisions.actions import ballots
from sessions.decisions.actions import decisions as actions
from sessions.decisions.forms import BallotForm, CountForm, DecisionForm, NewDecisionForm, WithdrawalForm
from sessions.decisions.workflow import BALLOT
from sessions.minutes.queries.minutes import minutes_of
from sessions.models import AgendaItem, Ballot, Decision, Sitting
from sessions.queries.minutes_item import ballots_without_decision
from sessions.rules import ballots as rules


def desk_item(request: UserRequest, pk: int) -> AgendaItem:
    """Return an item of a sitting that the reader sees in the back office."""
    items = AgendaItem.objects.select_related("sitting__term__assembly", "sitting__committee")
    item = get_object_or_404(items.filter(sitting__in=Sitting.objects.visible_to(request.user)), pk=pk)
    term = item.sitting.term_id
    if not (is_team(request.user, term) or is_facilitator(request.user, term)):
        raise PermissionDenied
    return item


def check_open(user: User, sitting: Sitting) -> None:
    """Raise PermissionDenied outside the team, StateConflict (409) before the opening or after the circulation."""
    if not is_team(user, sitting.term_id):
        raise PermissionDenied
    if not rules.is_open_for_facts(sitting, minutes_of(sitting)):
        raise StateConflict(sitting, "record")


def visible_ballot(request: UserRequest, pk: int) -> Ballot:
    sittings = Sitting.objects.visible_to(request.user)
    rows = Ballot.objects.select_related("agenda_item__sitting__term__assembly", "agenda_item__sitting__committee")
    return get_object_or_404(rows.filter(agenda_item__sitting__in=sittings), pk=pk)


def desk_ballot(request: UserRequest, pk: int) -> Ballot:
    ballot = visible_ballot(request, pk)
    check_open(request.user, ballot.agenda_item.sitting)
    return ballot


def page_of_item(item: AgendaItem) -> str:
    """Return the URL of the writing page of the item, or of the dossier while there are no minutes."""
    minutes = minutes_of(item.sitting)
    if minutes is None:
        return reverse("sittings:minutes", args=[item.sitting_id])
    return reverse("sittings:section", args=[minutes.pk, item.pk])


def origin_page(request: UserRequest) -> str:
    """Return the page of this site that the reader came from (`?retour=`), or nothing."""
    return local_address(request, request.GET.get("retour", ""))


def return_page(request: UserRequest, item: AgendaItem) -> str:
    return origin_page(request) or page_of_item(item)


def item_form_page[T](
    request: UserRequest,
    item: AgendaItem,
    form: BaseForm,
    act: Callable[[dict[str, Any]], T],
    *,
    to: Callable[[T], str] | None = None,
    success_message: str = "",
    **shown: Any,
) -> HttpResponse:
    """Show a form about an item of the agenda, which returns to its page unless `to` is given.

    `shown`: the `title` of the page, the `label` of its button, and other context of the template.
    """
    return form_page(
        request,
        form,
        act,
        template="sessions/decisions/form.html",
        context=lambda: {"item": item, "back": page_of_item(item), **shown},
        to=to or (lambda row: page_of_item(item)),
        success_message=success_message,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decision_add(request: UserRequest, pk: int) -> HttpResponse:
    item = desk_item(request, pk)
    check_open(request.user, item.sitting)
    return item_form_page(
        request,
        item,
        NewDecisionForm(posted(request), ballots=ballots_without_decision(item)),
        lambda data: actions.decide(item, by=request.user, **data),
        title=_("Ajouter une décision"),
        label=_("Noter la décision"),
        success_message=_("La décision est notée."),
    )


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
    return item_form_page(
        request,
        decision.agenda_item,
        DecisionForm(posted(request), initial={"text": decision.text}),
        lambda data: actions.change(decision, text=data["text"], by=request.user),
        title=_("Modifier la décision %(n)s") % {"n": decision.number},
        label=_("Enregistrer"),
        success_message=_("La décision est modifiée."),
        decision=decision,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def decision_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    decision = desk_decision(request, pk)
    return item_form_page(
        request,
        decision.agenda_item,
        WithdrawalForm(posted(request)),
        lambda data: actions.withdraw(decision, reason=data["reason"], by=request.user),
        title=_("Retirer la décision %(n)s ?") % {"n": decision.number},
        label=_("Retirer la décision"),
        success_message=_("La décision est retirée ; son numéro ne sera pas redonné."),
        lines=[decision.text],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ballot_prepare(request: UserRequest, pk: int) -> HttpResponse:
    item = desk_item(request, pk)
    check_open(request.user, item.sitting)
    return item_form_page(
        request,
        item,
        BallotForm(posted(request), initial={"majority_rule": item.sitting.term.majority_rule}),
        lambda data: ballots.prepare(item, by=request.user, **data),
        title=_("Préparer un vote à main levée"),
        label=_("Préparer le vote"),
        to=lambda ballot: reverse("sittings:ballot-count", args=[ballot.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def ballot_count(request: UserRequest, pk: int) -> HttpResponse:
    """Count, or count again: the sum is compared with the members present."""
    ballot = desk_ballot(request, pk)
    back = return_page(request, ballot.agenda_item)
    initial = CountForm.initial_for(ballot, request.user.get_full_name())
    form = CountForm(posted(request), ballot=ballot, initial=initial)
    return form_page(
        request,
        form,
        lambda data: ballots.count(ballot, form.count(), by=request.user, **form.facts()),
        template="sessions/decisions/ballot_count.html",
        context=lambda: {
            "form": form.show_present_count(),
            "ballot": ballot,
            "item": ballot.agenda_item,
            "back": back,
        },
        success_message=_("Le compte est noté."),
        to=back,
    )


def proclaim_question(request: UserRequest, pk: int) -> Question:
    """Return the question with the counts, which become public and do not change afterwards."""
    ballot = desk_ballot(request, pk)
    BALLOT.check(request.user, ballot, "proclaim")
    template = ngettext(
        "%(result)s\u00a0: %(a)s pour, %(b)s contre, abstention %(c)s, %(n)s membre présent.",
        "%(result)s\u00a0: %(a)s pour, %(b)s contre, abstention %(c)s, %(n)s membres présents.",
        ballot.present or 0,
    )
    counts = template % {
        "result": ballot.get_result_display().capitalize(),
        "a": ballot.votes_for,
        "b": ballot.votes_against,
        "c": ballot.abstentions,
        "n": ballot.present,
    }
    after = _("Proclamé, il ne se compte plus. Le ou la responsable peut le retirer tant que rien n’en découle.")
    lines = [ballot.question, counts, after]
    back = return_page(request, ballot.agenda_item)
    return Question(_("Proclamer ce résultat ?"), _("Proclamer le résultat"), back, lines, about=ballot)


@confirm_first(proclaim_question)
def ballot_proclaim(request: UserRequest, pk: int) -> HttpResponse:
    ballot = desk_ballot(request, pk)
    try:
        ballots.end(ballot, "proclaim", by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
    else:
        messages.success(request, _("Le résultat est proclamé."))
    return redirect(return_page(request, ballot.agenda_item))


def cancel_question(request: UserRequest, pk: int) -> Question:
    ballot = desk_ballot(request, pk)
    BALLOT.check(request.user, ballot, "cancel")
    lines = [ballot.question, _("Rien n’a été compté. Un vote retiré ne revient pas\u00a0: il s’en prépare un autre.")]
    back = page_of_item(ballot.agenda_item)
    return Question(_("Retirer ce vote ?"), _("Retirer ce vote"), back, lines, danger=True, about=ballot)


@confirm_first(cancel_question)
def ballot_cancel(request: UserRequest, pk: int) -> HttpResponse:
    ballot = desk_ballot(request, pk)
    ballots.end(ballot, "cancel", by=request.user)
    messages.success(request, _("Le vote préparé est annulé."))
    return redirect(page_of_item(ballot.agenda_item))
