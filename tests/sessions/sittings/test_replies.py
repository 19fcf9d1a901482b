import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import Person
from assembly.notifications.models import Delivery
from sessions.models import Invitee, Reply, Via
from sessions.sittings import rules as sittings
from sessions.sittings.actions import convening
from tests.factories.sessions import InviteeFactory, NoticeFactory, SittingFactory, put_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitee():
    sitting = SittingFactory(notified=True, offers_meal=True, offers_childcare=True)
    NoticeFactory(sitting=sitting)
    return InviteeFactory(sitting=sitting)


def url(invitee):
    return reverse("sittings:reply", args=[sittings.reply_token(invitee)])


def state_of(invitee):
    invitee.refresh_from_db()
    return invitee.reply, invitee.replied_via, Entry.objects.count()


def test_opening_the_link_writes_nothing_even_with_a_choice(client, invitee):
    response = client.get(url(invitee), {"reponse": "will_not"})
    assert (response.status_code, response.context["asked"]) == (200, "will_not")
    assert client.head(url(invitee)).status_code == 200
    assert state_of(invitee) == (Reply.INVITED, "", 0)
    assert "no-store" in response["Cache-Control"]


def test_one_answer_without_signing_in(client, invitee):
    response = client.post(url(invitee), {"reply": "will_attend"})
    assert "C’est noté" in client.get(response.url).content.decode()
    assert state_of(invitee) == (Reply.WILL_ATTEND, Via.LINK, 1)


def test_what_is_needed_is_added_afterwards(client, invitee):
    data = {
        "rest": "1",
        "reply": "will_attend",
        "wants_meal": "on",
        "diet": "sans viande",
        "children": "2",
        "children_ages": "3, 5",
    }
    response = client.post(url(invitee), data)
    assert client.get(response.url).status_code == 200
    assert state_of(invitee) == (Reply.WILL_ATTEND, Via.LINK, 1)
    assert (invitee.wants_meal, invitee.diet, invitee.children) == (True, "sans viande", 2)
    entry = Entry.objects.get()
    assert (entry.event_type, entry.actor) == ("invitee.replied", invitee.person.pseudonym)
    assert "sans viande" not in entry.canonical


def test_the_answer_may_change_and_who_stays_home_needs_nothing(client, invitee):
    client.post(url(invitee), {"rest": "1", "reply": "will_attend", "wants_meal": "on", "children": "2"})
    client.post(
        url(invitee), {"rest": "1", "reply": "will_not", "wants_meal": "on", "absence_reason": "Je travaille."}
    )
    assert state_of(invitee)[0] == Reply.WILL_NOT
    assert (invitee.wants_meal, invitee.children, invitee.absence_reason) == (False, 0, "Je travaille.")
    client.post(url(invitee), {"reply": "will_attend"})
    assert state_of(invitee)[0] == Reply.WILL_ATTEND
    assert invitee.absence_reason == ""


def test_a_second_tap_writes_nothing_and_a_tap_keeps_what_was_asked_before(client, invitee):
    Invitee.objects.update(diet="sans sel", wants_meal=True)  # given for the day that was moved
    for _ in range(2):
        assert client.post(url(invitee), {"reply": "will_attend"}).status_code == 302
    assert state_of(invitee) == (Reply.WILL_ATTEND, Via.LINK, 1)
    assert (invitee.wants_meal, invitee.diet) == (True, "sans sel")


def test_another_button_of_the_mail_waits_to_be_confirmed(client, invitee):
    client.post(url(invitee), {"reply": "will_attend"})
    page = client.get(url(invitee), {"reponse": "will_not"})
    assert page.context["asks_reply"]
    assert not client.get(url(invitee), {"reponse": "will_attend"}).context["asks_reply"]
    assert state_of(invitee)[0] == Reply.WILL_ATTEND


@pytest.mark.parametrize(
    "data", [{}, {"reply": "invited"}, {"reply": "x"}, {"rest": "1", "reply": "will_attend", "children": "-1"}]
)
def test_a_wrong_answer_is_explained_and_not_written(client, invitee, data):
    assert client.post(url(invitee), data).status_code == 422
    assert state_of(invitee) == (Reply.INVITED, "", 0)


def test_what_is_not_offered_is_not_kept(client):
    invitee = InviteeFactory()
    client.post(url(invitee), {"rest": "1", "reply": "will_attend", "wants_meal": "on", "transport": "oui"})
    invitee.refresh_from_db()
    assert (invitee.wants_meal, invitee.transport) == (False, "")


def test_forged_revoked_expired_withdrawn_links_open_a_plain_page(client, invitee, people):
    good = url(invitee)
    other = InviteeFactory(sitting=invitee.sitting)
    swapped = sittings.reply_token(other).split("-")[0] + "-" + sittings.reply_token(invitee).split("-", 1)[1]
    forged = [good[:-2] + "/", reverse("sittings:reply", args=["nimporte"]), reverse("sittings:reply", args=[swapped])]
    dead = []
    convening.revoke_link(invitee, by=people["officer"])
    dead.append(good)
    late = InviteeFactory(sitting=SittingFactory(notified=True, starts_at=timezone.now() - timedelta(days=2)))
    dead.append(url(late))
    gone = InviteeFactory(withdrawn_at=timezone.now())
    dead.append(url(gone))
    for address in (*forged, *dead):
        for response in (client.get(address), client.post(address, {"reply": "will_attend"})):
            assert response.status_code == (404 if address in forged else 410)
            assert re.search("Ce lien (ne s’ouvre plus|n’ouvre plus rien)", response.content.decode())
    assert set(Invitee.objects.values_list("reply", flat=True)) == {Reply.INVITED}


@pytest.mark.parametrize("state", ["open", "postponed", "cancelled"])
def test_after_the_beginning_or_a_cancellation_nothing_is_asked(client, invitee, state):
    put_today(invitee.sitting, state)
    assert client.get(url(invitee)).status_code == 200
    assert client.post(url(invitee), {"reply": "will_attend"}).status_code == 409
    assert state_of(invitee)[0] == Reply.INVITED


def test_the_new_link_works_after_the_old_one_was_closed(client, invitee, people):
    convening.revoke_link(invitee, by=people["officer"])
    assert client.get(url(invitee)).status_code == 200


def test_a_link_of_another_address_opens_nothing_and_a_new_one_goes_to_the_address_on_file(client, invitee):
    old = url(invitee)
    Person.objects.filter(pk=invitee.person_id).update(email="nouvelle@example.org")
    assert client.get(old).status_code == 410
    assert client.post(old, {"reply": "will_attend"}).status_code == 410
    for _twice in range(2):
        assert client.post(f"{old}nouveau-lien/").status_code == 200
    delivery = Delivery.objects.get()
    assert (delivery.address, delivery.person_id) == ("nouvelle@example.org", invitee.person_id)
    assert client.get(delivery.context["reply_url"]).status_code == 200


def test_a_link_that_the_team_revoked_is_not_renewed(client, invitee, people):
    old = url(invitee)
    convening.revoke_link(invitee, by=people["officer"])
    assert client.post(f"{old}nouveau-lien/").status_code == 200
    assert not Delivery.objects.exists()
