"""Votes, corrections and tasks: every step × state × role, refused by right (403) or by state (409), by hand."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.tasks.models import Task
from assembly.tasks.workflow import TASK
from assembly.workflow import StateConflict
from sessions.decisions import actions as decisions
from sessions.decisions.workflow import BALLOT
from sessions.minutes.actions import corrections
from sessions.minutes.workflow.tables import CORRECTION
from sessions.models import Ballot, Correction, MinutesState
from tests.factories.sessions import put_today
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

S = MinutesState
ROLES = {"lead": True, "officer": True, "facilitator": False, "member": False, "dpo": False, "stranger": False}
COUNTED = {
    "votes_for": 3,
    "votes_against": 0,
    "abstentions": 0,
    "no_opinion": 0,
    "present": 4,
    "quorum": 3,
    "result": "adopted",
    "first_counter": "Nadia",
    "second_counter": "Pierrick",
}


@pytest.fixture
def minutes(people):
    return written_minutes(people)


def refusals(workflow, row, step_name, people):
    """Return what each role gets: nothing, 403 or 409."""
    met = {}
    for role in [*ROLES, "elsewhere"]:
        user = people.elsewhere("lead") if role == "elsewhere" else people[role]
        try:
            workflow.require(type(row).objects.get(pk=row.pk), step_name, by=user)
        except PermissionDenied:
            met[role] = 403
        except StateConflict:
            met[role] = 409
        except ValidationError:
            met[role] = None  # right and state are given; guards have their own tests
        else:
            met[role] = None
    return met


def expected(is_open):
    return {role: (None if is_open else 409) if has_right else 403 for role, has_right in ROLES.items()} | {
        "elsewhere": 403
    }


@pytest.mark.parametrize("written", [S.DRAFT, S.INTERNAL_CHECK, S.CIRCULATED, S.SIGNED])
@pytest.mark.parametrize("state", ["prepared", "counted", "proclaimed", "cancelled"])
def test_votes(people, minutes, state, written):
    """While the minutes are written; a vote whose question left the agenda is dropped whatever became of them."""
    at_state(minutes, written)
    item, now = minutes.held.items[1], timezone.now()
    counted = COUNTED | {"counted_at": minutes.held.sitting.closed_at} if state in ("counted", "proclaimed") else {}
    proclaimed = {"proclaimed_at": now} if state == "proclaimed" else {}
    ballot = Ballot.objects.create(
        agenda_item=item, question="Oui ?", majority_rule="simple", state=state, **counted, **proclaimed
    )
    verbs = {"prepared": {"count", "cancel"}, "counted": {"recount", "proclaim"}}.get(state, set())
    taken = verbs if written in (S.DRAFT, S.INTERNAL_CHECK) else set()
    taken = taken | ({"drop"} if state == "prepared" else set())
    for step_name in ("count", "recount", "proclaim", "cancel", "drop"):
        assert refusals(BALLOT, ballot, step_name, people) == expected(step_name in taken), step_name
    is_written = written in (S.DRAFT, S.INTERNAL_CHECK)
    withdrawn = state in ("counted", "proclaimed") and is_written
    for step_name, is_open in (("uphold", state == "proclaimed"), ("withdraw", withdrawn)):
        lead_only = expected(is_open) | {role: 403 for role in ROLES if role != "lead"}
        assert refusals(BALLOT, ballot, step_name, people) == lead_only, step_name


@pytest.mark.parametrize("written", [S.INTERNAL_CHECK, S.CIRCULATED, S.CORRECTIONS, S.SUBMITTED, S.SIGNED])
@pytest.mark.parametrize("state", ["asked", "accepted", "refused"])
def test_corrections(people, minutes, state, written):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timedelta(days=3))
    member, item = minutes.held.members[1], minutes.held.items[1]
    made = corrections.ask(minutes, item, passage="novembre 2026", proposal="décembre 2026", by=member)
    if state != "asked":
        Correction.objects.update(state=state, answer="Oui", answered_at=timezone.now())
    at_state(minutes, written)
    is_open = state == "asked" and written in (S.CIRCULATED, S.CORRECTIONS)
    for step_name in ("accept", "refuse"):
        assert refusals(CORRECTION, made, step_name, people) == expected(is_open), step_name


@pytest.mark.parametrize("state", ["open", "done", "dropped"])
def test_tasks_live_on_after_the_minutes(people, minutes, state):
    task = decisions.add_action(minutes.held.sitting, text="Envoyer", owner_text="Direction", by=minutes.held.officer)
    if state != "open":
        Task.objects.filter(pk=task.pk).update(state=state, closed_at=timezone.now())
    at_state(minutes, S.SIGNED)
    taken = {"finish", "drop"} if state == "open" else {"reopen"}
    for step_name in ("finish", "drop", "reopen"):
        assert refusals(TASK, task, step_name, people) == expected(step_name in taken), step_name


def test_nothing_is_noted_before_the_sitting_opens(people, minutes):
    ballot = decisions.prepare_ballot(minutes.held.items[1], question="Oui ?", by=minutes.held.officer)
    put_today(minutes.held.sitting, "notified")
    assert refusals(BALLOT, ballot, "count", people) == expected(is_open=False)
