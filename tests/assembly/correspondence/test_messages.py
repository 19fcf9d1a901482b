"""A message of the team: written, read again, sent once, to whom it still concerns."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from assembly.correspondence import actions
from assembly.correspondence.models import MessageRecipient, TeamMessage
from assembly.correspondence.registry import group_of
from assembly.identity.actions import erase
from assembly.identity.models import Person
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, Distribution, LocalMessage
from tests.browsing import StrictClient
from tests.factories.identity import PersonFactory
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory

TEXT = {
    "title": "Visite du {groupe}",
    "body": "Bonjour {prénom},\n\nLa visite est jeudi.\nÀ {Commune} : rendez-vous à 8 h.",
}


def committee_of(people, *persons, **more):
    committee = CommitteeFactory(term=people.term, name="Groupe Mobilités", **more)
    for person in persons:
        CommitteeMembershipFactory(committee=committee, person=person)
    return committee


def person(first, **more):
    more = {"email": f"{first.lower()}@example.org".replace("é", "e"), "city": "Bayeux"} | more
    return PersonFactory(first_name=first, last_name="Durand", **more)


@pytest.fixture
def three(people):
    return [
        person("Anna"),
        person("Béa"),
        person("Cid", email="", channel="paper", address="1 rue X", postcode="14000"),
    ]


@pytest.fixture
def committee(people, three):
    return committee_of(people, *three)


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def write(desk, committee, **more):
    answer = desk.post(reverse("correspondence:write-to", args=["groupe", committee.pk]), {**TEXT, **more})
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return TeamMessage.objects.latest("pk"), answer.headers["Location"]


def send(desk, message, page, **more):
    return desk.post(page, {"shown": message.fingerprint, **more})


def run_sender():
    for slot in (0, 1):
        sending.run(slot, seconds=5)


def test_three_clicks_and_the_text(desk, committee, mailbox, people):
    page = desk.get(reverse("institution:committee", args=[committee.pk])).content.decode()
    address = reverse("correspondence:write-to", args=["groupe", committee.pk])
    assert f'href="{address}">Écrire</a>' in page
    assert "3 personnes" in desk.get(address).content.decode()
    message, place = write(desk, committee)
    preview = desk.get(place).content.decode()
    assert "Envoyer à 3 personnes" in preview
    assert "Bonjour Anna," in preview
    assert "Bonjour Béa," in desk.get(f"{place}?personne=2").content.decode()
    assert not Delivery.objects.exists()
    assert send(desk, message, place).headers["Location"] == reverse("correspondence:message", args=[message.pk])
    assert Distribution.objects.get().title == "Visite du Groupe Mobilités"
    run_sender()
    first, second = LocalMessage.objects.order_by("recipients")
    assert b"anna@example.org" in bytes(first.raw)
    assert "Bonjour Anna" in bytes(first.raw).decode("utf-8", "replace") or b"Bonjour Anna" in bytes(first.raw)
    assert people.term.assembly.reply_email.encode() in bytes(second.raw)
    assert b"List-Unsubscribe" not in bytes(second.raw)
    assert [row.state for row in Delivery.objects.order_by("sort_name")] == ["sent", "sent", "queued"]
    report = desk.get(reverse("correspondence:message", args=[message.pk])).content.decode()
    assert "2 sur 3 remis" in report
    history = desk.get(reverse("institution:committee", args=[committee.pk])).content.decode()
    assert "a envoyé le message" in history


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("body", "Bonjour {surnom}", "« {surnom} » n’est pas un champ"),
        ("title", "{settings.SECRET_KEY}", "n’est pas un champ"),
        ("body", "Bonjour [Prénom],", "« [Prénom] » partirait tel quel. Ce champ s’écrit « {prénom} »"),
        ("title", "Pour <<nom>>", "partirait tel quel"),
        ("body", "\x00", ""),
        ("body", "a" * 40_000, ""),
        ("title", "", ""),
    ],
)
def test_a_text_that_cannot_be_sent_is_given_back(desk, committee, field, text, sentence):
    address = reverse("correspondence:write-to", args=["groupe", committee.pk])
    answer = desk.post(address, {**TEXT, field: text})
    assert answer.status_code in {422, 400}
    assert sentence in answer.content.decode().replace("\u00a0", " ")
    assert not TeamMessage.objects.exists()


def test_what_is_typed_is_never_run_as_a_template(desk, committee, three):
    Person.objects.filter(pk=three[0].pk).update(city="{nom}")
    message, place = write(desk, committee, title="A", body="<b>{nom}</b> {commune}")
    page = desk.get(place).content.decode()
    assert "&lt;b&gt;Durand&lt;/b&gt; {nom}" in page


def test_a_field_that_is_empty_for_some_asks_what_stands_for_it(desk, committee, three, mailbox):
    Person.objects.filter(pk__in=[three[0].pk, three[2].pk]).update(city="")
    message, place = write(desk, committee)
    page = desk.get(place).content.decode().replace("\u00a0", " ")
    assert "« commune » est vide pour 2 personnes" in page
    assert "Anna Durand, Cid Durand" in page
    assert send(desk, message, place).status_code == 422
    assert not Delivery.objects.exists()
    assert send(desk, message, place, empty_commune="votre commune").status_code == 302
    run_sender()
    texts = [bytes(row.raw).decode() for row in LocalMessage.objects.order_by("recipients")]
    assert ["votre commune" in text for text in texts] == [True, False]


def test_who_is_no_longer_concerned_gets_nothing_and_the_report_names_them(desk, committee, three, mailbox):
    later = (timezone.localtime() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    message, place = write(desk, committee)
    committee.memberships.filter(person=three[0]).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert send(desk, message, place, send_at=later).status_code == 302
    assert Delivery.objects.count() == 2
    committee.memberships.filter(person=three[1]).update(ends_on=timezone.localdate() - timedelta(days=1))
    run_sender()
    assert not LocalMessage.objects.exists()
    Delivery.objects.filter(way="email").update(next_attempt_at=timezone.now())
    run_sender()
    assert not LocalMessage.objects.exists()
    report = desk.get(reverse("correspondence:message", args=[message.pk])).content.decode()
    assert "2 personnes n’étaient plus concernées" in report
    assert "Anna Durand, Béa Durand" in report


def test_a_message_leaves_once_from_two_tabs_and_by_two_people(desk, people, committee):
    message, place = write(desk, committee)
    other = StrictClient().enter(people.ready(people["lead"]))
    twin, second = write(other, committee)
    assert send(desk, message, place).status_code == 302
    assert send(desk, message, place).status_code == 409
    answer = send(other, twin, second)
    assert answer.status_code == 409
    assert "Ce même message est déjà parti" in answer.content.decode()
    assert Delivery.objects.count() == 3
    assert MessageRecipient.objects.filter(is_left_out=True).count() == 0


def test_a_text_changed_since_it_was_read_is_not_sent(desk, committee):
    message, place = write(desk, committee)
    change = reverse("correspondence:change", args=[message.pk])
    assert "Bonjour {prénom}" in desk.get(change).content.decode()
    typed = {"title": "Autre", "body": "Autre texte", "version": message.fingerprint}
    assert desk.post(change, typed).status_code == 302
    assert send(desk, message, place).status_code == 409
    assert not Delivery.objects.exists()


@pytest.mark.parametrize("moment", ["2020-01-01T10:00", "0001-01-01T00:00", "2027-03-28T02:30", "jeudi"])
def test_an_hour_that_is_past_or_does_not_exist_is_refused(desk, committee, moment):
    message, place = write(desk, committee)
    assert send(desk, message, place, send_at=moment).status_code == 422
    assert not Delivery.objects.exists()


def test_above_fifty_a_recent_proof_is_asked(people, desk, settings):
    committee = committee_of(people, *[person(f"P{n}") for n in range(51)])
    message, place = write(desk, committee)
    assert place.endswith("/envoyer-en-nombre/")
    assert "Envoyer à 51 personnes" in desk.get(place).content.decode()
    short = reverse("correspondence:step", args=[message.pk, "envoyer"])
    assert send(desk, message, short).status_code == 422
    assert not Delivery.objects.exists()


def test_one_person_with_two_records_gets_one_mail_and_a_couple_two(people, desk, three):
    same, partner = person("Anna"), PersonFactory(first_name="Léo", last_name="Durand", email="anna@example.org")
    message, _place = write(desk, committee_of(people, *three, same, partner))
    assert message.count == 4
    assert MessageRecipient.objects.filter(person=partner).exists()


def test_strangers_find_nothing(people, desk, committee):
    message, place = write(desk, committee)
    elsewhere = StrictClient().enter(people.ready(people.elsewhere("officer")))
    for address in (place, reverse("correspondence:message", args=[message.pk])):
        assert elsewhere.get(address).status_code == 404
    assert elsewhere.get(reverse("correspondence:write-to", args=["groupe", committee.pk])).status_code == 404
    assert desk.get(reverse("correspondence:write-to", args=["groupe", 2**63 - 1])).status_code == 404
    assert desk.get(reverse("correspondence:write-to", args=["personne", 1])).status_code == 404
    member = StrictClient().enter(people["member"])
    assert member.get(place).status_code == 403


def test_the_text_to_one_person_is_erased_with_them(people, desk):
    alone = person("Zoé")
    message, _place = write(desk, committee_of(people, alone))
    erase(alone, by=people["dpo"])
    message.refresh_from_db()
    assert (message.title, message.body) == ("Texte effacé", "Texte effacé")
    assert not MessageRecipient.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_press_at_the_same_instant(people, committee):
    messages = []
    for who in ("officer", "lead"):
        message = actions.write(
            group_of("groupe"), committee, people.term, actions.Content("", "A", "B"), by=people[who]
        )
        messages.append((message, people[who]))
    gate, results = Barrier(2), []

    def press(message, user):
        gate.wait()
        try:
            actions.send(message, shown=message.fingerprint, send_at=None, substitutes={}, by=user)
            results.append("sent")
        except Exception as error:
            results.append(getattr(error, "code", type(error).__name__))
        finally:
            connection.close()

    threads = [Thread(target=press, args=pair) for pair in messages]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["changed", "sent"]
    assert Delivery.objects.count() == 3
