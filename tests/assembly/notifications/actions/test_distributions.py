"""Asking for a distribution, and what people decide afterwards."""

import threading

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.identity.models import ContactChannel
from assembly.jobs import hints
from assembly.notifications.actions import distributions as actions
from assembly.notifications.actions.distributions import Recipient
from assembly.notifications.models import Delivery, DeliveryState as S, Distribution, Preference, Way
from assembly.notifications.workflow import DELIVERY
from assembly.workflow import StateConflict
from tests.factories.identity import PersonFactory
from tests.factories.institution import TermFactory
from tests.factories.notifications import DeliveryFactory, DistributionFactory

pytestmark = pytest.mark.django_db


def ask(people, *recipients, kind="message", key="notice:1", **options):
    term = people.term
    with transaction.atomic():
        return actions.distribute(
            kind, term, recipients, by=people["officer"], title="Séance du 28 mars", key=key, term=term, **options
        )


def test_distribute_queues_mails_letters_and_tells_the_journal(people):
    by_mail, by_post = PersonFactory(), PersonFactory(paper=True)
    distribution = ask(people, Recipient(by_mail, {"body": "Bonjour"}), Recipient(by_post))
    mail, letter = Delivery.objects.order_by("pk")
    assert (mail.way, mail.state, mail.address, mail.context) == (
        Way.EMAIL, S.QUEUED, by_mail.email, {"body": "Bonjour"},
    )  # fmt: skip
    assert mail.key == f"notice:1:person:{by_mail.pk}"
    assert mail.message_id == f"<{mail.public_id}.1@example.org>"
    assert (letter.way, letter.state, letter.address) == (Way.PAPER, S.QUEUED, "1 rue des Lois\n31000 Toulouse")
    assert (letter.message_id, letter.next_attempt_at) == (None, None)
    assert (distribution.assembly, distribution.requested_by) == (people.assembly, people["officer"])
    entry = Entry.objects.get(event_type="distribution.requested")
    assert entry.facts == {"kind": "message", "recipients": 2}


def test_distribute_without_letters_says_who_got_nothing(people):
    ask(people, Recipient(PersonFactory(paper=True)), letter=False)
    row = Delivery.objects.get()
    assert (row.state, row.error) == (S.WITHHELD, "Pas d’adresse électronique.")


def test_distribute_writes_no_letter_to_nowhere_without_saying_so(people):
    ask(people, Recipient(PersonFactory(email="", channel=ContactChannel.PAPER)))
    assert Delivery.objects.get().error == "L’adresse postale manque."


def test_distribute_twice_gives_the_first_one(people):
    one, other = PersonFactory(), PersonFactory()
    first = ask(people, Recipient(one))
    assert ask(people, Recipient(one), Recipient(other)) == first
    assert Delivery.objects.count() == 1
    assert Entry.objects.filter(event_type="distribution.requested").count() == 1


def test_distribute_writes_once_to_a_person_named_twice(people):
    person = PersonFactory()
    ask(people, Recipient(person), Recipient(person))
    assert Delivery.objects.count() == 1


def test_distribute_leaves_erased_people_alone(people):
    ask(people, Recipient(PersonFactory(anonymised_at=timezone.now(), email="")))
    assert Delivery.objects.get().state == S.WITHHELD


def test_distribute_refuses_to_stand_outside_the_act(people, transactional_db):
    with pytest.raises(RuntimeError):
        actions.distribute("message", people.term, [], by=None, title="x", key="k", term=people.term)


def test_distribute_vanishes_with_the_act_that_fails(people):
    @transaction.atomic
    def act():
        ask(people, Recipient(PersonFactory()))
        return 1 / 0

    with pytest.raises(ZeroDivisionError):
        act()
    assert (Distribution.objects.count(), Delivery.objects.count()) == (0, 0)


@pytest.mark.parametrize(("kind", "way"), [("message", Way.EMAIL), ("news", Way.IN_APP)])
def test_preferences_apply_to_optional_mail_only(people, kind, way):
    person = PersonFactory()
    Preference.objects.create(person=person, optional_mail=False)
    ask(people, Recipient(person), kind=kind)
    assert Delivery.objects.get().way == way


@pytest.mark.django_db(transaction=True)
def test_twenty_double_clicks_make_one_distribution(people):
    """reliability.md F16: the unique key decides, whoever arrives together."""
    person, term, officer = PersonFactory(), people.term, people["officer"]
    barrier, found, errors = threading.Barrier(10), [], []

    def click():
        try:
            barrier.wait()
            with transaction.atomic():
                row = actions.distribute(
                    "message", term, [Recipient(person)], by=officer, title="x", key="same", term=term
                )
            found.append(row.pk)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(set(found)) == 1
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_broker_that_is_down_only_delays(people, monkeypatch):
    """reliability.md F9: the hint fails, the rows are there, the sweep will find them."""
    monkeypatch.setattr(hints, "send_hint", lambda *_: (_ for _ in ()).throw(ConnectionError("redis")))
    ask(people, Recipient(PersonFactory()))
    assert Delivery.objects.get().state == S.QUEUED


ROLES = ["lead", "officer", "admin", "facilitator", "member", "dpo", "dir_contact", "stranger"]


def make(state):
    return DeliveryFactory(state=state)


