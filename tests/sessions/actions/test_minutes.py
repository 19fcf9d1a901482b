"""The life of minutes, state by state and role by role."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery, Distribution
from assembly.workflow import StateConflict
from sessions.actions import minutes as actions
from sessions.enums import MinutesKind, MinutesState, SittingState
from sessions.models import Minutes
from sessions.rules import minutes as rules
from sessions.workflows.minutes import FORMAL, REPORT
from tests.sessions.held import at_state, held_sitting

S = MinutesState
STEPS = {
    "submit": (lambda minutes, by: actions.submit(minutes, by=by), "minutes.submitted"),
    "return": (lambda minutes, by: actions.give_back(minutes, by=by, reason="Le point 3"), "minutes.returned"),
    "circulate": (lambda minutes, by: actions.circulate(minutes, by=by), "minutes.circulated"),
    "end_corrections": (lambda minutes, by: actions.end_corrections(minutes, by=by), "minutes.corrections_ended"),
    "reopen": (lambda minutes, by: actions.reopen(minutes, by=by, reason="Erreur"), "minutes.reopened"),
    "archive": (lambda minutes, by: actions.archive(minutes, by=by), "minutes.archived"),
}
FORMAL_STATES = [state for state in S if state != S.VALIDATED]
ROLES = ["stranger", "dpo", "member", "facilitator", "officer", "lead"]


@pytest.fixture
def minutes(people):
    return held_sitting(people).begin()


@pytest.mark.parametrize("verb", STEPS)
@pytest.mark.parametrize("state", FORMAL_STATES)
def test_step_by_state_and_role(people, minutes, state, verb):
    """Right state and right role: moved and journaled. Else nothing moves, and the refusal says which it was."""
    at_state(minutes, state)
    act, said = STEPS[verb]
    target = FORMAL.target(verb, state)
    for who in ROLES:
        before = Entry.objects.count()
        has_right = who == "lead" or (who == "officer" and verb not in rules.LEAD_ONLY)
        if has_right and target:
            act(minutes, people[who])
            minutes.refresh_from_db()
            assert (minutes.state, Entry.objects.filter(verb=said).count()) == (target, 1)
            return
        with pytest.raises(StateConflict if has_right else PermissionDenied):
            act(minutes, people[who])
        minutes.refresh_from_db()
        assert (minutes.state, Entry.objects.count()) == (state, before)


def test_plenaries_are_formal_and_committees_report(people):
    assert held_sitting(people).begin().kind == MinutesKind.FORMAL
    assert held_sitting(people, committee=True).begin().kind == MinutesKind.REPORT


def test_only_the_lead_validates_a_report(people):
    held = held_sitting(people, committee=True)
    minutes = held.begin()
    with pytest.raises(PermissionDenied):
        actions.validate(minutes, by=held.officer)
    actions.validate(minutes, by=people["lead"])
    assert (minutes.state, REPORT.target("validate", S.DRAFT)) == (S.VALIDATED, S.VALIDATED)


@pytest.mark.parametrize("who", ["facilitator", "member", "stranger"])
def test_others_begin_nothing(people, who):
    held = held_sitting(people)
    with pytest.raises(PermissionDenied):
        actions.start(held.sitting, by=people[who])
    assert Minutes.objects.count() == 0


def test_nothing_begins_before_the_sitting(people):
    held = held_sitting(people)
    held.sitting.state = SittingState.NOTIFIED
    with pytest.raises(PermissionDenied):
        actions.start(held.sitting, by=held.officer)


def test_chair_and_secretary_are_named_before_the_reading(minutes):
    minutes.sitting.secretary = None
    with pytest.raises(ValidationError, match="secrétaire"):
        actions.submit(minutes, by=minutes.writer)


def test_circulation_writes_to_those_who_attended(people, minutes):
    at_state(minutes, S.INTERNAL_CHECK)
    before = timezone.now()
    distribution = actions.circulate(minutes, by=minutes.writer)
    names = set(distribution.deliveries.values_list("recipient_name", flat=True))
    assert {"Odile Labatut", "Quentin Gasc", "Hélène Castaing"} < names
    assert "Rosa Nogaro" not in names
    assert minutes.corrections_until - before > timedelta(days=10)
    assert timezone.localtime(minutes.corrections_until).strftime("%H:%M") == "23:59"


def test_circulating_twice_is_refused_and_sends_once(minutes):
    at_state(minutes, S.INTERNAL_CHECK)
    stale = Minutes.objects.select_related("sitting__term").get(pk=minutes.pk)
    actions.circulate(minutes, by=minutes.writer)
    sent = Delivery.objects.count()
    with pytest.raises(StateConflict):
        actions.circulate(stale, by=minutes.writer)
    assert (Distribution.objects.count(), Delivery.objects.count()) == (1, sent)


def test_nobody_is_cut_off_before_the_announced_day(minutes):
    at_state(minutes, S.CIRCULATED, corrections_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(ValidationError) as refused:
        actions.end_corrections(minutes, by=minutes.writer)
    assert refused.value.code == "deadline"


def test_reopening_forgets_the_circulation_and_keeps_the_reason(people, minutes):
    at_state(minutes, S.CIRCULATED)
    with pytest.raises(ValidationError):
        actions.reopen(minutes, by=people["lead"], reason=" ")
    actions.reopen(minutes, by=people["lead"], reason="Un point manque")
    minutes.refresh_from_db()
    assert (minutes.state, minutes.circulated_at, minutes.corrections_until) == (S.DRAFT, None, None)
    assert Entry.objects.get(verb="minutes.reopened").detail.text == "Un point manque"


def test_functions_are_two_persons_and_fixed_once_a_visa_is_given(people, minutes):
    chair = minutes.sitting.chair
    with pytest.raises(ValidationError):
        actions.name_functions(minutes, chair=chair, secretary=chair, by=minutes.writer)
    actions.name_functions(minutes, chair=chair, secretary=minutes.writer.person, by=minutes.writer)
    assert minutes.sitting.secretary == minutes.writer.person


def test_kind_changes_only_in_draft(minutes):
    actions.change_kind(minutes, MinutesKind.REPORT, by=minutes.writer)
    assert minutes.kind == MinutesKind.REPORT
    actions.change_kind(minutes, MinutesKind.FORMAL, by=minutes.writer)
    at_state(minutes, S.INTERNAL_CHECK)
    with pytest.raises(ValidationError):
        actions.change_kind(minutes, MinutesKind.REPORT, by=minutes.writer)


def test_writing_passes_to_a_colleague_of_the_team_only(people, minutes):
    other = people.make("officer", people.term)
    actions.hand_over(minutes, other, by=minutes.writer)
    assert minutes.writer == other
    with pytest.raises(PermissionDenied):
        actions.hand_over(minutes, people["member"], by=other)


def test_who_sees_minutes(people, minutes):
    """Team and facilitators always; those who attended once circulated; all members of the term once sealed."""
    held_members = [row.person.user for row in minutes.sitting.invitees.filter(is_member=True).order_by("pk")]
    present, absent = held_members[1], held_members[-1]
    expected = {
        S.DRAFT: (False, False, False),
        S.CIRCULATED: (True, False, False),
        S.SIGNED: (True, True, True),
    }
    for state, seen in expected.items():
        at_state(minutes, state)
        readers = (present, absent, people["member"])
        assert tuple(Minutes.objects.visible_to(user).exists() for user in readers) == seen
        assert Minutes.objects.visible_to(people["facilitator"]).exists()
        assert Minutes.objects.visible_to(held_members[0]).exists()
        assert not Minutes.objects.visible_to(people.elsewhere("lead")).exists()
        assert not Minutes.objects.visible_to(people["sponsor"]).exists()
