"""Queries of claims: a person's own, those of a term, what is due; vouchers; costs of a sitting."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import (
    CharField,
    Count,
    DecimalField,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
)
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.documents.models import Upload
from assembly.indicators.counting import end_of
from assembly.institution.models import Term
from assembly.text.french import Label
from sessions.expenses.models import ExpenseClaimQuerySet, ExpenseKind, ExpenseState
from sessions.models import Attendance, ExpenseBatch, ExpenseClaim, ExpenseLine, ExpenseRate, Invitee, Sitting
from sessions.sittings.models import SittingQuerySet, SittingState

S = ExpenseState
VOUCHER_OPENED = "expense.voucher_opened"
MONEY = DecimalField(max_digits=12, decimal_places=2)


def claims_of(user: Any) -> ExpenseClaimQuerySet:
    """Return the claims that the reader may see, with what a page shows of each."""
    rows = ExpenseClaim.objects.visible_to(user).with_totals()
    return rows.select_related("term__assembly", "invitee__person", "invitee__sitting", "batch")


def claims_to_check(user: Any) -> ExpenseClaimQuerySet:
    """Return these claims with what a control reads of each.

    `vouchers`: how many; `unopened`: how many this reader has not opened since the claim was last submitted, by the
    journal; `above_rate`: whether a sum paid exceeds its rate; `on_paper`: whether a voucher was seen on paper only.
    """
    lines = ExpenseLine.objects.filter(claim=OuterRef("pk")).order_by()
    opened = Entry.objects.filter(
        event_type=VOUCHER_OPENED,
        subject_type=Upload._meta.label,
        subject_id=Cast(OuterRef("voucher_id"), CharField()),
        actor=user.pseudonym,
        at__gte=Coalesce(OuterRef("claim__submitted_at"), OuterRef("claim__created_at")),
    )

    def counted(rows: QuerySet[ExpenseLine]) -> Coalesce:
        return Coalesce(Subquery(rows.values("claim").annotate(n=Count("pk")).values("n")), 0)

    files = lines.filter(voucher__isnull=False)
    return claims_of(user).annotate(
        vouchers=counted(files),
        unopened=counted(files.exclude(Exists(opened))),
        above_rate=Exists(lines.filter(rate__is_flat=False, cost__gt=F("rate__amount") * F("quantity"))),
        on_paper=Exists(lines.filter(is_on_paper=True)),
    )


def my_claims(user: Any) -> ExpenseClaimQuerySet:
    return claims_of(user).filter(invitee__person=user.person_id).order_by("-invitee__sitting__starts_at", "-pk")


def claimable(user: Any) -> QuerySet[Invitee]:
    """Return the sittings that this person attended and may still claim for, with a rate on that day."""
    return without_claim(Invitee.objects.filter(person=user.person_id)).order_by("-sitting__starts_at", "-pk")


def without_claim(invitees: QuerySet[Invitee]) -> QuerySet[Invitee]:
    came = Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None, left_at__isnull=False))
    asked = Exists(ExpenseClaim.objects.open().filter(invitee=OuterRef("pk")))
    rates = rates_on(OuterRef("sitting__starts_at__date")).filter(term=OuterRef("sitting__term"))
    rows = invitees.filter(came, ~asked, Exists(rates), is_member=True, sitting__state__in=SittingState.tagged("held"))
    return rows.select_related("sitting__term__assembly", "person")


def sittings_to_claim(term: Term) -> QuerySet[Sitting]:
    """Return the sittings of the term for which somebody may still claim, latest first."""
    return Sitting.objects.filter(
        Exists(without_claim(Invitee.objects.filter(sitting=OuterRef("pk")))), term=term
    ).order_by("-starts_at", "-pk")


def rates_on(day: Any) -> QuerySet[ExpenseRate]:
    return ExpenseRate.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


def rate_for(claim: ExpenseClaim, kind: str) -> ExpenseRate | None:
    """Return the rate of that kind on the day of the sitting."""
    return rates_at(claim).filter(kind=kind).first()


def rates_at(claim: ExpenseClaim) -> QuerySet[ExpenseRate]:
    return rates_of_sitting(claim.invitee.sitting)


def rates_of_sitting(sitting: Sitting) -> QuerySet[ExpenseRate]:
    """Return the rates of the day of the sitting, in the order of the kinds."""
    return rates_on(timezone.localdate(sitting.starts_at)).filter(term=sitting.term_id)


def rates_now(term: Term, day: date) -> list[ExpenseRate]:
    rates = {rate.kind: rate for rate in rates_on(day).filter(term=term)}
    return [rates[kind] for kind in ExpenseKind.values if kind in rates]


def lines_of(claim: ExpenseClaim) -> QuerySet[ExpenseLine]:
    return claim.lines.select_related("rate", "voucher__blob").order_by("pk")


def ready_to_send(term: Term) -> ExpenseClaimQuerySet:
    rows = ExpenseClaim.objects.filter(
        term=term, state=S.CHECKED, invitee__sitting__state__in=SittingState.tagged("held")
    ).with_totals()
    return rows.select_related("invitee__person", "invitee__sitting").order_by("pk")


def claims_by_state(user: Any, term: Term) -> dict[str, int]:
    rows = ExpenseClaim.objects.visible_to(user).filter(term=term).order_by()
    return dict(rows.values_list("state").annotate(n=Count("pk")))


def costs_by_sitting(term: Term) -> SittingQuerySet:
    """Return the sittings with submitted claims, latest first, with `claims`, `asked`, `due`, `paid`."""
    lines = ExpenseLine.objects.filter(claim__invitee__sitting=OuterRef("pk")).order_by()

    def summed(states: Sequence[str]) -> Coalesce:
        rows = lines.filter(claim__state__in=states).values("claim__invitee__sitting")
        return Coalesce(Subquery(rows.annotate(n=Sum("amount")).values("n"), output_field=MONEY), Decimal(0))

    asked = S.tagged("waiting", "batched")
    claims = ExpenseClaim.objects.filter(invitee__sitting=OuterRef("pk"), state__in=asked).order_by()
    counted = claims.values("invitee__sitting").annotate(n=Count("pk")).values("n")
    return (
        Sitting.objects.filter(Exists(claims), term=term)
        .annotate(
            claims=Subquery(counted, output_field=IntegerField()),
            asked=summed(asked),
            due=summed([S.CHECKED, S.SENT]),
            paid=summed([S.PAID]),
        )
        .order_by("-starts_at", "-pk")
    )


def batches_of(term: Term) -> QuerySet[ExpenseBatch]:
    """Return the batches with the number of their claims that are not paid yet (`waiting`)."""
    waiting = Count("claims", filter=Q(claims__state=S.SENT))
    return ExpenseBatch.objects.filter(term=term).annotate(waiting=waiting)


def batch_lines(batch: ExpenseBatch) -> QuerySet[ExpenseLine]:
    """Return the rows of the file of a batch, one per expense; it includes those refused since."""
    rows = ExpenseLine.objects.filter(claim__batch=batch)
    return rows.select_related("rate", "claim__invitee__person", "claim__invitee__sitting", "claim__batch").order_by(
        "claim__invitee__person__sort_name", "claim", "pk"
    )


def waiting_for_check(user: Any, term: Term | int) -> QuerySet[Term]:
    return term_with_claims(term, S.SUBMITTED)


def waiting_for_batch(user: Any, term: Term | int) -> QuerySet[Term]:
    return term_with_claims(term, S.CHECKED)


def term_with_claims(term: Term | int, state: str) -> QuerySet[Term]:
    """Return the term with the number `n` of such claims; those of a reopened sitting do not count."""
    rows = ExpenseClaim.objects.filter(
        term=OuterRef("pk"), state=state, invitee__sitting__state__in=SittingState.tagged("held")
    ).order_by()
    counted = rows.values("term").annotate(n=Count("pk")).values("n")
    return Term.objects.filter(Exists(rows), pk=getattr(term, "pk", term)).annotate(n=Subquery(counted))


def to_complete(user: Any, term: Term | int) -> ExpenseClaimQuerySet:
    """Return the reader's claims that were sent back."""
    return ExpenseClaim.objects.filter(invitee__person=user.person_id, term=term, state=S.RETURNED)


