"""Pages of claims, for their member and the team; the acts on those ticked in the list."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.dossiers import StepPages
from assembly.dossiers.pages import mail_consequences
from assembly.identity.http import UserRequest
from assembly.institution.models import TEAM_ROLES
from assembly.institution.pages import working_term
from assembly.institution.rules import is_member, is_team, term_ids
from assembly.web.errors import path_of_address
from assembly.web.forms import local_address, posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.request_bodies import takes_files
from assembly.workflow import StateConflict
from members.models import Mandate
from sessions.expenses import actions
from sessions.expenses.forms import ClaimableSittingForm, LineForm
from sessions.expenses.lists import SELECTION
from sessions.expenses.queries import (
    claimable,
    claims_of,
    claims_to_check,
    lines_of,
    my_claims,
    rates_at,
    rates_now,
)
from sessions.expenses.rules import bulk_obstacle, can_see_expenses, format_rate, is_own_claim
from sessions.expenses.workflow import EXPENSE
from sessions.models import ExpenseClaim, ExpenseLine, ExpenseState


@dataclass(frozen=True)
class ClaimArea:
    """Area where a claim is written: the layout of its page, and the prefix of its route names."""

    layout: str
    prefix: str

    def url(self, name: str, *keys: int) -> str:
        return reverse(f"sittings:{self.prefix}{name}", args=keys)


MEMBER = ClaimArea("layouts/member.html", "my-expense")
DESK = ClaimArea("layouts/desk.html", "expense")
AREAS = {"member": MEMBER, "desk": DESK}


def my_claim(request: UserRequest, pk: int) -> ExpenseClaim:
    return get_object_or_404(claims_of(request.user).filter(invitee__person=request.user.person_id), pk=pk)


def desk_claim(request: UserRequest, pk: int) -> ExpenseClaim:
    """Return the claim with what its control reads, for the team of its term."""
    claim = get_object_or_404(claims_to_check(request.user), pk=pk)
    if not is_team(request.user, claim.term_id):
        raise PermissionDenied
    return claim


def claim_in(request: UserRequest, area: str, pk: int) -> ExpenseClaim:
    return my_claim(request, pk) if area == "member" else desk_claim(request, pk)


@require_safe
def my_list(request: UserRequest) -> HttpResponse:
    """List the sittings to claim for, the reader's claims, and the present rates."""
    term = working_term(request, is_member)
    context = {
        "term": term,
        "claimable": claimable(request.user),
        "claims": my_claims(request.user),
        "rates": [(rate, format_rate(rate)) for rate in rates_now(term, timezone.localdate())],
    }
    return render(request, "sessions/expenses/mine.html", context)


@require_POST
def my_start(request: UserRequest, pk: int) -> HttpResponse:
    """Start the claim for a sitting that the reader attended."""
    invitee = claimable(request.user).filter(sitting=pk).first()
    if invitee is None:
        known = my_claims(request.user).open().filter(invitee__sitting=pk).first()
        if known is not None:  # The button was tapped twice.
            return redirect("sittings:my-expense", known.pk)
        raise Http404
    return redirect("sittings:my-expense", actions.start(invitee, by=request.user).pk)


@require_safe
def claim_page(request: UserRequest, pk: int, area: str) -> HttpResponse:
    """Show the lines with their amounts, the next step, and the state of the claim."""
    claim, claim_area = claim_in(request, area, pk), AREAS[area]
    steps = STEPS[area]
    main = steps.first_ready(
        request.user, claim, ("envoyer", "controler", "payer") if area == "desk" else ("envoyer",)
    )
    may_write = claim.is_editable
    missing = EXPENSE.missing(claim, "submit") if may_write else []
    context = {
        "layout": claim_area.layout,
        "is_desk": area == "desk",
        "claim": claim,
        "sitting": claim.invitee.sitting,
        "person": claim.invitee.person,
        "lines": [(line, format_rate(line.rate)) for line in lines_of(claim)],
        "may_write": may_write,
        "may_add": may_write and rates_at(claim).exists(),
        "add": claim_area.url("-line-add", claim.pk),
        "line_url": f"sittings:{claim_area.prefix}-line",
        "remove_url": f"sittings:{claim_area.prefix}-line-remove",
        "missing": missing,
        "main": (steps.url(claim, main), steps.pages[main].label) if main else None,
        "others": steps.links(request, claim, without={main, *(("envoyer",) if missing else ())}),
        "is_own_at_desk": area == "desk" and is_own_claim(request.user, claim),
        "is_opened": area == "desk" and not claim.unopened,  # type: ignore[attr-defined]  # -- annotated by the query
    }
    return render(request, "sessions/expenses/claim.html", context)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def line_add(request: UserRequest, pk: int, area: str) -> HttpResponse:
    return line_page(request, claim_in(request, area, pk), area, None)


