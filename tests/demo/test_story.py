"""The demonstration tells one year that holds together: what belongs to what, in which order, and what is late."""

import re
from collections import defaultdict
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.http import HttpResponse
from django.utils import timezone

from assembly.identity.models import User
from assembly.institution.models import Term
from assembly.institution.todo import todo_for
from consultations.models import Referral
from demo.context import DOMAIN, REAL_NOW
from demo.days import TODAY
from draws.models import Candidate
from mission.contracts.models import Contract, ContractOrder
from mission.registers.declaration import registers
from mission.registers.models import RegisterLink
from mission.rooms.models import Booking, Resource
from mission.trips.models import Trip
from opinions.models import Opinion, OpinionSection
from sessions.models import ExpenseBatch, ExpenseClaim, Minutes, Sitting, SittingState
from tests.browsing import StrictClient
from tests.people import People

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("noon")]
HELD = SittingState.tagged("held")
HOUSES = ("Hôtel du Département", "Maison départementale, Muret")
# Line of « À faire », and what the page says to which it leads.
LATE = {
    "Demander les données à jour : Observatoire régional de la santé": "2.0 1er octobre 2025 1er octobre 2026",
    "1 réponse en retard": "31 octobre 2026 25 jours de retard",
    "1 point d’étape en retard": "1er novembre 2026 24 jours de retard",
    "1 action en retard": "Samuel Espinasse 15 novembre 2026 10 jours de retard",
    "Rappeler 2 personnes tirées au sort": "1 jour de retard",
}


def disorder(references: Iterable[str]) -> list[tuple[str, str]]:
    """Return the pairs of neighbours of one series whose numbers do not rise."""
    series = defaultdict(list)
    for reference in references:
        numbers = [int(number) for number in re.findall(r"\d+", reference)]
        series[re.sub(r"\d+", "", reference)].append((numbers, reference))
    return [
        (before[1], after[1])
        for rows in series.values()
        for before, after in zip(rows, rows[1:], strict=False)
        if before[0] >= after[0]
    ]


def at_houses() -> list[Sitting]:
    rows = Sitting.objects.filter(term__number=2).exclude(place_name="").order_by("starts_at")
    return [row for row in rows if row.place_name.startswith(HOUSES)]


def test_each_group_meets_before_the_opinion_that_it_writes():
    sections = OpinionSection.objects.filter(opinion__ballot__isnull=False).select_related("committee")
    assert sections.count() == 6
    for section in sections:
        vote = section.opinion.ballot.agenda_item.sitting
        evenings = Sitting.objects.filter(committee=section.committee, state__in=HELD, starts_at__lt=vote.starts_at)
        assert evenings.count() == 3, section.title
        assert section.validated_on in {timezone.localdate(each.starts_at) for each in evenings}, section.title
        archived = Minutes.objects.filter(sitting__in=evenings, state="archived")
        assert archived.count() == 3, section.title


def test_groups_that_write_now_have_met_since_the_subject_was_chosen():
    drafting = Opinion.objects.get(state="drafting")
    chosen = Sitting.objects.get(title="Séance plénière de rentrée", state__in=HELD)
    groups = [section.committee for section in drafting.sections.select_related("committee")]
    assert len(groups) == 2
    for group in groups:
        assert Sitting.objects.filter(committee=group, state__in=HELD, starts_at__gt=chosen.starts_at).exists()


@pytest.mark.parametrize("key", sorted(registers))
def test_references_of_a_register_follow_the_days(key):
    rows = registers[key].model.objects.order_by("created_at", "pk")
    assert disorder(rows.values_list("reference", flat=True)) == []


def test_references_follow_the_days():
    sittings = Sitting.objects.order_by("starts_at")
    assert disorder(sittings.values_list("reference", flat=True)) == []
    claims = ExpenseClaim.objects.order_by("created_at", "pk")
    assert disorder(claims.values_list("reference", flat=True)) == []
    batches = ExpenseBatch.objects.order_by("made_at")
    assert disorder(batches.values_list("reference", flat=True)) == []
    opinions = Opinion.objects.order_by("created_at")
    assert disorder(opinions.values_list("reference", flat=True)) == []
    referrals = Referral.objects.exclude(reference=None).exclude(reference="").order_by("pk")
    numbers = [reference.split("-", 1)[1] for reference in referrals.values_list("reference", flat=True)]
    assert disorder(numbers) == []
    candidates = Candidate.objects.filter(call__term__number=2).order_by("received_at", "number")
    assert list(candidates.values_list("number", flat=True)) == list(range(1, 1060))


