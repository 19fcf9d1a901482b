"""Decisions are numbered once, actions are followed until closed."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assembly.audit.models import Entry
from assembly.tasks.models import TaskState
from assembly.tasks.workflow import TASK
from assembly.workflow import StateConflict
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.models import DecisionMode
from tests.sessions.sittings.closed_sitting import OPENED, closed_sitting


@pytest.fixture
def held(people):
    return closed_sitting(people)


def test_numbers_are_given_once_and_gaps_stay(held):
    first = decisions.decide(held.items[0], text="Le compte rendu est approuvé.", by=held.officer)
    second = decisions.decide(held.items[1], text="À retirer", by=held.officer)
    decisions.withdraw_decision(second, reason="Notée deux fois", by=held.officer)
    third = decisions.decide(held.items[2], text="Le carnet est adopté.", by=held.officer)
    assert [first.reference, third.reference] == ["PL-2026-02-D1", "PL-2026-02-D3"]
    assert Entry.objects.get(event_type="decision.withdrawn").detail.text == "Notée deux fois"
    with pytest.raises(StateConflict):
        decisions.withdraw_decision(second, reason="Encore", by=held.officer)


def test_decision_by_a_vote_holds_its_ballot_and_only_one(held):
    ballot = decisions.prepare_ballot(held.items[2], question="Adopter ?", by=held.officer)
    moment = OPENED + timedelta(hours=2)
    counters = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}
    decisions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=moment, **counters)
    decision = decisions.decide(held.items[2], text="Adopté", by=held.officer, ballot=ballot)
    assert (decision.mode, decision.ballot) == (DecisionMode.BALLOT, ballot)
    with pytest.raises(ValidationError):
        decisions.decide(held.items[2], text="Encore", by=held.officer, ballot=ballot)
    with pytest.raises(ValidationError):
        decisions.decide(held.items[0], text="Ailleurs", by=held.officer, ballot=ballot)


def test_wording_is_corrected_and_the_former_one_kept_in_the_journal(held):
    decision = decisions.decide(held.items[0], text="Aprouvé", by=held.officer)
    decisions.change_decision(decision, text="Approuvé", by=held.officer)
    assert Entry.objects.get(event_type="decision.changed").detail.text == "Aprouvé"


def test_unprintable_character_is_named(held):
    with pytest.raises(ValidationError, match="U\\+1F600"):
        decisions.decide(held.items[0], text="Bravo 😀", by=held.officer)


def test_action_needs_somebody(held):
    with pytest.raises(ValidationError, match="s’en charge"):
        decisions.add_action(held.sitting, text="Envoyer la carte", by=held.officer)


def test_action_is_finished_dropped_and_reopened(held):
    action = decisions.add_action(
        held.sitting, text="Envoyer la carte", owner_text="Direction", due_on=date(2026, 4, 17), by=held.officer
    )
    TASK.transition(action, "finish", by=held.officer, reason="Envoyée le 12")
    assert (action.state, action.is_open) == (TaskState.DONE, False)
    with pytest.raises(StateConflict):
        TASK.transition(action, "finish", by=held.officer)
    TASK.transition(action, "reopen", by=held.officer)
    assert (action.state, action.outcome, action.closed_at) == (TaskState.OPEN, "", None)
    with pytest.raises(ValidationError):
        TASK.transition(action, "drop", by=held.officer, reason=" ")
    TASK.transition(action, "drop", by=held.officer, reason="Sans objet")
    assert action.state == TaskState.DROPPED
    assert [entry.event_type for entry in Entry.objects.order_by("pk")] == [
        "action.recorded",
        "task.finished",
        "task.reopened",
        "task.dropped",
    ]


@pytest.mark.parametrize("who", ["facilitator", "member", "stranger"])
def test_only_the_team_closes_actions(people, held, who):
    action = decisions.add_action(held.sitting, text="Envoyer", owner=held.chair.person, by=held.officer)
    for verb in ("finish", "drop", "reopen"):
        with pytest.raises(PermissionDenied):
            TASK.transition(action, verb, by=people[who], reason="Non")
    action.refresh_from_db()
    assert action.state == TaskState.OPEN
