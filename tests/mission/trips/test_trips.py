"""Trips: what an order needs, what it holds fast, what waits, what calendars read."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from assembly.identity.personal_data import registry
from assembly.institution.todo import todo_for
from assembly.web.errors import StateConflict
from mission.trips.models import Trip, TripTraveller
from mission.trips.register import TRIPS
from sessions.sittings.actions.convening import open_my_feed
from sessions.sittings.rules import calendar_token
from tests.factories.mission import BookingFactory, ResourceFactory
from tests.factories.team import TeamPostFactory, TripFactory
from tests.paper_pages import look

LINES = TRIPS.line_kind("voyageurs")


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["lead"]))


def vehicle_booking(people, kind="vehicle"):
    resource = ResourceFactory(assembly=people.assembly, name="Minibus", kind=kind)
    return BookingFactory(assembly=people.assembly, resource=resource)


@pytest.mark.parametrize(
    ("sent", "answer"),
    [
        ({}, 302),
        ({"ends_at": "2026-12-09T07:30"}, 422),
        ({"ends_at": "2026-12-08T07:30"}, 422),
        ({"starts_at": "0001-01-01T00:00"}, 422),
        ({"ends_at": "9999-12-31T23:59"}, 422),
        ({"means": "balloon"}, 422),
        ({"booking": "vehicle"}, 422),  # by train
        ({"booking": "vehicle", "means": "service_car"}, 302),
        ({"booking": "room", "means": "service_car"}, 422),
    ],
)
def test_a_trip_comes_back_and_its_vehicle_is_booked(desk, people, sent, answer):
    values = {"name": "Visite", "place": "Luchon", "starts_at": "2026-12-09T07:30", "ends_at": "2026-12-09T19:00"}
    typed = {**values, "means": "train", **sent}
    if "booking" in typed:
        typed["booking"] = vehicle_booking(people, typed["booking"]).pk
    assert desk.post(reverse("mission:trips-new"), typed).status_code == answer
    assert Trip.objects.count() == (answer == 302)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "wrong"),
    [
        ("draft", {"ends_at": datetime(2026, 12, 9, 6, tzinfo=UTC)}),
        ("draft", {"state": "ordered"}),
        ("ordered", {"ordered_on": None}),
        ("ordered", {"state": "draft"}),
        ("draft", {"state": "lost"}),
        ("draft", {"booking": True}),
    ],
)
def test_the_database_refuses_it_too(state, wrong):
    row = TripFactory(state=state)
    if "booking" in wrong:
        wrong = {"booking": BookingFactory(assembly=row.assembly)}
    with pytest.raises(IntegrityError), transaction.atomic():
        Trip.objects.filter(pk=row.pk).update(**wrong)


def test_a_signed_order_holds_what_it_says(desk, people):
    row, by = TripFactory(assembly=people.assembly, travellers=[]), people["lead"]
    step = reverse("mission:trips-step", args=[row.pk, "ordonner"])
    assert desk.post(step).status_code == 422  # nobody goes
    post = TeamPostFactory(assembly=people.assembly, name="Stagiaire")
    add = reverse("mission:trips-line-add", args=[row.pk, "voyageurs"])
    assert [desk.post(add, {"post": post.pk}).status_code for _ in range(2)] == [302, 422]  # once
    assert desk.post(step).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.ordered_on) == ("ordered", timezone.localdate())

    other = TeamPostFactory(assembly=people.assembly)
    assert desk.post(add, {"post": other.pk}).status_code == 422
    gone = reverse("mission:trips-line-remove", args=[row.pk, "voyageurs", row.travellers.get().pk])
    answer = desk.post(gone)
    assert answer.status_code == 409
    assert "L’ordre est signé\u00a0: reprenez-le pour changer les personnes qui partent." in answer.content.decode()
    page = desk.get(reverse("mission:trips-row", args=[row.pk])).content.decode()
    assert add not in page  # nor a line to change
    assert reverse("mission:trips-line", args=[row.pk, "voyageurs", row.travellers.get().pk]) not in page
    typed = {"name": "Ailleurs", "place": "Pau", "means": "other", "notes": "Badge à prendre.", "version": row.version}
    typed |= {"starts_at": "2026-12-10T07:30", "ends_at": "2026-12-10T19:00"}
    assert desk.post(reverse("mission:trips-edit", args=[row.pk]), typed).status_code == 302
    row.refresh_from_db()
    assert (row.place, row.means, row.notes) == ("Bagnères-de-Luchon", "train", "Badge à prendre.")
    with pytest.raises(StateConflict):
        TRIPS.workflow.transition(row, "order", by=by)
    TRIPS.workflow.transition(row, "revise", by=by, reason="Un jour plus tard.")
    assert (row.state, row.ordered_on) == ("draft", None)
    assert add in desk.get(reverse("mission:trips-row", args=[row.pk])).content.decode()
    assert desk.post(add, {"post": other.pk}).status_code == 302


def test_nobody_is_on_two_trips_at_once(desk, people):
    post = TeamPostFactory(assembly=people.assembly, name="Stagiaire")
    first = TripFactory(assembly=people.assembly, name="Visite de Luchon", state="ordered", travellers=[post])
    day = {"starts_at": datetime(2026, 12, 9, 16, 59, tzinfo=UTC), "ends_at": datetime(2026, 12, 9, 20, tzinfo=UTC)}
    second = TripFactory(assembly=people.assembly, name="Atelier", travellers=[], **day)
    add = reverse("mission:trips-line-add", args=[second.pk, "voyageurs"])
    answer = desk.post(add, {"post": post.pk})
    assert answer.status_code == 422
    told = " ".join(answer.content.decode().replace("\u00a0", " ").split())
    assert f"Stagiaire est déjà en déplacement : {first.reference}, « Visite de Luchon », mercredi 9 déc" in told
    other = TeamPostFactory(assembly=people.assembly)
    assert desk.post(add, {"post": other.pk}).status_code == 302

    # The order taken back and the trip given up, the same person may go.
    TRIPS.workflow.transition(first, "cancel", by=people["lead"], reason="Neige.")
    assert desk.post(add, {"post": post.pk}).status_code == 302


def test_a_trip_moves_beside_those_of_its_travellers(desk, people):
    post = TeamPostFactory(assembly=people.assembly, name="Stagiaire")
    first = TripFactory(assembly=people.assembly, name="Visite de Luchon", travellers=[post])
    day = {"starts_at": datetime(2026, 12, 10, 7, tzinfo=UTC), "ends_at": datetime(2026, 12, 10, 17, tzinfo=UTC)}
    second = TripFactory(assembly=people.assembly, name="Atelier", travellers=[post], **day)
    edit = reverse("mission:trips-edit", args=[second.pk])
    typed = {"name": "Atelier", "place": "Revel", "means": "train", "version": second.version}
    answer = desk.post(edit, typed | {"starts_at": "2026-12-09T17:59", "ends_at": "2026-12-09T19:00"})
    assert answer.status_code == 422  # Paris: the first one is back at 18 h
    told = " ".join(answer.content.decode().replace("\u00a0", " ").split())
    assert f"Stagiaire est déjà en déplacement : {first.reference}, « Visite de Luchon »" in told
    assert desk.post(edit, typed | {"starts_at": "2026-12-09T18:00", "ends_at": "2026-12-09T19:00"}).status_code == 302
    line = second.travellers.get()
    assert line.starts_at == datetime(2026, 12, 9, 17, tzinfo=UTC)


@pytest.mark.django_db
def test_the_database_keeps_two_trips_of_one_person_apart():
    first = TripFactory()
    (line,) = first.travellers.all()
    then = {"starts_at": datetime(2026, 12, 12, 7, tzinfo=UTC), "ends_at": datetime(2026, 12, 12, 17, tzinfo=UTC)}
    second = TripFactory(assembly=first.assembly, travellers=[line.post], **then)
    now = {"starts_at": first.starts_at, "ends_at": first.ends_at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Trip.objects.filter(pk=second.pk).update(**now)
    third = TripFactory(assembly=first.assembly, travellers=[])
    with pytest.raises(IntegrityError), transaction.atomic():
        TripTraveller.objects.create(
            row=third, post=line.post, created_by=third.created_by, changed_by=third.created_by
        )
    Trip.objects.filter(pk=first.pk).update(state="cancelled")
    Trip.objects.filter(pk=second.pk).update(**now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Trip.objects.filter(pk=first.pk).update(state="draft")
    Trip.objects.filter(pk=second.pk).update(state="done", ordered_on=timezone.localdate())
    Trip.objects.filter(pk=first.pk).update(state="draft")


def test_the_sheet_names_who_goes_and_is_gone_with_the_trip(desk, people):
    booking = vehicle_booking(people)
    post = TeamPostFactory(assembly=people.assembly, name="Chargée de concertation", holder=people["officer"])
    row = TripFactory(assembly=people.assembly, travellers=[post], means="service_car", booking=booking)
    answer = desk.get(reverse("mission:trip-order", args=[row.pk]))
    assert answer["Content-Type"] == "application/pdf"
    (sheet,) = look(answer.content)
    told = " ".join(sheet.words.split())
    for words in (people["officer"].get_full_name(), "Chargée de concertation", "Bagnères-de-Luchon", "Minibus"):
        assert words in told
    TRIPS.workflow.transition(row, "cancel", by=people["lead"], reason="Neige.")
    assert desk.get(reverse("mission:trip-order", args=[row.pk])).status_code == 404


def test_what_waits_before_and_after(people):
    now = timezone.now()
    soon, later, back = (
        TripFactory(assembly=people.assembly, name=name, state=state, starts_at=now + begins, ends_at=now + ends)
        for name, state, begins, ends in (
            ("Soon", "draft", timedelta(days=5), timedelta(days=6)),
            ("Later", "draft", timedelta(days=9), timedelta(days=10)),
            ("Back", "ordered", timedelta(days=-3), timedelta(days=-2)),
        )
    )
    lines = [str(line.title) for line in todo_for(people["officer"], "desk", people.term).lines]
    named = [next((line for line in lines if row.name in line), "") for row in (soon, later, back)]
    assert [line.partition(" ")[0] for line in named] == ["Faire", "", "Noter"]


def test_who_goes_reads_them_in_their_calendar_and_nobody_else(client, people):
    post = TeamPostFactory(assembly=people.assembly, holder=people["officer"])
    name = people["officer"].get_full_name()
    starts = timezone.now().replace(microsecond=0) + timedelta(days=3)
    for days, state in enumerate(("draft", "ordered", "cancelled")):
        begins = starts + timedelta(days=days)
        span = {"starts_at": begins, "ends_at": begins + timedelta(hours=8)}
        TripFactory(assembly=people.assembly, name=state, state=state, travellers=[post], **span)

    def read(user):
        address = reverse("sittings:my-calendar", args=[calendar_token(open_my_feed(by=user))])
        found = Calendar.from_ical(client.get(address).content).walk("VEVENT")
        return {(str(one["summary"]), str(one["status"]), str(one["description"])) for one in found}

    assert {(title.replace("\u00a0", " "), status, who) for title, status, who in read(people["officer"])} == {
        ("Déplacement : draft", "TENTATIVE", name),
        ("Déplacement : ordered", "CONFIRMED", name),
        ("Déplacement : cancelled", "CANCELLED", name),
    }
    for other in (people["lead"], people["member"], people["facilitator"], people.elsewhere("lead")):
        assert read(other) == set()


@pytest.mark.django_db
def test_who_went_is_forgotten_two_years_after():
    old = TripFactory(starts_at=datetime(2024, 3, 4, 8, tzinfo=UTC), ends_at=datetime(2024, 3, 4, 18, tzinfo=UTC))
    kept = TripFactory()
    rule = registry.retentions["mission.trip_travellers"]
    for row in rule.find(datetime(2026, 3, 5, tzinfo=UTC)):
        rule.apply(row)
    assert [row.row for row in TripTraveller.objects.all()] == [kept]
    assert Trip.objects.filter(pk=old.pk).exists()
