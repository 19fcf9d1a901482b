"""No vote counts without the quorum of its moment: the form, the database and every way of deciding refuse it."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from assembly.audit.models import Entry
from assembly.institution.models import Term
from assembly.text.french import format_date
from sessions.attendance import actions as attendance
from sessions.attendance.queries.facts import attendance_facts, roll_of
from sessions.attendance.queries.presence import member_stays, waiver_reason
from sessions.decisions import actions
from sessions.decisions.queries import ballot_facts
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.minutes.actions import publication
from sessions.models import Attendance, Ballot, Minutes, Sitting
from sessions.sittings.actions import convening
from sessions.sittings.queries.convening import snapshot
from tests.sessions.sittings.closed_sitting import OPENED, at_state, closed_sitting, next_plenary

COUNTERS = {"first_counter": "Nadia Fauré", "second_counter": "Pierrick Tournier"}
NB = "\u00a0"
AT_VOTE = OPENED + timedelta(hours=2)


@pytest.fixture
def held(people):
    """Make a vote with five seats, quorum three and four members present."""
    return closed_sitting(people)


@pytest.fixture
def ballot(held):
    return actions.prepare_ballot(held.items[2], question="Adopter le carnet ?", by=held.officer)


def leave_only(held, count):
    """Let all but `count` of the present members leave before the vote."""
    gone = [row.pk for row in held.invitees[count:4]]
    Attendance.objects.filter(invitee__in=gone).update(left_at=AT_VOTE - timedelta(minutes=1))


def test_a_vote_without_quorum_is_refused(held, ballot):
    leave_only(held, 2)
    with pytest.raises(ValidationError) as refused:
        actions.count_ballot(ballot, Count(2, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    assert refused.value.code == "quorum"
    assert refused.value.messages == [
        f"Le quorum n’est pas atteint à 11{NB}h{NB}34{NB}: 2 membres présents, il en faut 3. Le vote attend."
    ]
    ballot.refresh_from_db()
    assert (ballot.state, ballot.votes_for, ballot.quorum) == ("prepared", None, None)


def test_a_vote_with_the_quorum_stores_it_and_who_was_there(held, ballot):
    leave_only(held, 3)
    actions.count_ballot(ballot, Count(3, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    ballot.refresh_from_db()
    assert (ballot.quorum, ballot.present, ballot.members_in_office) == (3, 3, 5)
    assert ballot.present_invitees == [row.pk for row in held.invitees[:3]]


def test_where_the_sitting_needs_none_the_quorum_is_empty(held, ballot):
    leave_only(held, 1)
    Sitting.objects.filter(pk=held.sitting.pk).update(is_quorum_required=False)
    ballot.agenda_item.sitting.refresh_from_db()
    actions.count_ballot(ballot, Count(1, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.quorum, ballot.present) == ("counted", None, 1)


def test_an_advisory_vote_needs_no_quorum_and_decides_nothing(held):
    leave_only(held, 1)
    ballot = actions.prepare_ballot(held.items[2], question="Continuer ?", by=held.officer, is_advisory=True)
    actions.count_ballot(ballot, Count(1, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    actions.end_ballot(ballot, "proclaim", by=held.officer)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.quorum, ballot.is_advisory) == ("proclaimed", None, True)
    with pytest.raises(ValidationError) as refused:
        actions.decide(held.items[2], text="On continue.", by=held.officer, ballot=ballot)
    assert refused.value.code == "ballot"


def test_a_count_whose_presence_was_corrected_is_counted_again_before_it_is_proclaimed(held, ballot):
    actions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    leave_only(held, 2)
    with pytest.raises(ValidationError) as refused:
        actions.end_ballot(ballot, "proclaim", by=held.officer)
    assert refused.value.code == "presence"
    ballot.refresh_from_db()
    assert ballot.state == "counted"


def test_presence_corrected_later_does_not_change_a_proclaimed_vote(held, ballot):
    actions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    actions.end_ballot(ballot, "proclaim", by=held.officer)
    for invitee in held.invitees[:3]:
        attendance.void_stay(invitee.stays.get(), by=held.officer)
    ballot.refresh_from_db()
    assert (ballot.state, ballot.result, ballot.present, ballot.quorum) == ("proclaimed", "adopted", 4, 3)


@pytest.mark.parametrize(
    "figures",
    [
        {"present": 2, "quorum": 3},
        {"present": 3, "quorum": None},
        {"present": 3, "quorum": 3, "is_advisory": True},
    ],
)
@pytest.mark.parametrize("state", ["counted", "proclaimed"])
def test_the_database_refuses_a_vote_without_quorum(held, ballot, figures, state):
    row = {
        "state": state,
        "votes_for": 2,
        "votes_against": 0,
        "abstentions": 0,
        "no_opinion": 0,
        "result": "adopted",
        "counted_at": AT_VOTE,
        "proclaimed_at": AT_VOTE if state == "proclaimed" else None,
        **COUNTERS,
    }
    with pytest.raises(DatabaseError), transaction.atomic():
        Ballot.objects.filter(pk=ballot.pk).update(**row | figures)
    Ballot.objects.filter(pk=ballot.pk).update(**row | {"present": 3, "quorum": 3})


def test_the_database_refuses_other_figures_in_a_proclaimed_vote(held, ballot):
    actions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    actions.end_ballot(ballot, "proclaim", by=held.officer)
    for change in ({"votes_for": 3}, {"present": 5}, {"quorum": 2}, {"result": "rejected"}, {"present_invitees": []}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Ballot.objects.filter(pk=ballot.pk).update(**change)


def test_a_decision_without_a_vote_needs_the_quorum_of_its_item(held):
    leave_only(held, 2)
    item = held.items[2]
    item.opened_at, item.closed_at = AT_VOTE, AT_VOTE + timedelta(minutes=20)
    item.save()
    with pytest.raises(ValidationError) as refused:
        actions.decide(item, text="Le carnet est adopté.", by=held.officer)
    assert refused.value.code == "quorum"
    assert not Entry.objects.filter(event_type="decision.recorded").exists()
    decision = actions.decide(held.items[1], text="Le schéma est lu.", by=held.officer)
    assert (decision.quorum, decision.present) == (3, 4)
    with pytest.raises(IntegrityError), transaction.atomic():
        type(decision).objects.filter(pk=decision.pk).update(present=2)


def test_a_decision_follows_a_counted_vote(held, ballot):
    with pytest.raises(ValidationError) as refused:
        actions.decide(held.items[2], text="Le carnet est adopté.", by=held.officer, ballot=ballot)
    assert refused.value.code == "ballot"


def proclaimed(held, ballot):
    actions.count_ballot(ballot, Count(4, 0), by=held.officer, voted_at=AT_VOTE, **COUNTERS)
    actions.end_ballot(ballot, "proclaim", by=held.officer)
    return ballot


def test_the_lead_upholds_a_vote_whose_presence_was_corrected(people, held, ballot):
    proclaimed(held, ballot)
    with pytest.raises(ValidationError, match="rien à maintenir"):
        BALLOT.transition(ballot, "uphold", by=people["lead"], reason="Quatre mains levées.")
    leave_only(held, 2)
    with pytest.raises(PermissionDenied):
        BALLOT.transition(ballot, "uphold", by=held.officer, reason="Quatre mains levées.")
    BALLOT.transition(ballot, "uphold", by=people["lead"], reason="Quatre mains levées.")
    ballot.refresh_from_db()
    assert (ballot.state, ballot.present, ballot.upheld_reason) == ("proclaimed", 4, "Quatre mains levées.")
    stays = member_stays(held.sitting)
    facts = ballot_facts(ballot, stays)
    day = format_date(ballot.upheld_at, weekday=False)
    assert facts["quorum_sentence"] == f"4{NB}membres présents, quorum de 3 atteint."
    assert facts["corrected"] == (
        f"À 11{NB}h{NB}34, la feuille de présence corrigée depuis compte 2 membres, 4 lors du vote. "
        f"Le quorum de 3 n’est pas atteint. Résultat maintenu le {day}{NB}: Quatre mains levées."
    )


def test_the_lead_takes_a_result_back_once_nothing_follows_from_it(people, held, ballot):
    proclaimed(held, ballot)
    decision = actions.decide(held.items[2], text="Le carnet est adopté.", by=held.officer, ballot=ballot)
    with pytest.raises(ValidationError, match="PL-2026-02-D1 suit ce vote"):
        actions.withdraw_ballot(ballot, reason="Erreur", by=people["lead"])
    actions.withdraw_decision(decision, reason="Erreur", by=held.officer)
    with pytest.raises(PermissionDenied):
        actions.withdraw_ballot(ballot, reason="Erreur", by=held.officer)
    actions.withdraw_ballot(Ballot.objects.get(pk=ballot.pk), reason="Erreur", by=people["lead"])
    ballot.refresh_from_db()
    assert (ballot.state, ballot.votes_for, ballot.quorum, ballot.result, ballot.counted_at) == (
        "prepared",
        None,
        None,
        "",
        None,
    )
    entry = Entry.objects.latest("pk")
    assert (entry.event_type, entry.facts["votes"], entry.facts["quorum"]) == ("ballot.withdrawn", [4, 0, 0, 0], 3)


@pytest.fixture
def running(people):
    """Make an open sitting with two of five members present and quorum three."""
    held = closed_sitting(people, state="open")
    leave_only(held, 2)
    Attendance.objects.filter(invitee__in=held.invitees[:2]).update(left_at=None)
    with time_machine.travel(AT_VOTE + timedelta(minutes=30), tick=False):
        yield held


def test_the_absence_of_quorum_ends_the_sitting_and_the_second_one_votes_without(people, running):
    Term.objects.update(quorum_source="article 12 du règlement intérieur")
    sitting = Sitting.objects.get(pk=running.sitting.pk)
    attendance.note_no_quorum(sitting, by=running.officer)
    assert sitting.state == "not_quorate"
    assert Entry.objects.latest("pk").facts == {
        "before": "open",
        "after": "not_quorate",
        "present": 2,
        "needed": 3,
        "rule": "second",
    }
    starts = sitting.starts_at + timedelta(days=14)
    second = convening.reconvene(sitting, starts_at=starts, ends_at=starts + timedelta(hours=3), by=running.officer)
    assert (second.is_quorum_required, convening.kind_of_first_notice(second)) == (False, "second")
    words = (
        f"Aucun quorum n’est exigé{NB}: cette séance est la seconde sur le même ordre du jour, après l’absence de "
        f"quorum constatée le 28{NB}mars 2026 (PL-2026-02). Règle{NB}: article 12 du règlement intérieur."
    )
    Sitting.objects.filter(pk=sitting.pk).update(closed_at=OPENED + timedelta(hours=1))
    second = Sitting.objects.get(pk=second.pk)
    assert waiver_reason(second) == words
    assert snapshot(second)["quorum_waiver"] == words
    assert attendance_facts(roll_of(second))["sentence"].endswith(words)


def test_where_the_rule_adjourns_the_quorum_is_needed_again(running):
    Term.objects.update(no_quorum_rule="adjourn")
    sitting = Sitting.objects.get(pk=running.sitting.pk)
    attendance.note_no_quorum(sitting, by=running.officer)
    starts = sitting.starts_at + timedelta(days=14)
    second = convening.reconvene(sitting, starts_at=starts, ends_at=starts + timedelta(hours=3), by=running.officer)
    assert (sitting.state, second.is_quorum_required) == ("reconvened", True)
    assert (convening.kind_of_first_notice(second), waiver_reason(second)) == ("first", "")


def test_where_the_rule_waits_the_sitting_is_suspended_first(running):
    Term.objects.update(no_quorum_rule="suspend")
    sitting = Sitting.objects.get(pk=running.sitting.pk)
    attendance.note_no_quorum(sitting, by=running.officer)
    assert (sitting.state, Attendance.objects.filter(left_at=None).count()) == ("suspended", 2)
    attendance.note_no_quorum(sitting, by=running.officer)
    assert (sitting.state, Attendance.objects.filter(left_at=None).count()) == ("not_quorate", 0)


def test_the_absence_of_quorum_is_refused_where_the_quorum_is_there_or_something_was_decided(running):
    sitting = Sitting.objects.get(pk=running.sitting.pk)
    Attendance.objects.filter(invitee=running.invitees[2]).update(left_at=None)
    with pytest.raises(ValidationError, match="3 membres présents, il en faut 3"):
        attendance.note_no_quorum(sitting, by=running.officer)
    actions.decide(running.items[0], text="L’ordre du jour est adopté.", by=running.officer)
    Attendance.objects.filter(invitee=running.invitees[2]).update(left_at=AT_VOTE)
    with pytest.raises(ValidationError, match="1 vote ou décision est déjà noté"):
        attendance.note_no_quorum(sitting, by=running.officer)
    assert sitting.state == "open"


def test_minutes_are_approved_without_observation_only_with_the_quorum(held):
    minutes = at_state(held.begin(), "corrections")
    coming = next_plenary(held)
    publication.submit_for_approval(minutes, coming, by=held.officer)
    Sitting.objects.filter(pk=coming.pk).update(state="open", opened_at=coming.starts_at, is_quorum_required=True)
    minutes = Minutes.objects.get(pk=minutes.pk)
    with pytest.raises(ValidationError) as refused:
        publication.approve(minutes, by=held.officer)
    assert refused.value.code == "quorum"
    assert Minutes.objects.get().approved_at is None
