"""reliability.md F12: what the provider tells arrives once, in whatever order, and somebody telephones."""

import base64
import json

import pytest
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.institution.todo import todo_for
from assembly.notifications.models import Delivery, DeliveryEvent, DeliveryState as S, Preference
from assembly.notifications.preferences import choose, wants_optional_mail
from assembly.notifications.queries import people_to_call
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db
URL = "/webhooks/mail/brevo/"


def tell(client, event, delivery, *, key="local:local", **facts):
    body = {
        "event": event,
        "email": delivery.address,
        "message-id": delivery.message_id,
        "ts_epoch": 1774692000000,
        **facts,
    }
    sign = base64.b64encode(key.encode()).decode()
    return client.post(URL, json.dumps(body), content_type="application/json", HTTP_AUTHORIZATION=f"Basic {sign}")


def test_without_a_secret_the_door_is_closed_to_everybody(client, settings):
    """With an empty secret anymail asked nothing: an unauthenticated post got 200."""
    settings.ANYMAIL = {"WEBHOOK_SECRET": ""}
    delivery = DeliveryFactory(state=S.SENT)
    for key in ("", ":", "local:local"):
        assert tell(client, "hard_bounce", delivery, key=key).status_code == 403
    assert client.post(URL, "{}", content_type="application/json").status_code == 403
    assert DeliveryEvent.objects.count() == 0


def test_bounce_told_twice_counts_once_and_asks_for_a_call(client, people):
    delivery = DeliveryFactory(state=S.SENT, person__phone="06 39 98 00 01")
    for _ in range(2):
        assert tell(client, "hard_bounce", delivery, reason="550 no such user").status_code == 200
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (S.BOUNCED, "550 no such user")
    assert DeliveryEvent.objects.count() == 1
    assert list(Entry.objects.values_list("event_type", flat=True)) == ["delivery.bounced"]
    assert list(people_to_call(people.term)) == [delivery]
    lines = todo_for(people["officer"], "desk", people.term).lines
    assert [(str(line.title), line.detail) for line in lines if "indicateurs" not in line.title] == [
        (
            f"Appeler {delivery.recipient_name} : son courriel est revenu",
            f"{delivery.distribution.title} · 06\u00a039\u00a098\u00a000\u00a001",
        )
    ]
    assert todo_for(people["facilitator"], "desk", people.term).lines == []


@pytest.mark.parametrize(
    ("event", "state", "expected"),
    [
        ("delivered", S.SENT, S.SENT),
        ("delivered", S.TO_CHECK, S.SENT),
        ("request", S.IN_FLIGHT, S.SENT),
        ("hard_bounce", S.IN_FLIGHT, S.BOUNCED),
        ("hard_bounce", S.TO_CHECK, S.BOUNCED),
        ("hard_bounce", S.CANCELLED, S.CANCELLED),
        ("spam", S.SENT, S.COMPLAINED),
        ("spam", S.TO_CHECK, S.COMPLAINED),
        ("deferred", S.SENT, S.SENT),
        ("opened", S.SENT, S.SENT),
    ],
)
def test_what_each_event_changes(client, event, state, expected):
    delivery = DeliveryFactory(state=state)
    assert tell(client, event, delivery).status_code == 200
    delivery.refresh_from_db()
    assert delivery.state == expected
    assert (delivery.delivered_at is not None) == (event == "delivered")


def test_openings_are_not_even_written_down(client):
    tell(client, "opened", DeliveryFactory(state=S.SENT))
    assert DeliveryEvent.objects.count() == 0


def test_event_about_a_former_sending_changes_nothing(client, people):
    delivery = DeliveryFactory(state=S.SENT)
    old = delivery.message_id
    Delivery.objects.filter(pk=delivery.pk).update(**delivery.next_message_id())
    tell(client, "hard_bounce", delivery, **{"message-id": old})
    delivery.refresh_from_db()
    assert delivery.state == S.SENT
    assert DeliveryEvent.objects.count() == 1


def test_event_about_somebody_elses_mail_is_ignored(client):
    delivery = DeliveryFactory(state=S.SENT)
    for name in ["<x@y>", "", "<00000000-0000-0000-0000-000000000000.1@example.org>"]:
        assert tell(client, "hard_bounce", delivery, **{"message-id": name}).status_code == 200
    assert DeliveryEvent.objects.count() == 0


@pytest.mark.parametrize("state", [S.SENT, S.TO_CHECK, S.IN_FLIGHT, S.CANCELLED])
@pytest.mark.parametrize("is_former", [False, True])
def test_a_complaint_ends_optional_mail(client, signed_in, people, state, is_former):
    person = people["officer"].person
    delivery = DeliveryFactory(state=state, person=person)
    heard_of = delivery.message_id
    if is_former:  # it was sent again since
        Delivery.objects.filter(pk=delivery.pk).update(**delivery.next_message_id())
    assert wants_optional_mail(person)
    for _ in range(2):
        assert tell(client, "spam", delivery, **{"message-id": heard_of}).status_code == 200
    assert not wants_optional_mail(person)
    entry = Entry.objects.get(event_type="preference.complained")
    assert (entry.subject_type, entry.subject_id, entry.actor) == ("identity.Person", str(person.pk), person.pseudonym)
    page = signed_in("lead").get(reverse("institution:person", args=[people["officer"].pk]))
    assert "a signalé un message comme indésirable\xa0: plus de courriels facultatifs" in page.text
    choose(person, optional_mail=True, by=person)  # a later choice of their own counts
    tell(client, "spam", delivery, **{"message-id": heard_of})
    assert wants_optional_mail(person)


def test_a_complaint_about_the_mail_of_nobody_known_changes_no_choice(client):
    delivery = DeliveryFactory(state=S.SENT)
    Delivery.objects.filter(pk=delivery.pk).update(person=None, address="")
    assert tell(client, "spam", delivery).status_code == 200
    assert not Preference.objects.exists()


@pytest.mark.parametrize("key", ["", "local:wrong", "other:local"])
def test_unsigned_event_is_refused(client, key):
    delivery = DeliveryFactory(state=S.SENT)
    assert tell(client, "hard_bounce", delivery, key=key).status_code == 400
    delivery.refresh_from_db()
    assert delivery.state == S.SENT


def test_only_the_named_provider_has_a_door(client):
    assert client.post("/webhooks/mail/mailjet/").status_code == 404
    assert client.get(URL).status_code == 405


def test_call_ends_the_line(signed_in, people):
    delivery = DeliveryFactory(state=S.BOUNCED)
    answer = signed_in("officer").post(reverse("notifications:delivery-call", args=[delivery.pk]), follow=True)
    assert answer.status_code == 200
    assert list(people_to_call(people.term)) == []
