"""The means of a sitting: what is offered, booked, missing, and a booking that follows a sitting that moved."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from mission.contracts.models import ContractOrder
from mission.registers.models import RegisterLink
from mission.rooms.models import Booking
from sessions.models import Sitting
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.factories.mission import BookingFactory, ContractFactory, ResourceFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.factories.team import TripFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting(people):
    sitting = SittingFactory(term=people.term, title="Plénière", notified=True, offers_meal=True)
    for _n in range(3):
        InviteeFactory(sitting=sitting, coming=True, wants_meal=True)
    return sitting


def words(response):
    return response.content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def room(people, name, capacity, **more):
    return ResourceFactory(assembly=people.assembly, name=name, kind="room", capacity=capacity, **more)


def page_of(sitting):
    return reverse("sittings:sitting", args=[sitting.pk])


def form_of(sitting):
    return reverse("mission:means-book", args=[sitting.pk])


def hours_of(sitting):
    local = [timezone.localtime(moment) for moment in (sitting.starts_at, sitting.ends_at)]
    return dict(zip(("starts_at", "ends_at"), (f"{moment:%Y-%m-%dT%H:%M}" for moment in local), strict=True))


def test_a_room_is_booked_from_the_sitting_in_three_clicks(people, sitting, signed_in):
    browser = signed_in("officer")
    large, small = room(people, "Grande", 140), room(people, "Petite", 2)
    taken = BookingFactory(
        assembly=people.assembly,
        name="Formation",
        owner=people["lead"],
        resource=room(people, "Prise", 60),
        starts_at=sitting.starts_at,
        ends_at=sitting.ends_at,
    )
    assert form_of(sitting) in browser.get(page_of(sitting)).content.decode()
    form = browser.get(form_of(sitting)).context["form"]
    labels = [str(label).replace("\u00a0", " ") for _key, label in form["resources"].field.choices]
    assert [label.partition(",")[0] for label in labels] == ["Grande", "Petite", "Prise"]
    assert "trop petite" in labels[1]
    assert f"pris par {people['lead'].get_full_name()} pour « Formation »" in labels[2]
    refused = browser.post(form_of(sitting), {"resources": [large.pk, taken.resource_id], **hours_of(sitting)})
    assert refused.status_code == 422
    assert Booking.objects.count() == 1
    browser.post(form_of(sitting), {"resources": [large.pk], **hours_of(sitting)})
    booking = Booking.objects.get(resource=large)
    assert (booking.name, booking.owner, booking.starts_at) == ("Plénière", people["officer"], sitting.starts_at)
    assert RegisterLink.objects.get(register="bookings", row=booking.pk).sitting == sitting
    assert Booking.objects.filter(resource=small).count() == 0
    assert words(browser.get(page_of(sitting))).count("Grande") == 1


def test_before_the_convocation_the_room_is_for_those_whom_it_will_name(people, signed_in):
    group = CommitteeFactory(term=people.term)
    for _n in range(3):
        CommitteeMembershipFactory(committee=group)
    sitting = SittingFactory(term=people.term, kind="committee", committee=group)
    room(people, "Petite", 2)
    page = signed_in("officer").get(form_of(sitting))
    assert "3 personnes peuvent venir" in words(page)
    assert "trop petite" in words(page)


def test_the_page_says_what_is_missing_and_what_is_there(people, sitting, signed_in):
    browser = signed_in("officer")
    text = words(browser.get(page_of(sitting)))
    assert "Aucune salle n’est réservée" in text
    assert "Aucun repas commandé, 3 demandés" in text
    today = timezone.localdate()
    contract = ContractFactory(
        assembly=people.assembly,
        name="Traiteur",
        kind="catering",
        state="running",
        starts_on=today - timedelta(days=30),
        ends_on=today + timedelta(days=300),
    )
    parts = browser.get(page_of(sitting)).content.decode().split('"')
    links = [part for part in parts if "/commandes/ajouter/" in part]
    form = browser.get(links[0].replace("&amp;", "&")).context["form"]
    assert (form.initial["quantity"], form.initial["sitting"]) == (3, sitting)
    by = {"created_by": people["officer"], "changed_by": people["officer"]}
    ContractOrder.objects.create(
        row=contract, sitting=sitting, title="Repas", quantity=2, amount=50, ordered_on=today, **by
    )
    TripFactory(assembly=people.assembly, name="Accueil", sitting=sitting)
    text = words(browser.get(page_of(sitting)))
    for part in ("2 repas commandés, 3 demandés", "Repas", "Accueil", "Coût à ce jour : 50,00 €"):
        assert part in text


def test_a_booking_follows_a_sitting_that_moved(people, sitting, signed_in):
    browser, large = signed_in("officer"), room(people, "Grande", 140)
    browser.post(form_of(sitting), {"resources": [large.pk], **hours_of(sitting)})
    booking = Booking.objects.get()
    assert "Pas aux heures de la séance" not in words(browser.get(page_of(sitting)))
    later = {name: getattr(sitting, name) + timedelta(days=7) for name in ("starts_at", "ends_at")}
    Sitting.objects.filter(pk=sitting.pk).update(break_starts_at=None, break_ends_at=None, **later)
    assert "Pas aux heures de la séance" in words(browser.get(page_of(sitting)))
    move = reverse("mission:means-move", args=[sitting.pk, booking.pk])
    assert browser.get(move).status_code == 405
    browser.post(move)
    booking.refresh_from_db()
    assert (booking.starts_at, booking.ends_at, booking.state) == (*later.values(), "to_confirm")
    other = BookingFactory(assembly=people.assembly)
    assert browser.post(reverse("mission:means-move", args=[sitting.pk, other.pk])).status_code == 409
    Sitting.objects.filter(pk=sitting.pk).update(state="cancelled", reason="Neige")
    assert browser.post(move).status_code == 409
    assert browser.get(form_of(sitting)).status_code == 409
    assert "Annuler la réservation" in words(browser.get(page_of(sitting)))


def test_where_the_hour_is_taken_the_booking_asks_for_another_room(people, sitting, signed_in):
    browser, large = signed_in("officer"), room(people, "Grande", 140)
    browser.post(form_of(sitting), {"resources": [large.pk], **hours_of(sitting)})
    booking = Booking.objects.get()
    later = {name: getattr(sitting, name) + timedelta(days=7) for name in ("starts_at", "ends_at")}
    BookingFactory(assembly=people.assembly, resource=large, **later)
    Sitting.objects.filter(pk=sitting.pk).update(break_starts_at=None, break_ends_at=None, **later)
    response = browser.post(reverse("mission:means-move", args=[sitting.pk, booking.pk]))
    assert response["Location"] == reverse("mission:bookings-step", args=[booking.pk, "deplacer"])
    booking.refresh_from_db()
    assert booking.starts_at == sitting.starts_at


def test_a_booking_of_two_sittings_does_not_follow_one_of_them(people, sitting, signed_in):
    browser, large = signed_in("officer"), room(people, "Grande", 140)
    browser.post(form_of(sitting), {"resources": [large.pk], **hours_of(sitting)})
    booking = Booking.objects.get()
    second = SittingFactory(term=people.term, title="Bureau", notified=True)
    link = RegisterLink.objects.create(register="bookings", row=booking.pk, sitting=second, added_by=people["officer"])
    later = {name: getattr(second, name) + timedelta(days=7) for name in ("starts_at", "ends_at")}
    Sitting.objects.filter(pk=second.pk).update(break_starts_at=None, break_ends_at=None, **later)
    move = reverse("mission:means-move", args=[second.pk, booking.pk])
    response = browser.post(move)
    assert response["Location"] == form_of(second)
    assert "sert aussi à « Plénière »" in words(browser.get(response["Location"]))
    booking.refresh_from_db()
    assert booking.starts_at == sitting.starts_at
    Sitting.objects.filter(pk=sitting.pk).update(state="cancelled", reason="Neige")
    browser.post(move)
    booking.refresh_from_db()
    assert (booking.starts_at, RegisterLink.objects.filter(pk=link.pk).exists()) == (later["starts_at"], True)


@pytest.mark.parametrize(
    "typed",
    [
        {"starts_at": "0001-01-01T00:00", "ends_at": "0001-01-01T02:00"},
        {"starts_at": "9999-12-31T22:00", "ends_at": "9999-12-31T23:59"},
        {"starts_at": "2027-03-28T02:30", "ends_at": "2027-03-28T04:00"},  # the hour that the clock leaves out
        {"starts_at": "2027-10-31T02:30", "ends_at": "2027-10-31T04:00"},  # the hour that it has twice
        {"starts_at": "2027-01-10T10:00", "ends_at": "2027-01-10T10:00"},
        {"starts_at": "2027-01-10T10:00", "ends_at": "2027-01-09T10:00"},
        {"starts_at": "\x00", "ends_at": "9" * 400},
        {"resources": [2**63]},
        {"resources": ["\x00"]},
        {"resources": ["²"]},
    ],
)
def test_hours_that_make_no_sense_are_a_sentence(people, sitting, signed_in, typed):
    large = room(people, "Grande", 140)
    form = {"resources": [large.pk], **hours_of(sitting), **typed}
    assert signed_in("officer").post(form_of(sitting), form).status_code in (400, 422)
    assert Booking.objects.count() == 0


def test_only_the_team_reads_and_books(people, sitting, signed_in):
    assert "Moyens" not in words(signed_in("facilitator").get(page_of(sitting)))
    assert signed_in("facilitator").get(form_of(sitting)).status_code == 403
    assert signed_in("member").get(form_of(sitting)).status_code == 403
    assert signed_in(people.elsewhere("lead")).get(form_of(sitting)).status_code == 404


def test_a_booking_of_a_postponed_sitting_goes_to_the_one_that_follows(people, sitting, signed_in):
    browser, large = signed_in("officer"), room(people, "Grande", 140)
    browser.post(form_of(sitting), {"resources": [large.pk], **hours_of(sitting)})
    booking = Booking.objects.get()
    Sitting.objects.filter(pk=sitting.pk).update(state="postponed", reason="Neige")
    days = timedelta(days=14)
    following = SittingFactory(term=people.term, title="Plénière", follows=sitting, starts_at=sitting.starts_at + days)
    assert "Pas aux heures de la séance" in words(browser.get(page_of(following)))
    browser.post(reverse("mission:means-move", args=[following.pk, booking.pk]))
    booking.refresh_from_db()
    assert booking.starts_at == following.starts_at
    assert RegisterLink.objects.get().sitting == following
    assert "Pas aux heures de la séance" not in words(browser.get(page_of(following)))
    assert "Grande" not in words(browser.get(page_of(sitting)))
