"""The screen, the vote and the minutes count the same people: those still expected."""

import pytest
from django.utils import timezone

from sessions.attendance.queries.facts import attendance_facts, roll_of
from sessions.attendance.queries.presence import (
    attendance_summary,
    live_board,
    members_in_office,
    present_at,
    present_count,
    quorum_at,
    quorum_needed,
    roll,
)
from sessions.models import Invitee
from tests.sessions.sittings.closed_sitting import CLOSED, OPENED, closed_sitting


def counts(sitting):
    """Return the members present at noon and the quorum, as each query computes them."""
    noon = OPENED + (CLOSED - OPENED) / 2
    told = roll_of(sitting)
    facts = attendance_facts(told)
    return {
        "vote": present_count(sitting, noon),
        "list": present_at(sitting, noon).count(),
        "minutes": told.present_at(noon),
        "summary": len(attendance_summary(sitting).present),
        "printed": facts["present"],
        "board": live_board(sitting)["came"],
    }, {quorum_needed(sitting), facts["quorum"], quorum_at(sitting, noon).needed, live_board(sitting)["quorum"].needed}


@pytest.mark.parametrize("committee", [False, True])
def test_a_withdrawn_person_is_counted_by_nobody(committee, people):
    sitting = closed_sitting(people, committee=committee).sitting
    sitting.is_quorum_required = True
    before, needed = counts(sitting)
    assert set(before.values()) == {4}
    assert len(needed) == 1
    one = Invitee.objects.filter(sitting=sitting, is_member=True, stays__isnull=False).order_by("pk").first()
    Invitee.objects.filter(pk=one.pk).update(withdrawn_at=timezone.now())
    after, needed = counts(sitting)
    assert set(after.values()) == {3}
    assert len(needed) == 1
    assert one.pk not in {row.invitee.pk for row in roll(sitting)}
    assert members_in_office(sitting) == (4 if committee else 5)


def test_a_guest_without_words_of_its_own_is_named_by_its_capacity(people):
    held = closed_sitting(people)
    row = next(row for row in roll(held.sitting) if row.invitee.pk == held.guest.pk)
    assert row.capacity == "directrice de l’Autonomie"
