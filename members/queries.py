"""Reading members. Other apps ask here who sits, on which day."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from assembly.institution.models import Canton, Term
from members.enums import ImageUse, SeatGender
from members.models import CharterVersion, ImageConsent, Mandate, Member, Seat
from members.models.mandate import OPEN_STATES


def active_mandates(term: Term | int, on: date | None = None) -> QuerySet[Mandate]:
    """Mandates of `term` whose holder sits on that day (today by default), sorted by name."""
    return (
        Mandate.objects.filter(term=term, seat__isnull=False)
        .active_on(on or timezone.localdate())
        .select_related("member__person", "member__canton", "seat")
        .order_by("member__person__sort_name", "pk")
    )


def active_members(term: Term | int, on: date | None = None) -> QuerySet[Member]:
    """Members who sit on that day, sorted by name, with person and canton."""
    mandates = Mandate.objects.filter(term=term, seat__isnull=False).active_on(on or timezone.localdate())
    return (
        Member.objects.filter(pk__in=mandates.values("member"))
        .select_related("person", "canton")
        .order_by("person__sort_name", "pk")
    )


def seats_held(term: Term | int, on: date | None = None) -> int:
    """Seats with a holder on that day, suspended holders included: the base of the quorum."""
    held = Mandate.objects.filter(term=term, seat__isnull=False).holding_on(on or timezone.localdate())
    return held.aggregate(count=Count("seat", distinct=True))["count"]


def vacant_seats(term: Term | int, canton: Canton | int | None = None) -> QuerySet[Seat]:
    """Seats that nobody holds, nor is being asked to take."""
    seats = Seat.objects.filter(term=term).exclude(mandates__state__in=OPEN_STATES).select_related("canton")
    return seats.filter(canton=canton) if canton else seats


def vacant_seat_for(term: Term | int, canton: Canton | int, gender: str) -> Seat | None:
    """The first vacant seat that a person of this gender may take in the canton."""
    fitting = vacant_seats(term, canton).filter(gender__in=[gender, SeatGender.ANY])
    return fitting.order_by("gender", "rank").first()


def mandate_in(term: Term | int, person_id: int) -> Mandate | None:
    """The person's latest mandate in the term, open or not."""
    found = Mandate.objects.filter(term=term, member__person_id=person_id)
    return found.select_related("member__person", "member__canton", "seat").order_by("-proposed_at", "-pk").first()


def charter_in_force(term: Term | int, on: date | None = None) -> CharterVersion | None:
    return CharterVersion.objects.filter(term=term, in_force_on__lte=on or timezone.localdate()).first()


def image_answers(member: Member) -> dict[str, ImageConsent | None]:
    """The answer in force for each use; None when never asked."""
    found: dict[str, ImageConsent | None] = dict.fromkeys(ImageUse.values)
    for row in ImageConsent.objects.filter(member=member).order_by("decided_on", "pk"):
        found[row.use] = row
    return found


def agreeing_to_image(members: Iterable[int], use: str) -> set[int]:
    """Members (by key) whose latest answer allows this use of their image."""
    rows = ImageConsent.objects.filter(member__in=list(members), use=use).order_by("decided_on", "pk")
    latest = {row["member_id"]: row["is_given"] for row in rows.values("member_id", "is_given")}
    return {member for member, given in latest.items() if given}


def former_person_ids(term: Term | int, person_ids: Iterable[int]) -> set[int]:
    """People among these who are « ancien membre » of the term today: their texts stay, signed so."""
    today = timezone.localdate()
    known = Mandate.objects.filter(term=term, member__person__in=list(person_ids), activated_on__isnull=False)
    sitting = set(known.holding_on(today).values_list("member__person_id", flat=True))
    return set(known.values_list("member__person_id", flat=True)) - sitting


def own_member(user: Any) -> Member | None:
    """The member behind this sign-in."""
    return Member.objects.filter(person_id=user.person_id).select_related("person", "canton").first()
