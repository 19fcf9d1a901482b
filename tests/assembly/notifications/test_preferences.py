"""Optional mail, and the messages one may read again."""

import re

import pytest

from assembly.notifications.models import DeliveryState as S, Preference, Way
from assembly.notifications.preferences import unsubscribe_url
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db


def path_of(delivery):
    return re.sub(r"^https?://[^/]+", "", unsubscribe_url(delivery))


def test_reading_the_link_writes_nothing_and_the_button_does(client):
    delivery = DeliveryFactory()
    assert client.get(path_of(delivery)).status_code == 200
    assert not Preference.objects.exists()
    for _ in range(2):
        assert client.post(path_of(delivery), {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Preference.objects.get().optional_mail is False


@pytest.mark.parametrize(("token", "status"), [("x", 404), ("a:b:c", 404), ("é", 404), ("%00", 400)])
def test_forged_link_says_so(client, token, status):
    answer = client.post(f"/courriels/arret/{token}/")
    assert answer.status_code == status
    assert not Preference.objects.exists()


def test_own_choice(signed_in, people):
    browser = signed_in("member")
    assert browser.get("/compte/courriels/").status_code == 200
    browser.post("/compte/courriels/", {})
    assert Preference.objects.get().person == people["member"].person
    assert Preference.objects.get().optional_mail is False
    browser.post("/compte/courriels/", {"optional_mail": "on"})
    assert Preference.objects.get().optional_mail is True


def test_own_messages_are_read_again_and_those_of_others_are_not(signed_in, people):
    mine = DeliveryFactory(person=people["member"].person, state=S.SENT, context={"body": "Rendez-vous samedi."})
    other = DeliveryFactory(state=S.SENT, context={"body": "Secret"})
    waiting = DeliveryFactory(person=people["member"].person)
    browser = signed_in("member")
    text = browser.get("/espace/messages/").content.decode()
    assert mine.distribution.title in text
    assert other.distribution.title not in text
    assert waiting.distribution.title not in text
    assert "Rendez-vous samedi." in browser.get(f"/espace/messages/{mine.pk}/").content.decode()
    for row in (other, waiting):
        assert browser.get(f"/espace/messages/{row.pk}/").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_list_asks_the_same_whatever_its_length(signed_in, people, django_assert_num_queries, count):
    for _ in range(count):
        DeliveryFactory(person=people["member"].person, state=S.SENT)
    browser = signed_in("member")
    browser.get("/espace/messages/")
    with django_assert_num_queries(5):
        browser.get("/espace/messages/")


def test_secret_link_is_not_shown_twice(signed_in, people):
    row = DeliveryFactory(person=people["member"].person, state=S.SENT, distribution__kind="invitation")
    text = signed_in("member").get(f"/espace/messages/{row.pk}/").content.decode()
    assert "ne s’affiche pas une seconde fois" in text.replace("&#x27;", "'")


def test_notice_that_stays_on_the_site(signed_in, people):
    row = DeliveryFactory(
        person=people["member"].person,
        way=Way.IN_APP,
        state=S.SENT,
        distribution__kind="news",
        context={"body": "Merci"},
    )
    assert "Merci" in signed_in("member").get(f"/espace/messages/{row.pk}/").content.decode()
