"""Who reads the private thread of a referral."""

import pytest

from consultations.reviews.rules import can_read_thread
from tests.factories.consultations import ReferralDirectorateFactory, ReferralFactory


@pytest.mark.parametrize(
    ("role", "state", "is_named", "may"),
    [
        ("officer", "draft", False, True),
        ("dir_contact", "in_progress", True, True),
        ("dir_contact", "in_progress", False, False),
        ("dir_contact", "draft", True, False),
        ("member", "in_progress", True, False),
    ],
)
def test_the_team_and_the_directorates_named_in_it_read_the_thread(people, role, state, is_named, may):
    referral = ReferralFactory(term=people.term, working=True)
    if is_named:
        ReferralDirectorateFactory(referral=referral, directorate=people.directorate)
    user = people[role]
    referral.state = state
    assert can_read_thread(user, referral) == may
