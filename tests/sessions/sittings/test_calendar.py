import pytest
from django.urls import reverse
from icalendar import Calendar

from assembly.audit.models import Entry
from sessions.models import CalendarFeed
from sessions.sittings import rules as sittings
from tests.factories.sessions import CalendarFeedFactory, InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db


def titles(response):
    return [str(event["SUMMARY"]) for event in Calendar.from_ical(response.content).walk("VEVENT")]


def test_the_public_calendar_holds_no_secret(client):
    SittingFactory(title="Publique", notified=True, video_link="https://visio.example.org/secret", message="Interne")
    SittingFactory(title="Fermée", is_public=False)
    response = client.get(reverse("sittings:public-calendar"))
    assert (response.status_code, response["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert titles(response) == ["Publique"]
    assert b"secret" not in response.content
    assert b"Interne" not in response.content


def test_a_cancelled_sitting_says_so(client):
    SittingFactory(state="cancelled", reason="Neige")
    event = Calendar.from_ical(client.get(reverse("sittings:public-calendar")).content).walk("VEVENT")[0]
    assert event["STATUS"] == "CANCELLED"


def test_a_secret_address_follows_the_rights_of_its_owner(client, people):
    feed = CalendarFeedFactory(user=people["member"])
    url = reverse("sittings:my-calendar", args=[sittings.calendar_token(feed)])
    InviteeFactory(
        sitting=SittingFactory(title="Groupe", committee_sitting=True, notified=True), person=people["member"].person
    )
    SittingFactory(title="Autre groupe", committee_sitting=True, notified=True)
    assert titles(client.get(url)) == ["Groupe"]
    people["member"].is_active = False
    people["member"].suspended_at = feed.changed_at
    people["member"].save()
    assert client.get(url).status_code == 404


def test_open_renew_close(client, signed_in, people):
    member = signed_in("member")
    page = reverse("sittings:feed")
    member.post(page)
    first = member.get(page).context["address"].split("/calendrier/")[1]
    assert client.get(f"/calendrier/{first}").status_code == 200
    member.post(page)
    second = member.get(page).context["address"].split("/calendrier/")[1]
    assert (client.get(f"/calendrier/{first}").status_code, client.get(f"/calendrier/{second}").status_code) == (
        404,
        200,
    )
    member.post(page, {"step": "close"})
    assert client.get(f"/calendrier/{second}").status_code == 404
    assert member.get(page).context["address"] == ""
    verbs = Entry.objects.order_by("pk").values_list("event_type", flat=True)
    assert list(verbs) == ["calendar.opened", "calendar.opened", "calendar.closed"]
    assert CalendarFeed.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "1-1.forge", "a-b.c", "9" * 300])
def test_a_forged_address_opens_nothing(client, token):
    assert client.get(reverse("sittings:my-calendar", args=[token])).status_code == 404


def test_the_public_calendar_of_a_sitting_by_video_tells_no_link(client):
    SittingFactory(notified=True, place_name="", place_address="", video_link="https://visio.example.org/secret")
    response = client.get(reverse("sittings:public-calendar"))
    event = Calendar.from_ical(response.content).walk("VEVENT")[0]
    assert event["LOCATION"] == "Visioconférence"
    assert str(event["ORGANIZER"]).startswith("mailto:")
    assert b"secret" not in response.content
