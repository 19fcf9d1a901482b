"""Pages of votes, decisions and tasks of an item, which return to the writing page; former addresses of the tasks."""

from collections.abc import Iterable

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.tasks.forms import TaskForm
from assembly.tasks.models import Task
from assembly.web.forms import posted
from assembly.web.pages import Question, confirm_first, form_page
from assembly.workflow import StateConflict
from sessions.attendance.queries.presence import member_stays
from sessions.decisions import actions
from sessions.decisions.forms import BallotForm, CountForm, DecisionForm, NewDecisionForm, WithdrawalForm
from sessions.decisions.queries import ballot_facts, ballots_without_decision, page_of_sitting
from sessions.decisions.workflow import BALLOT
from sessions.minutes.rules import can_see_actions
from sessions.models import ActionItem, Ballot, Decision, Sitting
from sessions.pages import check_open, desk_item, item_form_page, page_of_item, return_page

FORMER_STEPS = {"abandonner": "renoncer"}


def visible_ballot(request: UserRequest, pk: int) -> Ballot:
    sittings = Sitting.objects.visible_to(request.user)
    rows = Ballot.objects.select_related("agenda_item__sitting__term__assembly", "agenda_item__sitting__committee")
    return get_object_or_404(rows.filter(agenda_item__sitting__in=sittings), pk=pk)


def desk_ballot(request: UserRequest, pk: int) -> Ballot:
    ballot = visible_ballot(request, pk)
    check_open(request.user, ballot.agenda_item.sitting)
    return ballot


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
        lambda data: actions.change_decision(decision, text=data["text"], by=request.user),
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
        lambda data: actions.withdraw_decision(decision, reason=data["reason"], by=request.user),
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
        lambda data: actions.prepare_ballot(item, by=request.user, **data),
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
        lambda data: actions.count_ballot(ballot, form.count(), by=request.user, **form.facts()),
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
        actions.end_ballot(ballot, "proclaim", by=request.user)
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
    actions.end_ballot(ballot, "cancel", by=request.user)
    messages.success(request, _("Le vote préparé est annulé."))
    return redirect(page_of_item(ballot.agenda_item))


def result_lines(ballot: Ballot) -> Iterable[str]:
    """Yield the proclaimed result, its quorum, and the corrected roll."""
    facts = ballot_facts(ballot, member_stays(ballot.agenda_item.sitting))
    yield facts["sentence"]
    yield from (facts[name] for name in ("quorum_sentence", "corrected") if facts.get(name))


def withdrawal_lines(ballot: Ballot) -> Iterable[str]:
    yield from result_lines(ballot)
    yield _("La question revient à voter. Le journal garde les voix comptées.")


BALLOT_STEPS: StepPages[Ballot] = StepPages(
    BALLOT,
    name="sittings:ballot-step",
    fetch=visible_ballot,
    back=lambda request, ballot: return_page(request, ballot.agenda_item),
    eyebrow=lambda ballot: ballot.question,
)
BALLOT_STEPS.bind("consequences", {"uphold": result_lines, "withdraw": withdrawal_lines})


@require_http_methods(["GET", "HEAD", "POST"])
def action_add(request: UserRequest, pk: int) -> HttpResponse:
    """Add a task under an item of the agenda."""
    item = desk_item(request, pk)
    check_open(request.user, item.sitting)
    task = Task(term_id=item.sitting.term_id, is_decided=True, **page_of_sitting(item.sitting).columns)
    return item_form_page(
        request,
        item,
        TaskForm(posted(request), instance=task),
        lambda data: actions.add_action(item.sitting, item=item, by=request.user, **data),
        title=_("Ajouter une action à suivre"),
        label=_("Noter l’action"),
        success_message=_("L’action est notée. Elle reviendra à l’ordre du jour tant qu’elle est ouverte."),
    )


@require_safe
def former_list(request: UserRequest, route: str) -> HttpResponse:
    """Lead from the address of before to the tasks that sittings decided, with its filters."""
    if not can_see_actions(request.user):
        raise PermissionDenied
    query = request.GET.copy()
    query["origine"] = "seance"
    return redirect(f"{reverse(route)}?{query.urlencode()}")


@require_safe
def former_action(request: UserRequest, pk: int, slug: str = "") -> HttpResponse:
    """Lead from the address of before to the page of a task, or to that of one of its steps."""
    action = get_object_or_404(ActionItem.objects.visible_to(request.user), pk=pk)
    if not slug:
        return redirect("tasks:task", action.task_id)
    return redirect("tasks:step", action.task_id, FORMER_STEPS.get(slug, slug))
