"""Secret calendars: a person’s own items, those of the team; what ends an address, and what is never in one."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from assembly.calendar.ics import event_of_item
from assembly.calendar.models import CalendarKind, TeamCalendar
from assembly.calendar.registry import CalendarItem
from assembly.identity.actions import reactivate, suspend
from assembly.institution.actions.roles import end
from assembly.institution.models import RoleAssignment
from tests.factories.mission import BookingFactory, PartnerFactory
from tests.factories.sessions import SittingFactory
from tests.factories.team import CapacityPeriodFactory, TeamPostFactory, TripFactory

pytestmark = pytest.mark.django_db
PAGE = "/compte/agenda/"


def titles(response):
    return sorted(
        str(one["SUMMARY"]).replace("\u00a0", " ") for one in Calendar.from_ical(response.content).walk("VEVENT")
    )


def path_of(address):
    return "/" + address.split("/", 3)[3]


@pytest.fixture
def busy(people):
    """A plenary; the officer has a trip, a booking, a due day and a leave."""
    officer, today = people["officer"], timezone.localdate()
    soon = timezone.now().replace(microsecond=0) + timedelta(days=9)
    hours = {"starts_at": soon, "ends_at": soon + timedelta(hours=3)}
    SittingFactory(term=people.term, title="Plénière", notified=True)
    post = TeamPostFactory(assembly=people.assembly, holder=officer)
    first = today.replace(day=1)
    CapacityPeriodFactory(row=post, percent=0, starts_on=first, ends_on=date(first.year + 1, first.month, 28))
    TripFactory(assembly=people.assembly, name="Luchon", travellers=[post], **hours)
    BookingFactory(assembly=people.assembly, name="Atelier", owner=officer, **hours)
    PartnerFactory(assembly=people.assembly, name="Mission locale", owner=officer, due_on=today + timedelta(days=9))
    return officer


def test_a_person_reads_their_own_and_the_team_everything(people, busy, signed_in, client):
    own = ["Atelier", "Déplacement : Luchon", "Plénière", "Relancer Mission locale"]
    absence = f"absence : {busy.get_full_name()}"
    read = {"officer": sorted([*own, absence]), "lead": ["Plénière"], "facilitator": ["Plénière"]}
    for role, expected in read.items():
        browser = signed_in(role)
        browser.post(PAGE)
        response = client.get(path_of(browser.get(PAGE).context["address"]))
        assert titles(response) == expected
        assert "private" in response["Cache-Control"]
    browser = signed_in("lead")
    browser.post(reverse("calendar:team-renew", args=[people.term.pk]))
    [team] = browser.get(PAGE).context["teams"]
    response = client.get(path_of(team.url))
    assert titles(response) == sorted([*own, absence])
    assert "private" in response["Cache-Control"]


def test_the_address_of_the_team_changes_when_somebody_leaves(people, busy, signed_in, client):
    browser = signed_in("lead")
    renew = reverse("calendar:team-renew", args=[people.term.pk])

    def address():
        return path_of(browser.get(PAGE).context["teams"][0].url)

    browser.post(renew)
    first = address()
    browser.post(renew)
    second = address()
    assert [client.get(each).status_code for each in (first, second)] == [404, 200]
    end(RoleAssignment.objects.get(user=people["facilitator"]), by=people["lead"])
    assert client.get(second).status_code == 200
    suspend(busy, by=people["lead"])
    third = address()
    assert [client.get(each).status_code for each in (second, third)] == [404, 200]
    reactivate(busy, by=people["lead"])
    end(RoleAssignment.objects.get(user=busy), by=people["lead"])
    fourth = address()
    assert [client.get(each).status_code for each in (third, fourth)] == [404, 200]
    assert TeamCalendar.objects.get().version == 4


def test_only_the_team_makes_its_address(people, signed_in, client):
    renew = reverse("calendar:team-renew", args=[people.term.pk])
    assert signed_in("facilitator").post(renew).status_code == 404
    assert signed_in(people.elsewhere("lead")).post(renew).status_code == 404
    assert signed_in("facilitator").get(PAGE).context["teams"] == []
    assert TeamCalendar.objects.count() == 0
    for token in ("x", "1-1.forge", "9" * 300, "1-1"):
        assert client.get(reverse("calendar:team-feed", args=[token])).status_code == 404


def test_a_leave_without_end_is_written(people):
    """A month may be of the year 9999: its next day is none, and every reader of the feed would get an error."""
    item = CalendarItem(CalendarKind.ABSENCE, "absence-1", "absence", "/", date(1, 1, 1), date(9999, 12, 31))
    entry = event_of_item(item, people.assembly)
    assert (entry["DTSTART"].dt, entry["DTEND"].dt) == (date(2000, 1, 3), date(2100, 1, 1))
