"""Claims of expenses, from the start to the payment, and rates, each by a decision of the council."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.audit.models import Entry
from assembly.documents.actions.uploads import accept_upload, erase_upload
from assembly.documents.models import Upload, UploadPurpose
from assembly.dossiers.pages import CHANGED
from assembly.files.fields import CheckedFile
from assembly.identity.models import User
from assembly.institution.actions.assemblies import next_number
from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.workflow import StateConflict, lock
from sessions.expenses import rules
from sessions.expenses.mails import notify_claimant
from sessions.expenses.queries import (
    VOUCHER_OPENED,
    claims_to_check,
    lines_of,
    rate_for,
    ready_to_send,
    without_claim,
)
from sessions.expenses.workflow import EXPENSE
from sessions.models import ExpenseBatch, ExpenseClaim, ExpenseLine, ExpenseRate, ExpenseState, Invitee, Via


@transaction.atomic
def start(invitee: Invitee, *, by: User, via: str = Via.ACCOUNT, received_on: date | None = None) -> ExpenseClaim:
    """Start a claim for a sitting that the person attended, as this person or as the team in their name.

    `via`, `received_on`: how and when the team got it; of no use in a claim of one's own.
    """
    is_own = by.person_id == invitee.person_id
    term = invitee.sitting.term
    if not is_own and not is_team(by, term):
        raise PermissionDenied
    if not without_claim(Invitee.objects.filter(pk=invitee.pk)).exists():
        raise ValidationError(_("Une demande existe déjà, ou la personne n’est pas notée présente à cette séance."))
    year = timezone.localdate().year
    number = next_number(term.assembly, f"{term.code}-RF", year)
    claim = ExpenseClaim(
        term=term,
        invitee=invitee,
        reference=f"{term.code}-RF-{year}-{number:03d}",
        via=Via.ACCOUNT if is_own else via,
        received_on=None if is_own else received_on,
        created_by=by,
    )
    try:
        with transaction.atomic():
            claim.save(force_insert=True)
    except IntegrityError as twice:
        raise ValidationError(_("Une demande existe déjà pour cette séance.")) from twice
    record_claim_event("expense.started", claim, by=by)
    return claim


def record_claim_event(event_type: str, claim: ExpenseClaim, *, by: User, **facts: Any) -> None:
    """Write an entry of the audit log, in the name of the claimant when the team enters it."""
    person = claim.invitee.person if by.person_id != claim.invitee.person_id else None
    record(event_type, claim, by=by, on_behalf_of=person, dossier=claim.term, reference=claim.reference, **facts)


def lock_editable(claim: ExpenseClaim, by: User) -> None:
    """Lock a claim, one writer at a time; raise PermissionDenied, or StateConflict if not editable."""
    lock(claim)
    if not rules.can_write_claim(by, claim):
        raise PermissionDenied
    if claim.state not in ExpenseState.tagged("editable"):
        raise StateConflict(claim, "submit")


@transaction.atomic
def write_line(
    claim: ExpenseClaim,
    *,
    by: User,
    kind: str,
    quantity: Decimal,
    cost: Decimal | None = None,
    label: str = "",
    voucher: CheckedFile | None = None,
    is_on_paper: bool = False,
    line: ExpenseLine | None = None,
) -> ExpenseLine:
    """Add an expense, or overwrite one; without a new file its present voucher stays.

    `is_on_paper`: the team has seen the voucher on paper.
    """
    lock_editable(claim, by)
    row = ExpenseLine(claim=claim) if line is None else lines_of(claim).get(pk=line.pk)
    rate = rate_for(claim, kind)
    if rate is None:
        raise ValidationError(_("Aucun taux n’est fixé pour cette dépense au jour de la séance."), code="kind")
    if not rate.is_flat and cost is None:
        raise ValidationError(_("Écrivez la somme payée."), code="cost")
    former = row.voucher
    row.rate, row.label, row.quantity = rate, label, quantity
    row.cost = None if rate.is_flat else cost
    row.amount = rules.amount_of(rate, row.quantity, row.cost)
    if rate.is_flat:
        row.voucher = None
    elif voucher is not None:
        row.voucher = accept_upload(voucher, by=by, purpose=UploadPurpose.OTHER)
    row.is_on_paper = (row.is_on_paper or is_on_paper) and not rate.is_flat and row.voucher is None
    row.save()
    if former is not None and former.pk != row.voucher_id:
        erase_upload(former, by=by)
    record_claim_event("expense.line_written", claim, by=by, line=row.pk, kind=kind)
    return row


@transaction.atomic
def remove_line(line: ExpenseLine, *, by: User) -> None:
    """Remove an expense with its voucher, from a claim that was not submitted or was sent back."""
    claim = line.claim
    lock_editable(claim, by)
    row = lines_of(claim).filter(pk=line.pk).first()
    if row is None:
        return
    delete_line(row, by=by)
    record_claim_event("expense.line_removed", claim, by=by, line=line.pk)


def delete_line(line: ExpenseLine, *, by: User | None) -> None:
    voucher: Upload | None = line.voucher
    line.delete()
    if voucher is not None:
        erase_upload(voucher, by=by)


@transaction.atomic
def enter_from_paper(
    invitee: Invitee, *, by: User, via: str, received_on: date, lines: Sequence[Mapping[str, Any]]
) -> ExpenseClaim:
    """Enter a claim that the team received, with all its lines, and submit it in the name of the person."""
    if by.person_id == invitee.person_id:
        raise ValidationError(_("C’est vous\u00a0: faites votre demande dans votre espace."), code="invitee")
    claim = start(invitee, by=by, via=via, received_on=received_on)
    written = [write_line(claim, by=by, is_on_paper=True, **line) for line in lines]
    submit(claim, total=sum((line.amount for line in written), Decimal(0)), by=by)
    return claim


@EXPENSE.action("submit")
@transaction.atomic
def submit(claim: ExpenseClaim, *, total: Decimal, by: User) -> None:
    """Submit the claim to the team; `total` is the sum that the person read before the click."""
    step = EXPENSE.require(claim, "submit", by=by)
    lines = list(lines_of(claim))
    for line in lines:
        rate = rate_for(claim, line.rate.kind)
        if rate is None:
            raise ValidationError(_("Un taux a été retiré depuis : reprenez cette dépense."), code="rate")
        line.rate, line.amount = rate, rules.amount_of(rate, line.quantity, line.cost)
    if sum(line.amount for line in lines) != total:
        text = _("Les dépenses ou les taux ont changé depuis que vous avez ouvert cette page. Relisez, puis envoyez.")
        raise ValidationError(text, code=CHANGED)
    ExpenseLine.objects.bulk_update(lines, ["rate", "amount"])
    person = claim.invitee.person if by.person_id != claim.invitee.person_id else None
    EXPENSE.take(claim, step, by=by, on_behalf_of=person)


@transaction.atomic
def open_vouchers(claim: ExpenseClaim, *, by: User) -> None:
    """Record which vouchers `by` opens, each once a submission: the journal names who saw what a person paid."""
    lock(claim)
    if not is_team(by, claim.term_id):
        raise PermissionDenied
    files = [line.voucher for line in lines_of(claim) if line.voucher and line.voucher.is_available]
    since = claim.submitted_at or claim.created_at  # before, its other lines may have been different
    opened = Entry.objects.filter(
        event_type=VOUCHER_OPENED, actor=by.pseudonym, subject_type=Upload._meta.label, at__gte=since
    )
    known = set(opened.filter(subject_id__in=[str(file.pk) for file in files]).values_list("subject_id", flat=True))
    for file in files:
        if str(file.pk) not in known:
            record(VOUCHER_OPENED, file, by=by, dossier=claim, reference=claim.reference)


def check_among_others(claim: ExpenseClaim, *, by: User) -> None:
    """Raise ValidationError for a claim that is checked alone: a voucher not opened or on paper, a sum too high."""
    if obstacle := rules.bulk_obstacle(claims_to_check(by).get(pk=claim.pk)):
        raise ValidationError(obstacle, code="bulk")


@transaction.atomic
def check_in_bulk(claim: ExpenseClaim, *, by: User) -> None:
    """Note the control of one claim among several, by the same step as its page and under stricter conditions."""
    step = EXPENSE.require(claim, "check", by=by)
    check_among_others(claim, by=by)
    EXPENSE.take(claim, step, by=by, facts={"in_bulk": True})


@EXPENSE.action("return")
@transaction.atomic
def send_back(claim: ExpenseClaim, *, reason: str, by: User) -> None:
    """Send the claim back to the person, with what is missing."""
    EXPENSE.transition(claim, "return", by=by, reason=reason)
    notify_claimant(claim, by=by)


@EXPENSE.action("refuse")
@transaction.atomic
def refuse(claim: ExpenseClaim, *, reason: str, by: User) -> None:
    """Refuse the claim, with the reason; finance may refuse one that was sent."""
    EXPENSE.transition(claim, "refuse", by=by, reason=reason)
    notify_claimant(claim, by=by)


@EXPENSE.action("pay")
@transaction.atomic
def pay(claim: ExpenseClaim, *, paid_on: Any, payment_reference: str, by: User) -> None:
    """Record the payment by finance, with its day and its reference."""
    EXPENSE.transition(claim, "pay", by=by, paid_on=paid_on, payment_reference=payment_reference)
    notify_claimant(claim, by=by)


@transaction.atomic
def make_batch(term: Term, *, total: Decimal, by: User) -> ExpenseBatch:
    """Put every claim that was checked into a batch; `total` is the sum that was read before the click."""
    if not rules.can_see_expenses(by, term):
        raise PermissionDenied
    lock(term)
    claims = list(ready_to_send(term))
    current_total = sum((claim.total for claim in claims), Decimal(0))  # type: ignore[attr-defined]  # -- annotated by the query
    if not claims:
        raise ValidationError(_("Aucune demande contrôlée n’attend d’être transmise."), code="claims")
    if current_total != total:
        raise ValidationError(_("Le lot a changé depuis que vous l’avez lu. Relisez-le."), code=CHANGED)
    now = timezone.now()
    number = next_number(term.assembly, f"{term.code}-LR", timezone.localdate(now).year)
    batch = ExpenseBatch.objects.create(
        term=term,
        reference=f"{term.code}-LR-{timezone.localdate(now).year}-{number:02d}",
        made_at=now,
        made_by=by,
        count=len(claims),
        total=current_total,
    )
    for claim in claims:
        EXPENSE.follow(claim, "send", by=by, batch=batch)
    record("expense.batch_made", batch, by=by, dossier=term, reference=batch.reference, count=len(claims))
    return batch


@transaction.atomic
def record_batch_download(batch: ExpenseBatch, *, by: User) -> None:
    """Record who downloaded the file of the batch, since it names people and what they are paid."""
    if not rules.can_see_expenses(by, batch.term):
        raise PermissionDenied
    record("expense.batch_read", batch, by=by, dossier=batch.term, reference=batch.reference)


@transaction.atomic
def pay_batch(batch: ExpenseBatch, *, paid_on: Any, payment_reference: str, by: User) -> int:
    """Record the payment of every claim of the batch that is still unpaid, and return their number."""
    if not rules.can_see_expenses(by, batch.term):
        raise PermissionDenied
    waiting = (
        batch.claims.filter(state=ExpenseState.SENT).select_related("term__assembly", "invitee__person").order_by("pk")
    )
    claims = list(waiting)
    for claim in claims:
        pay(claim, paid_on=paid_on, payment_reference=payment_reference, by=by)
    return len(claims)


@transaction.atomic
def erase_claim(claim: ExpenseClaim) -> None:
    """Delete a claim with its vouchers at the end of its retention period; its batch keeps the count and the total."""
    for line in lines_of(claim):
        delete_line(line, by=None)
    claim.delete()


def is_used(rate: ExpenseRate) -> bool:
    """Return whether a claim that was submitted uses this rate."""
    claims = ExpenseClaim.objects.open().filter(lines__rate=rate)
    return claims.exclude(state__in=ExpenseState.tagged("editable")).exists()


@transaction.atomic
def set_rate(term: Term, *, by: User, values: dict[str, Any], rate: ExpenseRate | None = None) -> ExpenseRate:
    """Write a rate; of one in use only the last day may change, and not to a day before those claims."""
    if not rules.can_set_rates(by, term):
        raise PermissionDenied
    row = lock(rate) if rate else ExpenseRate(term=term)
    if rate and is_used(rate):
        check_only_end_changes(row, values)
    for name, value in values.items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    record("expense.rate_set", row, by=by, dossier=term, kind=row.kind, amount=row.amount, valid_from=row.valid_from)
    return row


def check_only_end_changes(rate: ExpenseRate, values: dict[str, Any]) -> None:
    changed = {name for name, value in values.items() if getattr(rate, name) != value}
    if changed - {"valid_to"}:
        raise ValidationError(
            _("Des demandes ont été calculées avec ce taux : mettez-lui une fin, puis ajoutez le nouveau."),
            code="valid_to",
        )
    last = values.get("valid_to")
    served = ExpenseClaim.objects.open().filter(lines__rate=rate).exclude(state__in=ExpenseState.tagged("editable"))
    if last and served.filter(invitee__sitting__starts_at__date__gt=last).exists():
        raise ValidationError(_("Une demande d’une séance plus tardive utilise ce taux."), code="valid_to")
