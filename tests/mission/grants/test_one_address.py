"""A link of a deposit belongs to the address that it was sent to; whoever types a number takes nobody's place."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.institution.todo import todo_for
from assembly.notifications.composing import email_message
from assembly.notifications.models import Delivery
from assembly.notifications.registry import kinds
from assembly.workflow import StateConflict
from mission import grants
from mission.grants import actions, mails as grants_mails
from mission.grants.models import GrantApplication, GrantDeposit
from mission.registers.declaration import registers
from tests.factories.mission import GrantApplicationFactory, GrantDepositFactory, GrantSchemeFactory, deposit_link
from tests.mission.grants.test_deposit import typed
from tests.opinions.test_at_once import together

pytestmark = pytest.mark.django_db
STRANGER, TRUE = "etrangere@example.org", "rosa@example.org"
SIRET = "90000000100017"


def page(token, more=""):
    return reverse("mission:grant-deposit", args=[token]) + more


def mails():
    """Return kind, address, token and text of every message that would be sent now."""
    found = []
    for delivery in Delivery.objects.select_related("distribution").order_by("pk"):
        kind = kinds[delivery.distribution.kind]
        if (mailbox := kind.mailbox(delivery)) is not None:
            delivery.address = mailbox[1]
            found.append((kind.kind, mailbox[1], delivery.context["token"], email_message(delivery).body))
    return found


@pytest.fixture
def row():
    return GrantApplicationFactory(state="received", contact_email=STRANGER, contact_name="Rosa Vidal")


def test_the_link_of_a_corrected_address_opens_nothing(client, row):
    old = deposit_link(GrantDepositFactory(scheme=row.scheme, application=row))
    assert "Rosa Vidal" in client.get(page(old)).text
    GrantApplication.objects.filter(pk=row.pk).update(contact_email=TRUE)  # form, import or step alike
    for method in (client.get, client.post):
        answer = method(page(old))
        assert (answer.status_code, "Rosa Vidal" in answer.text) == (410, False)
        assert method(page(old, "retirer/")).status_code == 410
    row.refresh_from_db()
    assert row.state == "received"


def test_what_lacks_goes_to_a_new_address_once_it_is_confirmed(client, row, people):
    GrantDepositFactory(scheme=row.scheme, application=row)
    GrantApplication.objects.filter(pk=row.pk).update(contact_email=TRUE)
    row.refresh_from_db()
    actions.ask_for(row, asked=["Statuts"], by=people["officer"])
    [(kind, address, token, words)] = mails()
    assert (kind, address) == ("grant-link", TRUE)
    assert all(told not in words for told in ("Statuts", row.reference, row.name, row.project))
    assert "Confirmer votre adresse" in client.get(page(token)).text
    assert "Rosa Vidal" not in client.get(page(token)).text
    client.post(page(token, "retirer/"))
    row.refresh_from_db()
    assert row.state == "incomplete"
    for _click in range(2):
        assert client.post(page(token, "confirmer/")).status_code == 302
    assert [(kind, address) for kind, address, *_rest in mails()] == [("grant-link", TRUE), ("grant-missing", TRUE)]
    assert "Statuts" in client.get(page(token)).text


def test_a_decision_in_the_outbox_does_not_go_to_another_address(row, people):
    GrantApplication.objects.filter(pk=row.pk).update(
        state="rejected", decided_on=timezone.localdate(), refusal="Non."
    )
    row.refresh_from_db()
    GrantDepositFactory(scheme=row.scheme, application=row)
    actions.send_decision(row, seen=grants_mails.fingerprint(row), by=people["officer"])
    assert [kind for kind, *_rest in mails()] == ["grant-decision"]
    GrantApplication.objects.filter(pk=row.pk).update(contact_email=TRUE)
    assert mails() == []


def test_a_confirmation_that_comes_after_another_address_changes_nothing(row):
    deposit = GrantDepositFactory(scheme=row.scheme, application=row, email="")
    link = grants_mails.link_of(deposit_link(deposit))
    GrantApplication.objects.filter(pk=row.pk).update(contact_email=TRUE)
    with pytest.raises(StateConflict), transaction.atomic():
        actions.confirm_address(link)
    deposit.refresh_from_db()
    assert deposit.email == ""


def test_a_link_ends_on_its_day_and_a_new_one_goes_to_the_address_on_file(client, row):
    deposit = GrantDepositFactory(scheme=row.scheme, application=row)
    with time_machine.travel(timezone.now() - timedelta(days=182)):
        old, gone = deposit_link(deposit), grants.rules.new_token()
    asked = []
    for token in (old, gone):
        ended = client.get(page(token))
        assert ended.status_code == 410
        answer = client.post(page(token, "nouveau-lien/"))
        asked.append((answer.status_code, re.sub(r'(value|csrf)="[^"]*"', "", answer.text.replace(token, ""))))
    assert asked[0] == asked[1]
    [(kind, address, token, _words)] = mails()
    assert (kind, address) == ("grant-link", STRANGER)
    assert client.get(page(token)).status_code == 200
    assert client.post(page("x", "nouveau-lien/")).status_code == 404


# Whoever types a SIRET first


def deposit_of(client, scheme, email, **changed):
    """Fill in the form and return the page that the depositor reads after sending."""
    client.post(reverse("mission:grant-scheme", args=[scheme.pk]), {"email": email})
    token = Delivery.objects.order_by("-pk").first().context["token"]
    answer = client.post(page(token), typed(aller="envoyer", **changed), follow=True)
    return answer, token


def test_two_deposits_of_one_number_are_taken_and_read_the_same(client, people):
    scheme = GrantSchemeFactory(assembly=people.term.assembly)
    first, _token = deposit_of(client, scheme, STRANGER, name="Pirates", project="Prendre la place")
    second, _token = deposit_of(client, scheme, TRUE)
    one, two = GrantApplication.objects.order_by("pk")
    assert (one.siret, two.siret, one.state, two.state) == (SIRET, SIRET, "received", "received")

    def words(answer, row):
        told = answer.text
        for value in (row.reference, row.name, row.project, "Vidal"):
            told = told.replace(value, "")
        return re.sub(r'dossier/[^"]*|(value|csrf)="[^"]*"|\d\d h \d\d', "", told)

    assert words(first, one) == words(second, two)
    assert one.reference not in second.text
    assert "Pirates" not in second.text
    assert "doublon" not in second.text.lower()


def test_the_team_reads_of_a_double_and_declares_one_complete(client, people, signed_in):
    scheme = GrantSchemeFactory(assembly=people.term.assembly)
    scheme.pieces.all().delete()
    rows = [
        GrantApplicationFactory(assembly=scheme.assembly, scheme=scheme, siret=SIRET, state="received")
        for _ in range(2)
    ]
    desk = signed_in("officer")
    shown = desk.get(reverse("mission:grants-row", args=[rows[0].pk])).text
    assert "Doublon à examiner" in shown
    assert rows[1].reference in shown
    assert "doublon à examiner" in desk.get(reverse("mission:grants")).text
    waiting = [str(line.title) for line in todo_for(people["officer"], "desk", people.term).lines]
    assert sum("Doublon à examiner" in line for line in waiting) == 2
    workflow = registers["grants"].workflow
    with pytest.raises(Exception, match="Doublon à examiner"):
        workflow.transition(rows[0], "accept", by=people["officer"])
    workflow.transition(rows[1], "reject", by=people["lead"], reason="Déposée par quelqu’un d’autre.")
    workflow.transition(rows[0], "accept", by=people["officer"])
    assert rows[0].state == "assessment"


def test_the_database_keeps_one_complete_application_a_number():
    scheme = GrantSchemeFactory()
    GrantApplicationFactory(scheme=scheme, siret=SIRET, state="assessment")
    other = GrantApplicationFactory(scheme=scheme, siret=SIRET)
    with pytest.raises(IntegrityError), transaction.atomic():
        GrantApplication.objects.filter(pk=other.pk).update(state="assessment", complete_on=timezone.localdate())


@pytest.mark.django_db(transaction=True)
def test_two_who_send_one_number_at_once_are_both_taken():
    scheme = GrantSchemeFactory()
    now = timezone.now()
    made = [GrantDepositFactory(scheme=scheme) for _ in range(2)]
    money = {"cost": 9000, "requested": 4000, "starts_on": timezone.localdate(), "ends_on": timezone.localdate()}
    values = {"name": "A", "siret": SIRET, "project": "P", **money}
    results = together(
        *(
            lambda deposit=each: actions.send_deposit(GrantDeposit.objects.get(pk=deposit.pk), values, now=now)
            for each in made
        )
    )
    assert [is_new for _row, is_new in results] == [True, True]
    assert GrantApplication.objects.filter(siret=SIRET).count() == 2


def test_the_same_person_is_led_to_the_first_dossier_by_mail_alone(client):
    scheme = GrantSchemeFactory()
    deposit_of(client, scheme, TRUE)
    answer = client.post(reverse("mission:grant-scheme", args=[scheme.pk]), {"email": TRUE.upper()}, follow=True)
    row = GrantApplication.objects.get()
    assert row.reference not in answer.text
    token = Delivery.objects.order_by("-pk").first().context["token"]
    assert row.reference in client.get(page(token)).text
    assert GrantDeposit.objects.count() == 1


def test_what_the_team_typed_in_is_found_by_its_address(client):
    row = GrantApplicationFactory(contact_email=TRUE)
    client.post(reverse("mission:grant-scheme", args=[row.scheme_id]), {"email": TRUE})
    [(_kind, address, token, words)] = mails()
    assert (address, row.name in words) == (TRUE, False)
    assert "Confirmer votre adresse" in client.get(page(token)).text
    client.post(page(token, "confirmer/"))
    assert row.reference in client.get(page(token)).text
