"""Votes by show of hands: two counters, sums against the persons in the room, a final result."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from assembly.audit.models import Entry
from assembly.workflow import StateConflict
from sessions.decisions import actions
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.models import BallotResult, BallotState, MinutesState
from tests.sessions.sittings.closed_sitting import OPENED, at_state, closed_sitting

COUNTERS = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}
AT_VOTE = OPENED + timedelta(hours=2)


@pytest.fixture
def held(people):
    return closed_sitting(people)


@pytest.fixture
def ballot(held):
    return actions.prepare_ballot(held.items[2], question="Adopter le carnet ?", by=held.officer)


def verbs():
    return list(Entry.objects.order_by("pk").values_list("event_type", flat=True))


def test_count_writes_result_room_and_members_in_office(held, ballot):
    actions.count_ballot(ballot, Count(3, 1), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.present, ballot.members_in_office) == ("counted", "adopted", 4, 5)
    assert verbs() == ["ballot.prepared", "ballot.counted"]


def test_more_votes_than_people_is_refused(held, ballot):
    with pytest.raises(ValidationError) as refused:
        actions.count_ballot(ballot, Count(4, 1), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    assert refused.value.code == "impossible"
    ballot.refresh_from_db()
    assert (ballot.state, ballot.votes_for) == ("prepared", None)


def test_guests_and_late_comers_are_not_in_the_room(held, ballot):
    """Three members at the opening; the fourth came at 10 h 05, the guest does not vote."""
    with pytest.raises(ValidationError, match="pour 3 membres"):
        actions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=OPENED + timedelta(minutes=5), **COUNTERS)


def test_missing_votes_must_be_confirmed(held, ballot):
    with pytest.raises(ValidationError) as doubt:
        actions.count_ballot(ballot, Count(2, 1), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    assert doubt.value.code == "gap"
    actions.count_ballot(ballot, Count(2, 1), by=held.officer, voted_at=AT_VOTE, gap_confirmed=True, **COUNTERS)
    assert ballot.state == BallotState.COUNTED


@pytest.mark.parametrize("second", ["", "nadia fauré "])
def test_two_different_persons_count(held, ballot, second):
    with pytest.raises(ValidationError):
        actions.count_ballot(
            ballot, Count(4, 0), by=held.officer, voted_at=AT_VOTE, first_counter="Nadia Fauré", second_counter=second
        )


def test_recount_replaces_and_is_journaled(held, ballot):
    actions.count_ballot(ballot, Count(2, 2), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    assert ballot.result == BallotResult.REJECTED
    actions.count_ballot(ballot, Count(3, 1), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    assert (ballot.result, verbs()[-1]) == (BallotResult.ADOPTED, "ballot.recounted")
    facts = Entry.objects.latest("pk").facts
    assert (facts["before"], facts["votes_before"], facts["votes"]) == ("counted", [2, 2, 0, 0], [3, 1, 0, 0])


def test_casting_vote_counts_only_where_the_term_gives_one(held, ballot):
    actions.count_ballot(ballot, Count(2, 2), by=held.officer, voted_at=AT_VOTE, casting_vote_for=True, **COUNTERS)
    assert (ballot.result, ballot.casting_vote_for) == (BallotResult.REJECTED, False)
    held.sitting.term.has_casting_vote = True
    held.sitting.term.save()
    ballot.agenda_item.sitting.term.refresh_from_db()
    actions.count_ballot(ballot, Count(2, 2), by=held.officer, voted_at=AT_VOTE, casting_vote_for=True, **COUNTERS)
    assert (ballot.result, ballot.casting_vote_for) == (BallotResult.ADOPTED, True)


def test_proclaimed_result_is_final(held, ballot):
    actions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    BALLOT.transition(ballot, "proclaim", by=held.officer)
    with pytest.raises(StateConflict):
        actions.count_ballot(ballot, Count(3, 1), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    with pytest.raises(StateConflict):
        BALLOT.transition(ballot, "cancel", by=held.officer)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.votes_for) == (BallotState.PROCLAIMED, 4)


@pytest.mark.parametrize("who", ["facilitator", "member", "stranger", "dpo", "dir_contact"])
def test_only_the_team_counts(people, held, ballot, who):
    for attempt in (
        lambda by: actions.prepare_ballot(held.items[0], question="?", by=by),
        lambda by: actions.count_ballot(ballot, Count(4, 0), by=by, voted_at=AT_VOTE, **COUNTERS),
        lambda by: BALLOT.transition(ballot, "cancel", by=by),
        lambda by: actions.decide(held.items[0], text="x", by=by),
    ):
        with pytest.raises(PermissionDenied):
            attempt(people[who])
    ballot.refresh_from_db()
    assert (ballot.state, verbs()) == (BallotState.PREPARED, ["ballot.prepared"])


def test_officer_of_another_assembly_counts_nothing(people, held, ballot):
    with pytest.raises(PermissionDenied):
        BALLOT.transition(ballot, "cancel", by=people.elsewhere("officer"))


def test_facts_are_closed_once_the_minutes_are_out(held, ballot):
    at_state(held.begin(), MinutesState.CIRCULATED)
    with pytest.raises(StateConflict):
        actions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    with pytest.raises(StateConflict):
        actions.decide(held.items[0], text="Trop tard", by=held.officer)
