"""What is written about minutes: each reader's own next step, the file, and on paper the whole text."""

from datetime import timedelta

import pytest
from django.utils import timezone

from assembly.identity.models import ContactChannel
from assembly.notifications.composing import email_message, letter_html
from sessions.minutes.actions import corrections, publication, writing as actions
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import MinutesState
from tests.sessions.minutes.test_approval import sealed
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state


@pytest.fixture
def minutes(people):
    minutes = written_minutes(people)
    person = minutes.held.members[2].person
    person.channel, person.address = ContactChannel.PAPER, "1 rue des Lois"
    person.save()
    return minutes


def circulated(minutes):
    at_state(minutes, MinutesState.INTERNAL_CHECK)
    return actions.circulate(minutes, by=minutes.held.officer)


def test_reader_with_an_account_gets_the_way_in(minutes, settings):
    delivery = circulated(minutes).deliveries.get(person=minutes.held.members[1].person)
    mail = email_message(delivery)
    assert mail.subject == "Procès-verbal de la séance plénière du 28\u00a0mars 2026\u00a0: à relire"
    assert f"{settings.SITE_URL}/espace/comptes-rendus/{minutes.pk}/" in mail.body
    assert "jusqu’au" in mail.body
    assert "Relire le compte rendu" in mail.alternatives[0].content


def test_reader_without_account_answers_the_mail(minutes):
    delivery = circulated(minutes).deliveries.get(person=minutes.held.guest.person)
    assert "répondez à ce message" in email_message(delivery).body
    assert "/espace/" not in email_message(delivery).body


def test_letter_holds_the_whole_text(minutes):
    delivery = circulated(minutes).deliveries.get(person=minutes.held.members[2].person)
    letter = letter_html(delivery)
    for words in ("LE SCHÉMA AUTONOMIE", "une avance existe", "Le carnet de mi-parcours est adopté.", "renvoyez-la"):
        assert words in letter
    assert "/espace/" not in letter


@pytest.mark.parametrize("place", [1, 2])
def test_what_had_not_left_when_the_text_was_taken_back_shows_nothing_of_it(minutes, people, place):
    """Mails and letters are made when they leave, from the row as it is then: the draft is nobody's to read."""
    delivery = circulated(minutes).deliveries.get(person=minutes.held.members[place].person)
    MINUTES.transition(minutes, "reopen", by=people["lead"], reason="Un tableau manque.")
    if place == 2:
        words = letter_html(delivery)
    else:
        mail = email_message(delivery)
        words = mail.body + mail.alternatives[0].content
    assert "est repris par l’équipe" in words
    for gone in ("jusqu’au", "LE SCHÉMA AUTONOMIE", "/espace/comptes-rendus/", "demander une correction"):
        assert gone not in words


def test_author_reads_all_answers_in_one_mail(minutes):
    at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timedelta(days=1))
    author, item = minutes.held.members[1], minutes.held.items[1]
    first = corrections.ask(minutes, item, passage="novembre 2026", proposal="décembre 2026", by=author)
    second = corrections.ask(minutes, item, passage="", proposal="Ajouter l’heure", by=author)
    corrections.accept(first, by=minutes.held.officer)
    corrections.refuse(second, by=minutes.held.officer, answer="L’heure y est déjà.")
    delivery = corrections.send_answers(minutes, by=minutes.held.officer).deliveries.get()
    body = email_message(delivery).body
    for words in (
        "acceptée",
        "refusée",
        "L’heure y est déjà.",
        "«\u00a0novembre 2026\u00a0» → «\u00a0décembre 2026\u00a0»",
    ):
        assert words in body


def test_sealed_mail_says_where_to_verify(minutes):
    found = sealed(minutes)
    sent = publication.distribute_sealed(found, by=minutes.held.officer)
    body = email_message(sent.deliveries.get(person=minutes.held.members[1].person)).body
    assert f"/v/{found.internal_document.reference}" in body
    assert "SHA-256" in body
