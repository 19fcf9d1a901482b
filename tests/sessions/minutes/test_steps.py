"""The life of minutes, state by state and role by role."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery, Distribution
from assembly.workflow import StateConflict
from sessions.minutes.actions import writing as actions
from sessions.minutes.workflow.tables import MINUTES
from sessions.models import Minutes, MinutesKind, MinutesState, SittingState
from tests.sessions.sittings.closed_sitting import at_state, closed_sitting

S = MinutesState
TEAM, LEAD = {"officer", "lead"}, {"lead"}
# verb: what is written, whose step it is, from where to where. By hand: nothing here is read from the table of steps.
FORMAL_STEPS = {
    "submit": ("minutes.submitted", TEAM, {S.DRAFT: S.INTERNAL_CHECK}),
    "return": ("minutes.returned", TEAM, {S.INTERNAL_CHECK: S.DRAFT}),
    "circulate": ("minutes.circulated", TEAM, {S.INTERNAL_CHECK: S.CIRCULATED}),
    "end_corrections": ("minutes.corrections_ended", TEAM, {S.CIRCULATED: S.CORRECTIONS}),
    "reopen": (
        "minutes.reopened",
        LEAD,
        dict.fromkeys([S.INTERNAL_CHECK, S.CIRCULATED, S.CORRECTIONS, S.SUBMITTED], S.DRAFT),
    ),
    "archive": ("minutes.archived", TEAM, {S.SIGNED: S.ARCHIVED, S.PUBLISHED: S.ARCHIVED}),
}
REPORT_STEPS = {
    "validate": ("minutes.validated", LEAD, {S.DRAFT: S.VALIDATED}),
    "return": ("minutes.returned", TEAM, {S.VALIDATED: S.DRAFT}),
    "circulate": ("minutes.circulated", TEAM, {S.VALIDATED: S.CIRCULATED}),
    "reopen": ("minutes.reopened", LEAD, {S.VALIDATED: S.DRAFT, S.CIRCULATED: S.DRAFT}),
    "archive": ("minutes.archived", TEAM, {S.CIRCULATED: S.ARCHIVED, S.PUBLISHED: S.ARCHIVED}),
}
FORMAL_STATES = [state for state in S if state != S.VALIDATED]
REPORT_STATES = [S.DRAFT, S.VALIDATED, S.CIRCULATED, S.PUBLISHED, S.ARCHIVED]
ROLES = ["stranger", "dpo", "member", "facilitator", "officer", "lead"]
CELLS = [
    *((False, state, verb) for state in FORMAL_STATES for verb in FORMAL_STEPS),
    *((True, state, verb) for state in REPORT_STATES for verb in REPORT_STEPS),
]


@pytest.fixture
def minutes(people):
    return closed_sitting(people).begin()


@pytest.mark.parametrize(("committee", "state", "verb"), CELLS)
def test_step_by_state_and_role(people, committee, state, verb):
    """Right state and right role: moved and journaled. Else nothing moves, and the refusal says which it was."""
    minutes = at_state(closed_sitting(people, committee=committee).begin(), state)
    said, whose, arrows = (REPORT_STEPS if committee else FORMAL_STEPS)[verb]
    for who in ROLES:
        before = Entry.objects.count()
        if who in whose and state in arrows:
            MINUTES.transition(minutes, verb, by=people[who], reason="Le point 3")
            minutes.refresh_from_db()
            line = Entry.objects.get(event_type=said)
            assert (minutes.state, line.facts) == (arrows[state], {"before": state, "after": arrows[state]})
            return
        with pytest.raises(StateConflict if who in whose else PermissionDenied):
            MINUTES.transition(minutes, verb, by=people[who], reason="Le point 3")
        minutes.refresh_from_db()
        assert (minutes.state, Entry.objects.count()) == (state, before)


def test_plenaries_are_formal_and_committees_report(people):
    assert closed_sitting(people).begin().kind == MinutesKind.FORMAL
    assert closed_sitting(people, committee=True).begin().kind == MinutesKind.REPORT


def test_only_the_lead_validates_a_report(people):
    held = closed_sitting(people, committee=True)
    minutes = held.begin()
    with pytest.raises(PermissionDenied):
        MINUTES.transition(minutes, "validate", by=held.officer)
    MINUTES.transition(minutes, "validate", by=people["lead"])
    assert minutes.state == S.VALIDATED


@pytest.mark.parametrize("who", ["facilitator", "member", "stranger"])
def test_others_begin_nothing(people, who):
    held = closed_sitting(people)
    with pytest.raises(PermissionDenied):
        actions.start(held.sitting, by=people[who])
    assert Minutes.objects.count() == 0


def test_nothing_begins_before_the_sitting(people):
    held = closed_sitting(people)
    held.sitting.state = SittingState.NOTIFIED
    with pytest.raises(PermissionDenied):
        actions.start(held.sitting, by=held.officer)


def test_chair_and_secretary_are_named_before_the_reading(minutes):
    minutes.sitting.secretary = None
    minutes.sitting.save()
    with pytest.raises(ValidationError, match="secrétaire"):
        MINUTES.transition(minutes, "submit", by=minutes.writer)


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
        MINUTES.transition(minutes, "end_corrections", by=minutes.writer)
    assert refused.value.code == "deadline"


def test_reopening_forgets_the_circulation_and_keeps_the_reason(people, minutes):
    at_state(minutes, S.CIRCULATED)
    with pytest.raises(ValidationError):
        MINUTES.transition(minutes, "reopen", by=people["lead"], reason=" ")
    MINUTES.transition(minutes, "reopen", by=people["lead"], reason="Un point manque")
    minutes.refresh_from_db()
    assert (minutes.state, minutes.circulated_at, minutes.corrections_until) == (S.DRAFT, None, None)
    assert Entry.objects.get(event_type="minutes.reopened").detail.text == "Un point manque"


def test_functions_are_two_persons_and_fixed_once_a_visa_is_given(people, minutes):
    chair = minutes.sitting.chair
    with pytest.raises(ValidationError):
        actions.name_functions(minutes, chair=chair, secretary=chair, by=minutes.writer)
    named = {"chair": chair, "secretary": minutes.writer.person}
    actions.name_functions(minutes, **named, by=minutes.writer)
    assert minutes.sitting.secretary == minutes.writer.person
    minutes.visas.create(capacity="chair", person=chair, text_sha256="0" * 64, given_at=timezone.now())
    with pytest.raises(ValidationError) as refused:
        actions.name_functions(minutes, **named, by=minutes.writer)
    assert refused.value.code == "given"
    at_state(minutes, S.SIGNED)
    with pytest.raises(StateConflict):
        actions.name_functions(minutes, **named, by=minutes.writer)


def test_kind_changes_only_in_draft(minutes):
    actions.change_kind(minutes, MinutesKind.REPORT, by=minutes.writer)
    assert minutes.kind == MinutesKind.REPORT
    actions.change_kind(minutes, MinutesKind.FORMAL, by=minutes.writer)
    at_state(minutes, S.INTERNAL_CHECK)
    with pytest.raises(StateConflict):
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
