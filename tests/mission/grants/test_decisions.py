"""The mail of a decision: made from the facts, read, sent once by a person; for one association or for all."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from assembly.institution.todo import todo_for
from assembly.notifications.composing import email_message
from assembly.notifications.models import Delivery
from mission.grants import actions as grants, mails as grants_mails
from mission.grants.models import GrantApplication
from mission.registers.declaration import registers
from tests.factories.mission import GrantApplicationFactory, GrantDepositFactory, GrantSchemeFactory

GRANTS = registers["grants"]


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def step(row, slug):
    return reverse("mission:grants-step", args=[row.pk, slug])


def body_of(delivery):
    delivery.address = "asso@example.org"  # the sender asks for it when the message leaves
    return email_message(delivery).body


def test_an_award_is_read_corrected_and_sent_once(desk, people):
    row = GrantApplicationFactory(state="voted", requested=28_000, name="Compagnie du Canal")
    GrantDepositFactory(scheme=row.scheme, application=row)
    page = desk.get(step(row, "annoncer"))
    assert "Compagnie du Canal" in page.text
    assert "une convention est signée avant tout versement" in page.text
    assert not Delivery.objects.exists()
    seen = page.context["form"].initial["seen"]
    desk.post(step(row, "corriger-le-message"), {"text": "Bravo.\n\nÀ bientôt."})
    late = desk.post(step(row, "annoncer"), {"seen": seen})
    assert late.status_code == 409  # the words changed since they were read
    seen = desk.get(step(row, "annoncer")).context["form"].initial["seen"]
    assert desk.post(step(row, "annoncer"), {"seen": seen}).status_code == 302
    assert desk.post(step(row, "annoncer"), {"seen": seen}).status_code == 409
    assert desk.post(step(row, "corriger-le-message"), {"text": "Non."}).status_code == 409
    body = body_of(Delivery.objects.get())
    assert "Bravo." in body
    assert "/subventions/dossier/" in body
    row.refresh_from_db()
    assert (row.decision_text.split(), row.decision_sent_at is not None) == (["Bravo.", "À", "bientôt."], True)


def test_a_refusal_says_why_and_how_to_appeal(desk, people):
    row = GrantApplicationFactory(state="committee")
    desk.post(step(row, "refuser"), {"reason": "Le budget n’est pas équilibré."})
    row.refresh_from_db()
    words = grants_mails.letter_of(row)
    assert "Le budget n’est pas équilibré." in words
    assert "deux mois" in words
    assert "tribunal administratif" in words
    assert not Delivery.objects.exists()


def test_nothing_is_told_before_the_decision_nor_without_an_address(desk, people):
    early = GrantApplicationFactory(state="committee")
    assert desk.get(step(early, "annoncer")).status_code == 409
    mute = GrantApplicationFactory(state="voted", contact_email="")
    assert "par la poste" in desk.get(step(mute, "annoncer")).text
    with pytest.raises(ValidationError):
        grants.send_decision(mute, seen=grants_mails.fingerprint(mute), by=people["officer"])
    for wrong in (
        {"decision_sent_at": "2026-05-01T00:00:00Z"},
        {"decision_text": "", "decision_sent_at": "2026-05-01T00:00:00Z"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            GrantApplication.objects.filter(pk=early.pk).update(**wrong)


def test_the_list_of_a_committee_is_told_at_once_or_not_at_all(desk, people):
    scheme = GrantSchemeFactory()
    voted = GrantApplicationFactory(scheme=scheme, state="voted", name="Lire")
    refused = GrantApplicationFactory(scheme=scheme, state="rejected", refusal="Hors sujet.", name="Écrire")
    GrantApplicationFactory(scheme=scheme, state="voted", contact_email="", name="Compter")
    GrantApplicationFactory(scheme=scheme, state="committee", name="Chanter")
    GrantApplicationFactory(state="voted", name="Ailleurs")
    address = reverse("mission:grant-decisions", args=[scheme.pk])
    page = desk.get(address)
    assert [row.name for row, _words in page.context["rows"]] == ["Écrire", "Lire"]
    assert [row.name for row in page.context["by_post"]] == ["Compter"]
    assert "Hors sujet." in page.text
    assert "2 messages partiront." in page.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "en cours d’envoi" not in page.text
    seen = page.context["seen"]
    grants.correct(refused, text="Autre chose.", by=people["lead"])
    assert desk.post(address, {"seen": seen}).status_code == 409
    assert not Delivery.objects.exists()
    told = [line for line in todo_for(people["officer"], "desk", people.term).lines if "Annoncer" in str(line.title)]
    assert len(told) == 3
    sent = desk.post(address, {"seen": desk.get(address).context["seen"]}, follow=True)
    assert sent.redirect_chain == [(reverse("mission:grant-committee", args=[scheme.pk]), 302)]
    assert "2 messages sont en cours d’envoi." in sent.text.replace("\u00a0", " ")
    assert "partiront" not in sent.text
    assert Delivery.objects.count() == 2
    assert {row.decision_sent_at is not None for row in (voted, refused) if row.refresh_from_db() is None} == {True}
    assert desk.post(address, {"seen": seen}).status_code == 409
    assert Delivery.objects.count() == 2