@takes_files
@require_http_methods(["GET", "HEAD", "POST"])
def line_edit(request: UserRequest, pk: int, line: int, area: str) -> HttpResponse:
    claim = claim_in(request, area, pk)
    return line_page(request, claim, area, get_object_or_404(lines_of(claim), pk=line))


def line_page(request: UserRequest, claim: ExpenseClaim, area: str, line: ExpenseLine | None) -> HttpResponse:
    """Show the form of one expense: kind, amount, voucher."""
    if not claim.is_editable:
        raise StateConflict(claim, "submit")
    back = AREAS[area].url("", claim.pk)
    return form_page(
        request,
        LineForm(posted(request), request.FILES or None, claim=claim, line=line),
        lambda data: actions.write_line(claim, by=request.user, line=line, **data),
        template="sessions/expenses/line.html",
        context={"claim": claim, "sitting": claim.invitee.sitting, "line": line, "back": back},
        success_message=_("La dépense est notée."),
        to=back,
    )


@require_POST
def line_remove(request: UserRequest, pk: int, line: int, area: str) -> HttpResponse:
    claim = claim_in(request, area, pk)
    if not claim.is_editable:
        raise StateConflict(claim, "submit")
    row = lines_of(claim).filter(pk=line).first()
    if row is not None:
        row.claim = claim
        actions.remove_line(row, by=request.user)
        messages.success(request, _("La dépense est retirée."))
    return redirect(AREAS[area].url("", claim.pk))


MY_STEPS: StepPages[ExpenseClaim] = StepPages(
    EXPENSE,
    "member",
    name="sittings:my-expense-step",
    fetch=my_claim,
    back=lambda request, claim: MEMBER.url("", claim.pk),
    eyebrow=lambda claim: claim.reference,
)
DESK_STEPS: StepPages[ExpenseClaim] = StepPages(
    EXPENSE,
    name="sittings:expense-step",
    fetch=desk_claim,
    back=lambda request, claim: local_address(request, request.GET.get("retour", "")) or DESK.url("", claim.pk),
    eyebrow=lambda claim: f"{claim.reference}, {claim.invitee.person.full_name}",
)
DESK_STEPS.bind("consequences", {"pay": lambda claim: mail_consequences([claim.invitee.person.full_name])})
STEPS = {"member": MY_STEPS, "desk": DESK_STEPS}


@repeatable("a reading: it makes nothing but its lines in the journal")
@require_POST
def vouchers_open(request: UserRequest, pk: int) -> HttpResponse:
    """Record that the reader opens the vouchers of a claim; show them in the list, or on the page of the claim."""
    actions.open_vouchers(desk_claim(request, pk), by=request.user)
    if request.headers.get("HX-Request") != "true":
        return redirect(f"{reverse('sittings:expense', args=[pk])}#depenses")
    claim = desk_claim(request, pk)
    can_check = EXPENSE.can_take(request.user, claim, "check")
    offered = DESK_STEPS.offered(request.user, claim)
    _page, _mark, query = path_of_address(request, request.headers.get("HX-Current-URL", "")).partition("?")
    list_address = f"{reverse('sittings:expenses')}?{query}"
    context = {
        "claim": claim,
        "lines": [(line, format_rate(line.rate)) for line in lines_of(claim)],
        "obstacle": bulk_obstacle(claim) if can_check else "",
        "is_for_another": claim.state == ExpenseState.SUBMITTED and not can_check,
        "steps": [DESK_STEPS.link(request, claim, slug) for slug in offered if slug in ("controler", "completer")],
        "acts": " ".join(name for name, act in SELECTION.acts.items() if act.applies(request.user, claim)),
        "way": f"?{urlencode({'retour': list_address})}",
    }
    return render(request, "sessions/expenses/panel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def claims_chosen(request: UserRequest) -> HttpResponse:
    """Note the control of several claims, or ask several persons to complete theirs."""
    working_term(request, can_see_expenses)
    rows = claims_to_check(request.user).filter(term__in=term_ids(request.user, TEAM_ROLES))
    return SELECTION.answer(request, rows, back=reverse("sittings:expenses"))


@require_http_methods(["GET", "HEAD", "POST"])
def expense_for(request: UserRequest, pk: int) -> HttpResponse:
    """Start a claim received on paper or by telephone, for one of the person's sittings."""
    rows = Mandate.objects.filter(term__in=term_ids(request.user, TEAM_ROLES))
    mandate = get_object_or_404(rows.select_related("member__person", "term__assembly"), pk=pk)
    person = mandate.member.person
    form = ClaimableSittingForm(posted(request), term=mandate.term, person=person.pk)
    return form_page(
        request,
        form,
        lambda data: actions.start(by=request.user, **data),
        template="sessions/expenses/for_member.html",
        context={"mandate": mandate, "person": person, "has_sittings": form.sittings.exists()},
        success_message=_("La demande est commencée. Notez ses dépenses."),
        to=lambda claim: reverse("sittings:expense", args=[claim.pk]),
    )