@pytest.mark.parametrize("state", sorted(set(S) - {S.PRINTED, S.HANDED_OVER}))
@pytest.mark.parametrize("who", ROLES)
def test_retry_by_state_and_role(people, who, state):
    delivery = make(state)
    if who in {"lead", "officer", "admin"} and state in {S.FAILED, S.BOUNCED}:
        DELIVERY.transition(delivery, "retry", by=people[who])
        expected = S.QUEUED, ["delivery.retried"], 2
    else:
        with pytest.raises(StateConflict if who in {"lead", "officer", "admin"} else PermissionDenied):
            DELIVERY.transition(delivery, "retry", by=people[who])
        expected = state, [], 1
    delivery.refresh_from_db()
    verbs = list(Entry.objects.values_list("event_type", flat=True))
    assert (delivery.state, verbs, delivery.issue) == expected


def test_retry_goes_to_the_address_that_was_corrected(people):
    delivery = make(S.BOUNCED)
    before = delivery.message_id
    delivery.person.email = "juste@example.org"
    delivery.person.save()
    DELIVERY.transition(delivery, "retry", by=people["officer"])
    delivery.refresh_from_db()
    assert (delivery.address, delivery.attempts, delivery.error) == ("juste@example.org", 0, "")
    assert delivery.message_id != before
    assert delivery.message_id == f"<{delivery.public_id}.2@example.org>"


@pytest.mark.parametrize(
    ("step", "state", "verb"),
    [("confirm", S.SENT, "delivery.confirmed"), ("send_again", S.QUEUED, "delivery.sent_again")],
)
def test_uncertain_message_is_settled_by_a_person(people, step, state, verb):
    delivery = make(S.TO_CHECK)
    DELIVERY.transition(delivery, step, by=people["officer"])
    delivery.refresh_from_db()
    assert delivery.state == state
    assert list(Entry.objects.values_list("event_type", flat=True)) == [verb]


def test_two_people_settle_one_message_once(people):
    delivery = make(S.TO_CHECK)
    same = Delivery.objects.select_related("distribution").get(pk=delivery.pk)
    DELIVERY.transition(delivery, "confirm", by=people["officer"])
    with pytest.raises(StateConflict):
        DELIVERY.transition(same, "send_again", by=people["lead"])


def test_retry_all_takes_what_did_not_leave_and_not_what_came_back(people):
    distribution = DistributionFactory()
    for state in [S.FAILED, S.FAILED, S.BOUNCED, S.SENT, S.TO_CHECK]:
        DeliveryFactory(distribution=distribution, state=state)
    assert actions.retry_all(distribution, by=people["admin"]) == 2
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == [
        S.QUEUED, S.QUEUED, S.BOUNCED, S.SENT, S.TO_CHECK,
    ]  # fmt: skip


def test_stop_keeps_what_is_gone_and_stops_the_rest(people):
    distribution = DistributionFactory()
    for state in [S.QUEUED, S.IN_FLIGHT, S.SENT, S.FAILED, S.TO_CHECK]:
        DeliveryFactory(distribution=distribution, state=state)
    DeliveryFactory(distribution=distribution, paper=True)
    assert actions.stop(distribution, by=people["officer"]) == 4
    assert list(Delivery.objects.order_by("pk").values_list("state", flat=True)) == [
        S.CANCELLED, S.IN_FLIGHT, S.SENT, S.CANCELLED, S.CANCELLED, S.CANCELLED,
    ]  # fmt: skip
    distribution.refresh_from_db()
    assert distribution.stopped_at is not None
    with pytest.raises(PermissionDenied):
        actions.stop(distribution, by=people["officer"])


@pytest.mark.parametrize("who", ["admin", "facilitator", "member", "stranger"])
def test_stop_is_for_the_team(people, who):
    with pytest.raises(PermissionDenied):
        actions.stop(DistributionFactory(), by=people[who])


def test_team_of_another_assembly_touches_nothing(people):
    delivery = make(S.TO_CHECK)
    for role in ["lead", "officer", "admin"]:
        with pytest.raises(PermissionDenied):
            DELIVERY.transition(delivery, "confirm", by=people.elsewhere(role))
        assert list(Distribution.objects.visible_to(people.elsewhere(role))) == []


def test_call_is_noted_once(people):
    delivery = make(S.BOUNCED)
    DELIVERY.transition(delivery, "call", by=people["officer"])
    with pytest.raises(StateConflict):
        DELIVERY.transition(delivery, "call", by=people["officer"])
    assert list(Delivery.objects.to_call()) == []


def test_letter_replaces_a_mail_that_came_back(people):
    delivery = DeliveryFactory(state=S.BOUNCED, person=PersonFactory(address="1 rue des Lois", postcode="31000"))
    letter = actions.replace_with_letter(delivery, by=people["officer"])
    assert actions.replace_with_letter(delivery, by=people["officer"]) == letter
    assert (letter.way, letter.state, letter.address) == (Way.PAPER, S.QUEUED, "1 rue des Lois\n31000")
    assert Delivery.objects.count() == 2
    assert list(Delivery.objects.to_call()) == []


def test_message_that_belongs_to_no_term_is_the_teams_of_the_assembly(people):
    distribution = DistributionFactory(term=None, assembly=TermFactory().assembly, subject_id="1")
    assert list(Distribution.objects.visible_to(people["officer"])) == [distribution]
    assert list(Distribution.objects.visible_to(people.elsewhere("officer"))) == []
    actions.stop(distribution, by=people["lead"])
