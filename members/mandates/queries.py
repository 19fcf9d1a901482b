"""Queries of seats and mandates. Other apps find here who sits, on which day."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, F, Min, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from assembly.identity.models import ContactChannel
from assembly.institution.models import Canton, Invitation, Role, RoleAssignment, Term
from members.enums import MandateState
from members.mandates.models import MandateQuerySet
from members.models import Mandate, Member, Seat


def active_mandates(term: Term | int, on: date | None = None) -> QuerySet[Mandate]:
    """Return mandates of `term` whose holder sits on that day (today by default), sorted by name."""
    return Mandate.objects.filter(term=term, seat__isnull=False).active_on(on or timezone.localdate()).by_name()


def seats_held(term: Term | int, on: date | None = None) -> int:
    """Count the seats with a holder on that day, suspended holders included: the base of the quorum."""
    mandates = Mandate.objects.filter(term=term, seat__isnull=False).holding_on(on or timezone.localdate())
    return mandates.aggregate(count=Count("seat", distinct=True))["count"]


def vacant_seats(term: Term | int, canton: Canton | int | None = None) -> QuerySet[Seat]:
    """Return the seats without holder and without a proposed mandate."""
    seats = Seat.objects.filter(term=term).exclude(mandates__state__in=MandateState.tagged("open"))
    seats = seats.select_related("canton")
    return seats.filter(canton=canton) if canton else seats


def seats_by_canton(term: Term | int, on: date | None = None) -> list[Seat]:
    """Return the seats of the term with `held_since` and `vacated_on`, at most one filled; both None: never held.

    In each canton the held ones come first, the longest held before the others: an order by gender would reveal it.
    """
    day = on or timezone.localdate()
    mandates = Mandate.objects.filter(seat=OuterRef("pk"), activated_on__lte=day)
    since = mandates.holding_on(day).order_by("-activated_on").values("activated_on")[:1]
    until = mandates.filter(ended_on__lte=day).order_by("-ended_on").values("ended_on")[:1]
    rows = Seat.objects.filter(term=term).select_related("canton")
    rows = rows.annotate(held_since=Subquery(since), last_end=Subquery(until))
    rows = rows.annotate(vacated_on=Case(When(held_since=None, then=F("last_end"))))
    order = (F("held_since").asc(nulls_last=True), F("vacated_on").asc(nulls_last=True))
    return list(rows.order_by("canton__number", "canton_id", *order))


def former_person_ids(term: Term | int, person_ids: Iterable[int]) -> set[int]:
    """Return those who are « ancien membre » of the term today: their texts stay, signed so."""
    today = timezone.localdate()
    known = Mandate.objects.filter(term=term, member__person__in=list(person_ids), activated_on__isnull=False)
    sitting = set(known.holding_on(today).values_list("member__person_id", flat=True))
    return set(known.values_list("member__person_id", flat=True)) - sitting


def mandate_in_term(member: Member, term: Term | int) -> Mandate | None:
    """Return the member's latest mandate in the term."""
    rows = (
        member.mandates.filter(term=term)
        .select_related("seat", "term", "alumni_consent")
        .order_by("-proposed_at", "-pk")
    )
    return rows.first()


def answers_awaited(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term while people have not answered, `n` of them, with the nearest `deadline`."""
    rows = Mandate.objects.filter(term=OuterRef("pk"), state=MandateState.PROPOSED).order_by().values("term")
    nearest = rows.annotate(day=Min("answer_deadline")).values("day")
    return term_with_some(term, rows).annotate(deadline=Subquery(nearest))


def ready_to_open(user: Any, term: Term | int) -> QuerySet[Term]:
    """Return the term while accepted mandates have a seat, `n` of them."""
    return term_with_some(term, mandates_to_open(OuterRef("pk")).order_by().values("term"))


def term_with_some(term: Term | int, rows: QuerySet[Any, Any]) -> QuerySet[Term]:
    counted = rows.annotate(n=Count("pk")).values("n")
    return Term.objects.filter(Exists(rows), pk=getattr(term, "pk", term)).annotate(n=Subquery(counted))


def mandates_to_open(term: Term | int | OuterRef) -> QuerySet[Mandate]:
    """Return the accepted mandates with a seat, sorted by name."""
    return Mandate.objects.filter(term=term, state=MandateState.ACCEPTED, seat__isnull=False).by_name()


def not_signed_in(term: Term | int, only: Collection[int] | None = None) -> Any:
    """Return members who cannot sign in for this term, with `is_invited`: whether they have an open invitation."""
    place = {"role": Role.MEMBER, "term": term}
    roles = RoleAssignment.objects.filter(user__person=OuterRef("member__person"), ended_at=None, **place)
    sent = Invitation.objects.filter(person=OuterRef("member__person"), revoked_at=None, **place)
    rows = Mandate.objects.filter(term=term, seat__isnull=False, state__in=MandateState.tagged("accepted"))
    chosen = rows if only is None else rows.filter(pk__in=only)
    return chosen.filter(~Exists(roles)).annotate(is_invited=Exists(sent))


def mandates_to_invite(
    term: Term | int, *, again: bool = False, only: Collection[int] | None = None
) -> MandateQuerySet:
    """Return those never invited, or (`again`) invited but not signed in; only the chosen ones, if any."""
    return not_signed_in(term, only).filter(is_invited=again).by_name()


def invitations_to_send(term: Term | int, only: Collection[int] | None = None) -> dict[bool, dict[str, int]]:
    """Count those in each of the two lists (`people`), and those of them who get a letter (`letters`)."""
    paper = Q(member__person__channel=ContactChannel.PAPER) | Q(member__person__email="")
    rows = (
        not_signed_in(term, only).values("is_invited").annotate(people=Count("pk"), letters=Count("pk", filter=paper))
    )
    return {again: {"people": 0, "letters": 0} for again in (False, True)} | {row["is_invited"]: row for row in rows}