def voucher_is_visible(user: Any, upload: Upload) -> bool:
    return ExpenseClaim.objects.visible_to(user).filter(lines__voucher=upload).exists()


COST = DecimalField(max_digits=14, decimal_places=2)


@dataclass(frozen=True)
class CostSource:
    """`amount` is an expression for the sitting of an outer query (`OuterRef("pk")`), at the end of a day."""

    key: str
    label: Label
    amount: Callable[[date], Any]


_sources: dict[str, CostSource] = {}


def add_cost_source(source: CostSource) -> None:
    _sources[source.key] = source


def cost_of_sitting(day: date) -> Any:
    """Return the sum of every source, for the sitting of each row."""
    total: Any = Value(Decimal(0), COST)
    for source in _sources.values():
        total = total + Coalesce(source.amount(day), Value(Decimal(0), COST), output_field=COST)
    return total


def refunds(day: date) -> Subquery:
    """Return the expenses that had been sent to finance by that day, or were refused only later."""
    later = Q(claim__state=ExpenseState.REFUSED, claim__closed_at__gte=end_of(day))
    lines = ExpenseLine.objects.filter(
        Q(claim__state__in=ExpenseState.tagged("batched")) | later,
        claim__invitee__sitting=OuterRef("pk"),
        claim__batch__made_at__lt=end_of(day),
    ).order_by()
    return Subquery(lines.values("claim__invitee__sitting").annotate(n=Sum("amount")).values("n"), output_field=COST)
