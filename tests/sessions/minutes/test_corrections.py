"""Corrections: asked in time by those who were there, answered with a reason, told once."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery
from assembly.workflow import StateConflict
from sessions.minutes.actions import corrections as actions
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Correction, CorrectionState, MinutesSection, MinutesState, Via
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

ASKED = {"passage": "novembre 2026", "proposal": "décembre 2026", "reason": "Le directeur a dit décembre."}


@pytest.fixture
def minutes(people):
    minutes = written_minutes(people)
    return at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timedelta(days=3))


@pytest.fixture
def correction(minutes):
    return actions.ask(minutes, minutes.held.items[1], by=minutes.held.members[1], **ASKED)


def test_somebody_who_was_there_asks(minutes, correction):
    assert (correction.author.last_name, correction.via) == ("Rouquette", Via.ACCOUNT)
    assert Entry.objects.latest("pk").event_type == "correction.asked"


@pytest.mark.parametrize("who", ["member", "officer", "stranger"])
def test_somebody_who_was_not_there_does_not(people, minutes, who):
    with pytest.raises(PermissionDenied):
        actions.ask(minutes, minutes.held.items[1], by=people[who], **ASKED)
    with pytest.raises(PermissionDenied):
        actions.ask(minutes, minutes.held.items[1], by=minutes.held.members[-1], **ASKED)


def test_nobody_asks_too_late(minutes):
    at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(StateConflict):
        actions.ask(minutes, minutes.held.items[1], by=minutes.held.members[1], **ASKED)


def test_letter_is_noted_in_the_name_of_its_author(minutes):
    at_state(minutes, MinutesState.CORRECTIONS)
    author = minutes.held.members[2].person
    noted = actions.note(
        minutes, minutes.held.items[1], author=author, via=Via.PAPER, by=minutes.held.officer, **ASKED
    )
    assert (noted.author, noted.via, noted.recorded_by) == (author, Via.PAPER, minutes.held.officer)
    assert Entry.objects.latest("pk").on_behalf_of == author.pseudonym
    with pytest.raises(ValidationError):
        actions.note(
            minutes,
            minutes.held.items[1],
            author=minutes.held.members[-1].person,
            via=Via.PAPER,
            by=minutes.held.officer,
            **ASKED,
        )


def test_one_click_replaces_the_passage(minutes, correction):
    actions.accept(correction, by=minutes.held.officer)
    section = MinutesSection.objects.get(pk=correction.section_id)
    assert "décembre 2026" in section.summary_html
    assert "novembre" not in section.summary_html
    assert section.revisions.first().kind == "corrected"
    assert correction.state == CorrectionState.ACCEPTED


def test_passage_found_twice_or_never_is_for_a_person(minutes):
    vague = actions.ask(
        minutes, minutes.held.items[1], by=minutes.held.members[1], passage="la", proposal="cette", reason=""
    )
    with pytest.raises(ValidationError) as refused:
        actions.accept(vague, by=minutes.held.officer)
    assert refused.value.code == "not_found"
    vague.refresh_from_db()
    assert vague.state == CorrectionState.ASKED
    revision = MinutesSection.objects.get(pk=vague.section_id).revision
    actions.accept(vague, by=minutes.held.officer, html="<p>Autre texte</p>", revision=revision)
    assert MinutesSection.objects.get(pk=vague.section_id).summary_html == "<p>Autre texte</p>"


def test_refusal_needs_a_reason_and_answers_come_once(minutes, correction):
    with pytest.raises(ValidationError):
        actions.refuse(correction, by=minutes.held.officer, answer=" ")
    actions.refuse(correction, by=minutes.held.officer, answer="L’enregistrement dit novembre.")
    with pytest.raises(StateConflict):
        actions.accept(correction, by=minutes.held.officer)


@pytest.mark.parametrize("who", ["facilitator", "member", "stranger"])
def test_only_the_team_answers(people, minutes, correction, who):
    with pytest.raises(PermissionDenied):
        actions.accept(correction, by=people[who])
    with pytest.raises(PermissionDenied):
        actions.refuse(correction, by=people[who], answer="Non")


def test_author_gets_one_message_for_all_answers(minutes, correction):
    second = actions.ask(
        minutes, minutes.held.items[0], by=minutes.held.members[1], passage="", proposal="Ajouter l’heure", reason=""
    )
    actions.accept(correction, by=minutes.held.officer)
    actions.refuse(second, by=minutes.held.officer, answer="L’heure y est.")
    sent = actions.send_answers(minutes, by=minutes.held.officer)
    assert sent.deliveries.count() == 1
    assert sent.deliveries.get().context == {"corrections": [correction.pk, second.pk]}
    with pytest.raises(StateConflict):
        actions.send_answers(minutes, by=minutes.held.officer)
    assert Delivery.objects.count() == 1


def test_text_goes_on_only_when_everything_is_answered(minutes, correction):
    at_state(minutes, MinutesState.CORRECTIONS)
    assert [error.code for error in MINUTES.missing(minutes, "submit_for_approval")] == ["corrections"]


def test_unprintable_request_is_refused_with_its_letter(minutes):
    with pytest.raises(ValidationError, match="U\\+1F600"):
        actions.ask(minutes, minutes.held.items[0], by=minutes.held.members[1], passage="", proposal="Bravo 😀")
    assert Correction.objects.count() == 0
