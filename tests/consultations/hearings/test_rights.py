"""Who changes a hearing, and from when it may be noted as held."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.hearings.workflow import can_change_hearing, has_begun
from tests.factories.consultations import HearingFactory


@pytest.mark.parametrize(
    ("role", "traits", "may"),
    [
        ("officer", {}, True),
        ("lead", {"held": True}, True),
        ("officer", {"cancelled": True}, False),
        ("member", {}, False),
        ("member", {"cancelled": True}, False),
    ],
)
def test_the_team_changes_a_hearing_that_was_not_called_off(people, role, traits, may):
    hearing = HearingFactory(referral__term=people.term, **traits)
    assert can_change_hearing(people[role], hearing) == may


@pytest.mark.parametrize(
    ("minutes", "state", "begun"),
    [(-1, "in_progress", True), (1, "in_progress", False), (-1, "withdrawn", False), (1, "withdrawn", False)],
)
def test_a_hearing_is_held_once_it_began_while_the_referral_runs(people, minutes, state, begun):
    hearing = HearingFactory(referral__term=people.term, starts_at=timezone.now() + timedelta(minutes=minutes))
    hearing.referral.state = state
    assert has_begun(hearing) == begun