def test_no_row_was_made_after_the_day():
    """Moments that PostgreSQL writes by itself, and those to come, do not count."""
    made = [
        f"{model._meta.label}.{column.name}"
        for model in apps.get_models()
        for column in model._meta.local_fields
        if getattr(column, "auto_now_add", False) or column.default is REAL_NOW
        if model.objects.filter(**{f"{column.name}__gt": timezone.now()}).exists()
    ]
    assert made == []


def test_1059_people_applied():
    assert Candidate.objects.filter(call__term__number=2).count() == 1059


def test_each_sitting_in_a_house_has_its_room_and_no_room_is_booked_for_another():
    linked = {
        (link.sitting_id, link.row) for link in RegisterLink.objects.filter(register="bookings", sitting__isnull=False)
    }
    rooms = Booking.objects.filter(resource__kind="room", state__in=["to_confirm", "confirmed"])
    for sitting in at_houses():
        own = rooms.filter(pk__in=[row for pk, row in linked if pk == sitting.pk])
        covering = own.filter(starts_at__lte=sitting.starts_at, ends_at__gte=sitting.ends_at)
        assert covering.count() == 1, sitting.reference
    for booking in Booking.objects.exclude(resource__kind="vehicle"):
        together = [
            each for each in at_houses() if each.starts_at < booking.ends_at and each.ends_at > booking.starts_at
        ]
        assert not together or booking.pk in {row for _pk, row in linked}, booking.reference
    assert Resource.objects.filter(kind="room").count() == 4


def test_orders_belong_to_the_sitting_of_their_delivery():
    days = defaultdict(set)
    for sitting in at_houses():
        days[timezone.localdate(sitting.starts_at)].add(sitting.pk)
    for order in ContractOrder.objects.filter(delivery_on__in=days):
        assert order.sitting_id in days[order.delivery_on], order.title
    for contract in Contract.objects.filter(kind__in=["catering", "interpreting"]):
        sittings = Sitting.objects.filter(committee=None, starts_at__year=2026, starts_at__date__lt=TODAY)
        assert set(sittings.values_list("pk", flat=True)) <= set(contract.orders.values_list("sitting", flat=True))
    lunch = ContractOrder.objects.get(sitting__reference="PL-2026-06", row__kind="catering")
    assert lunch.quantity == 90


def test_trips_to_a_sitting_belong_to_it():
    trips = Trip.objects.exclude(state="cancelled")
    for trip in trips:
        sittings = Sitting.objects.filter(
            place_name__contains=trip.place, starts_at__gte=trip.starts_at, ends_at__lte=trip.ends_at
        )
        assert [trip.sitting_id] == ([each.pk for each in sittings] or [None]), trip.name
    assert trips.filter(sitting__isnull=False).count() == 3


def test_sixty_claims_belong_to_each_plenary_that_was_held():
    plenaries = Sitting.objects.filter(committee=None, state__in=HELD)
    counts = {each.reference: ExpenseClaim.objects.filter(invitee__sitting=each).count() for each in plenaries}
    assert len(counts) == 5
    assert all(58 <= count <= 62 for count in counts.values()), counts
    assert ExpenseClaim.objects.exclude(invitee__sitting__in=plenaries).count() == 0
    paid = ExpenseClaim.objects.filter(state="paid").count()
    assert paid == 295


@pytest.mark.parametrize("who", ["lead", "officer"])
def test_five_things_are_late_and_nothing_else(who):
    user, term = User.objects.get(email=f"{who}{DOMAIN}"), Term.objects.get(number=2)
    late = todo_for(user, "desk", term).late
    assert [str(line.title) for line in late] == list(LATE)
    desk = StrictClient().enter(People().ready(user))
    for line in late:
        assert LATE[str(line.title)] in text_of(desk.get(line.url)), line.title
    assert " 1 en retard" not in text_of(desk.get("/bureau/saisines/")), "a directorate"


def text_of(page: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).replace("\u00a0", " ").split())
