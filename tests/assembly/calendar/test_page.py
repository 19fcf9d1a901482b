"""The page of the week: who reads what, by person, by room and together; rooms taken twice; cost in statements."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from mission.registers.models import RegisterLink
from mission.rooms.models import Booking
from tests.factories.consultations import HearingFactory, ReferralFactory
from tests.factories.mission import BookingFactory, PartnerFactory, ResourceFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.factories.team import CapacityPeriodFactory, TeamPostFactory, TripFactory

pytestmark = pytest.mark.django_db
WEEK = {"du": "2026-12-09"}
PAGE = "/bureau/semaine/"


def at(day, hour):
    return datetime(2026, 12, day, hour - 1, tzinfo=UTC)


def sitting(term, day, hour, **more):
    """Make a sitting of two hours without a break."""
    hours = {"starts_at": at(day, hour), "ends_at": at(day, hour + 2), "break_starts_at": None, "break_ends_at": None}
    return SittingFactory(term=term, **hours, **more)


def cells(response):
    """Return the titles in each row of the table, by its name, with the day of the month."""
    return {
        row.name: [(cell.column.first.day, line.item.title) for cell in row.cells for line in cell.lines]
        for row in response.context["rows"]
    }


@pytest.fixture
def week(people):
    """A plenary, a meeting that the officer follows, a trip and a leave of theirs, a booking, a due day."""
    officer = people["officer"]
    sitting(people.term, 12, 9, title="Plénière", notified=True)
    group = sitting(people.term, 8, 18, title="Groupe", officer=officer, committee_sitting=True)
    InviteeFactory(sitting=group, person=people["facilitator"].person)
    post = TeamPostFactory(assembly=people.assembly, holder=officer)
    CapacityPeriodFactory(row=post, percent=0, starts_on=date(2026, 12, 1), ends_on=date(2026, 12, 31))
    TripFactory(assembly=people.assembly, name="Luchon", travellers=[post], starts_at=at(9, 8), ends_at=at(9, 18))
    PartnerFactory(assembly=people.assembly, name="Mission locale", owner=officer, due_on=date(2026, 12, 10))
    referral = ReferralFactory(term=people.term, officer=officer)
    HearingFactory(referral=referral, title="Audition", starts_at=at(11, 14), ends_at=at(11, 16))
    return BookingFactory(
        assembly=people.assembly,
        name="Atelier",
        owner=None,
        resource=ResourceFactory(assembly=people.assembly, name="Salle Garonne"),
        starts_at=at(10, 9),
        ends_at=at(10, 12),
    )


def test_each_person_has_a_row_and_the_team_the_first(people, week, signed_in):
    people["lead"]
    response = signed_in("officer").get(PAGE, WEEK)
    rows = cells(response)
    officer, facilitator, lead = (people[role].get_full_name() for role in ("officer", "facilitator", "lead"))
    assert rows["Toute l’équipe"] == [(10, "Atelier"), (12, "Plénière")]
    assert [title for _day, title in rows[officer]] == ["Groupe", "Luchon", "Relancer Mission locale", "Audition"]
    assert rows[facilitator] == [(8, "Groupe")]
    assert rows[lead] == []
    away = next(row for row in response.context["rows"] if row.name == officer).cells
    assert {cell.away for cell in away} == {"absence"}
    alone = signed_in("officer").get(PAGE, WEEK | {"qui": str(people["facilitator"].pk)})
    assert [title for row in cells(alone).values() for _day, title in row] == ["Groupe", "Plénière"]
    for nobody in ("0", str(people["member"].pk), str(2**62)):
        assert cells(signed_in("officer").get(PAGE, WEEK | {"qui": nobody})) == rows


def test_a_kind_that_is_hidden_is_not_read(people, week, signed_in):
    shown = signed_in("officer").get(PAGE, WEEK | {"sans": "seances,echeances,absences", "par": "ensemble"})
    titles = {title for row in cells(shown).values() for _day, title in row}
    assert titles == {"Atelier", "Luchon", "Audition"}


@pytest.mark.parametrize("period", ["jour", "semaine", "mois"])
@pytest.mark.parametrize("by", ["personne", "salle", "ensemble"])
def test_each_period_is_read_by_each_kind_of_row(people, week, signed_in, period, by):
    response = signed_in("lead").get(PAGE, WEEK | {"du": "2026-12-10", "periode": period, "par": by})
    assert response.status_code == 200
    assert "Atelier" in {title for row in cells(response).values() for _day, title in row}


def test_a_room_taken_twice_is_said_with_its_remedy(people, week, signed_in):
    meeting = sitting(people.term, 10, 11, title="Comité", place_name="salle garonne")
    response = signed_in("officer").get(PAGE, WEEK | {"par": "salle"})
    [clash] = response.context["clashes"]
    assert (clash.room, clash.day, clash.first, clash.second) == (
        "Salle Garonne",
        date(2026, 12, 10),
        "Atelier",
        "Comité",
    )
    assert clash.hours.replace("\u00a0", " ") == "de 11 h à 12 h"
    assert clash.url == reverse("sittings:edit", args=[meeting.pk])
    RegisterLink.objects.create(register="bookings", row=week.pk, sitting=meeting, added_by=people["officer"])
    response = signed_in("officer").get(PAGE, WEEK | {"par": "salle"})
    assert response.context["clashes"] == []
    assert cells(response)["Salle Garonne"] == [(10, "Atelier"), (10, "Comité")]  # it ends before the sitting
    Booking.objects.filter(pk=week.pk).update(ends_at=meeting.ends_at)
    response = signed_in("officer").get(PAGE, WEEK | {"par": "salle"})
    assert cells(response)["Salle Garonne"] == [(10, "Atelier")]
    together = cells(signed_in("officer").get(PAGE, WEEK | {"par": "ensemble"}))
    assert [title for row in together.values() for day, title in row if day == 10] == [
        f"absence : {people['officer'].get_full_name()}",
        "Relancer Mission locale",
        "Comité",
    ]


def test_a_click_in_a_cell_books_that_room_on_that_day(people, week, signed_in):
    browser = signed_in("officer")
    [row] = browser.get(PAGE, WEEK | {"par": "salle"}).context["rows"]
    form = browser.get(row.cells[2].add_url).context["form"]
    assert form["resource"].initial == week.resource
    assert [form[name].initial.isoformat()[:16] for name in ("starts_at", "ends_at")] == [
        "2026-12-09T09:00",
        "2026-12-09T10:00",
    ]
    assert browser.get(reverse("mission:bookings-new"), {"resource": "x", "starts_at": "0001"}).status_code == 200


def test_in_a_month_of_weeks_a_click_asks_for_the_day(people, week, signed_in):
    browser = signed_in("officer")
    for by in ("personne", "salle"):
        month = browser.get(PAGE, WEEK | {"par": by, "periode": "mois"})
        second = month.context["rows"][-1].cells[1]
        assert second.add_url == f"{PAGE}?periode=semaine&du=2026-12-07&par={by}"
        assert "Choisir un jour" in month.content.decode()
        monday, tuesday, *_others = browser.get(second.add_url).context["rows"][-1].cells
        assert ("2026-12-07" in monday.add_url, "2026-12-08" in tuesday.add_url) == (True, True)


def test_a_sitting_that_moved_away_from_its_booking_is_in_its_room(people, week, signed_in):
    """Its booking stays on another day of the week: the room is taken twice, which the page must say."""
    meeting = sitting(people.term, 10, 11, title="Comité", place_name="Salle Garonne")
    booking = BookingFactory(
        assembly=people.assembly, name="Comité", resource=week.resource, starts_at=at(8, 11), ends_at=at(8, 13)
    )
    RegisterLink.objects.create(register="bookings", row=booking.pk, sitting=meeting, added_by=people["officer"])
    response = signed_in("officer").get(PAGE, WEEK | {"par": "salle"})
    assert cells(response)["Salle Garonne"] == [(8, "Comité"), (10, "Atelier"), (10, "Comité")]
    assert [(clash.first, clash.second) for clash in response.context["clashes"]] == [("Atelier", "Comité")]


def test_nobody_reads_what_they_may_not(people, week, signed_in):
    assert signed_in("member").get(PAGE).status_code == 403
    titles = {title for row in cells(signed_in("facilitator").get(PAGE, WEEK)).values() for _day, title in row}
    assert titles == {"Plénière", "Groupe"}
    elsewhere = cells(signed_in(people.elsewhere("lead")).get(PAGE, WEEK))
    assert [title for row in elsewhere.values() for _day, title in row] == []


@pytest.mark.parametrize(
    "query",
    [
        {"du": "0001-01-01"},
        {"du": "9999-12-31"},
        {"du": "2026-12-32"},
        {"du": "\x00"},
        {"du": "9" * 40_000},
    ],
)
def test_a_day_that_is_none_is_not_found(people, signed_in, query):
    assert signed_in("officer").get(PAGE, query).status_code in (400, 404)


@pytest.mark.parametrize(
    "query", [{"periode": "x"}, {"par": "\x01"}, {"qui": "9" * 30}, {"qui": "²"}, {"sans": "a,b"}]
)
def test_another_value_that_is_none_is_ignored(people, signed_in, query):
    assert signed_in("officer").get(PAGE, query).status_code == 200


def test_ten_times_as_many_rows_cost_no_more_statements(people, week, signed_in):
    browser, address = signed_in("officer"), f"{PAGE}?du=2026-12-09&periode=mois&par=ensemble"
    browser.get(address)
    with CaptureQueriesContext(connection) as few:
        browser.get(address)
    for n in range(10):
        sitting(people.term, 14 + n, 9)
        TripFactory(assembly=people.assembly, starts_at=at(14 + n, 9), ends_at=at(14 + n, 12))
        PartnerFactory(assembly=people.assembly, due_on=date(2026, 12, 14))
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(few)
