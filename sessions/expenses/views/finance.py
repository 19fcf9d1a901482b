"""Pages of what finance pays: cost of each sitting, rates, batches."""

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import model_to_dict
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.documents.responses import bytes_response
from assembly.files.file_kinds import OPEN_DOCUMENT
from assembly.files.open_document import opendocument
from assembly.files.sheets import Heading, Worksheet
from assembly.files.spreadsheets import csv_response
from assembly.identity.http import UserRequest, recently_authenticated, recently_authenticated_to_write
from assembly.institution.models import TEAM_ROLES
from assembly.institution.pages import working_term
from assembly.institution.rules import term_ids
from assembly.lists import Column, Table
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from sessions.expenses import actions, queries
from sessions.expenses.forms import ExpenseBatchForm, PaymentForm, RateForm
from sessions.expenses.rules import can_see_expenses, can_set_rates, euros
from sessions.models import ExpenseBatch, ExpenseRate, ExpenseState

NAME = "invitee__person__sort_name"
COSTS = Table(
    gettext_lazy("remboursements par séance"),
    [
        Column(gettext_lazy("Référence"), "reference"),
        Column(gettext_lazy("Séance"), "title"),
        Column(gettext_lazy("Date"), lambda sitting: timezone.localdate(sitting.starts_at)),
        Column(gettext_lazy("Demandes"), "claims"),
        Column(gettext_lazy("Demandé"), "asked"),
        Column(gettext_lazy("Contrôlé, à payer"), "due"),
        Column(gettext_lazy("Payé"), "paid"),
    ],
)


@require_safe
def expense_sittings(request: UserRequest) -> HttpResponse:
    """Show the cost of each sitting: asked, due, paid."""
    term = working_term(request, can_see_expenses)
    rows = list(queries.costs_by_sitting(term))
    totals = {name: sum((getattr(row, name) for row in rows), Decimal(0)) for name in ("asked", "due", "paid")}
    context = {"term": term, "rows": rows, "totals": totals, "claims": sum(row.claims for row in rows)}  # type: ignore[attr-defined]  # -- counted by the query
    return render(request, "sessions/expenses/sittings.html", context)


@require_safe
def expense_sittings_export(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_see_expenses)
    return COSTS.described_file(request, queries.costs_by_sitting(term), place=term.name)


# Rates


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def rate_add(request: UserRequest) -> HttpResponse:
    term = working_term(request, can_set_rates)
    return rate_page(
        request, RateForm(posted(request)), lambda data: actions.set_rate(term, by=request.user, values=data)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def rate_edit(request: UserRequest, pk: int) -> HttpResponse:
    rows = ExpenseRate.objects.filter(term__in=term_ids(request.user, TEAM_ROLES)).select_related("term")
    rate = get_object_or_404(rows, pk=pk)
    if not can_set_rates(request.user, rate.term):
        raise PermissionDenied
    return rate_page(
        request,
        RateForm(posted(request), initial=model_to_dict(rate)),
        lambda data: actions.set_rate(rate.term, by=request.user, rate=rate, values=data),
        rate=rate,
    )


def rate_page(request: UserRequest, form: RateForm, act: Any, rate: ExpenseRate | None = None) -> HttpResponse:
    return form_page(
        request,
        form,
        act,
        template="sessions/expenses/rate_form.html",
        context={"rate": rate, "is_used": rate is not None and actions.is_used(rate)},
        success_message=_("Le taux est enregistré."),
        to=reverse("sittings:expense-rates"),
    )


# Batches


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def batch_make(request: UserRequest) -> HttpResponse:
    """Show the claims to send, then send them with the number on the button."""
    term = working_term(request, can_see_expenses)
    claims = list(queries.ready_to_send(term))
    total = sum((claim.total for claim in claims), Decimal(0))  # type: ignore[attr-defined]  # -- annotated by the query
    form = ExpenseBatchForm(posted(request), initial={"total": total})
    label = ngettext("Transmettre %(n)s demande", "Transmettre %(n)s demandes", len(claims)) % {"n": len(claims)}
    return form_page(
        request,
        form,
        lambda data: actions.make_batch(term, total=data["total"], by=request.user),
        template="sessions/expenses/batch_make.html",
        context={"term": term, "claims": claims, "total": euros(total), "button": label},
        success_message=_("Le lot est fait. Téléchargez son fichier et envoyez-le à la direction des finances."),
        to=lambda batch: reverse("sittings:expense-batch", args=[batch.pk]),
    )


def desk_batch(request: UserRequest, pk: int) -> ExpenseBatch:
    rows = ExpenseBatch.objects.filter(term__in=term_ids(request.user, TEAM_ROLES))
    return get_object_or_404(rows.select_related("term__assembly", "made_by__person"), pk=pk)


@require_safe
def batch_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show one batch: its claims, and what finance paid."""
    batch = desk_batch(request, pk)
    claims = queries.claims_of(request.user).filter(batch=batch).order_by(NAME, "pk")
    waiting = claims.filter(state=ExpenseState.SENT).count()
    context = {"batch": batch, "claims": claims, "waiting": waiting}
    return render(request, "sessions/expenses/batch.html", context)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
def batch_file(request: UserRequest, pk: int) -> HttpResponse:
    """Return the file for finance, one line per expense; `format=ods` makes a spreadsheet.

    The audit log records each download.
    """
    batch = desk_batch(request, pk)
    actions.record_batch_download(batch, by=request.user)
    rows = [file_row(line) for line in queries.batch_lines(batch)]
    if request.POST.get("format") != "ods":
        return csv_response(batch.reference, FILE_HEAD, rows)
    content = opendocument([Worksheet(batch.reference, [Heading(label) for label in FILE_HEAD], rows)])
    return bytes_response(request, content, name=f"{batch.reference}.ods", media_type=f"{OPEN_DOCUMENT}spreadsheet")


FILE_HEAD = [
    "lot",
    "demande",
    "nom",
    "prenom",
    "code_postal",
    "commune",
    "seance",
    "date_seance",
    "nature",
    "precision",
    "nombre",
    "unite",
    "taux",
    "deliberation",
    "somme_payee",
    "montant",
]


def file_row(line: Any) -> list[object]:
    claim, rate = line.claim, line.rate
    person, sitting = claim.invitee.person, claim.invitee.sitting
    return [
        claim.batch.reference,
        claim.reference,
        person.last_name,
        person.first_name,
        person.postcode,
        person.city,
        sitting.reference,
        timezone.localdate(sitting.starts_at),
        rate.get_kind_display(),
        line.label,
        line.quantity,
        rate.unit,
        rate.amount,
        rate.decision_reference,
        line.cost,
        line.amount,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def batch_pay(request: UserRequest, pk: int) -> HttpResponse:
    """Record that finance paid the whole batch."""
    batch = desk_batch(request, pk)
    waiting = batch.claims.filter(state=ExpenseState.SENT).count()
    if not waiting:
        messages.info(request, _("Toutes les demandes de ce lot ont déjà leur réponse."))
        return redirect("sittings:expense-batch", batch.pk)
    return form_page(
        request,
        PaymentForm(posted(request)),
        lambda data: actions.pay_batch(batch, by=request.user, **data),
        template="sessions/expenses/batch_pay.html",
        context={"batch": batch, "waiting": waiting},
        success_message=lambda paid: (
            ngettext("%(n)s paiement est noté.", "%(n)s paiements sont notés.", paid) % {"n": paid}
        ),
        to=reverse("sittings:expense-batch", args=[batch.pk]),
    )
