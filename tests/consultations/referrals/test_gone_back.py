"""A page still shows a referral that went back meanwhile: returned to preparation, off the short list, off the agenda.
What it has become decides: no row moves, no line is written."""

from copy import copy, deepcopy

import pytest
from django.core.exceptions import PermissionDenied

from assembly.workflow import StateConflict
from consultations.briefing import actions as briefing
from consultations.hearings import actions as hearings
from consultations.hearings.workflow import HEARING
from consultations.models import Referral, ReferralState
from consultations.referrals import actions as referrals
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.reviews.actions import asking as reviews, thread
from consultations.self_referrals import actions as self_referrals
from tests.consultations.desk import in_days
from tests.consultations.random_steps import changed, digest, in_hours
from tests.factories.consultations import (
    HearingFactory,
    ReferralCommitteeFactory,
    ReferralDirectorateFactory,
    ReferralFactory,
)
from tests.factories.institution import CommitteeFactory

pytestmark = pytest.mark.django_db
S = ReferralState


class Page:
    """What one person still sees: the referral, its committee, its hearing, as they were when it was opened."""

    def __init__(self, people, referral):
        self.people, self.officer = people, people["officer"]
        self.agent = people["dir_contact"]
        ReferralDirectorateFactory(referral=referral, directorate=people.directorate)
        committee = ReferralCommitteeFactory(referral=referral, committee=CommitteeFactory(term=people.term))
        hearing = HearingFactory(referral=referral, starts_at=in_hours(48))
        self.other_committee = CommitteeFactory(term=people.term)
        self.referral = Referral.objects.select_related("term__assembly").get(pk=referral.pk)
        self.committee = type(committee).objects.select_related("referral__term").get(pk=committee.pk)
        self.hearing = type(hearing).objects.select_related("referral__term").get(pk=hearing.pk)

    def copied(self):
        """Return a copy, as in another window: a step updates the objects that it gets."""
        other = copy(self)
        rows = deepcopy((self.referral, self.committee, self.hearing))
        other.referral, other.committee, other.hearing = rows
        return other


ACTS = {
    "ask": lambda page: reviews.ask(page.referral, [page.people.directorate], due_on=in_days(20), by=page.officer),
    "assign": lambda page: referrals.assign_committee(
        page.referral, page.other_committee, mandate_statement="Dire.", by=page.officer
    ),
    "restate": lambda page: referrals.restate_mandate(page.committee, mandate_statement="Dire tout.", by=page.officer),
    "release": lambda page: referrals.release_committee(page.committee, by=page.officer),
    "post": lambda page: thread.post(page.referral, "Une question.", by=page.agent),
    "introduce": lambda page: briefing.introduce(page.referral, "À lire d’abord.", by=page.officer),
    "plan": lambda page: hearings.plan(page.referral, title="Audition", starts_at=in_hours(72), by=page.officer),
    "change": lambda page: hearings.change(page.hearing, title="Autre titre", by=page.officer),
    "hold": lambda page: HEARING.transition(page.hearing, "hold", by=page.officer),
    "publish": lambda page: REFERRAL.transition(page.referral, "publish", by=page.officer),
}


def go_back(people, referral):
    """Take the one step back that the current state allows."""
    found, by = Referral.objects.select_related("term").get(pk=referral.pk), people["officer"]
    if found.state == S.INTERNAL_REVIEW:
        REFERRAL.transition(found, "return", by=by, reason="À reprendre.")
    elif found.state == S.SHORTLISTED:
        self_referrals.unlist(found, reason="Plus tard.", by=by)
    else:
        self_referrals.take_off_agenda(found, reason="Une autre séance.", by=by)


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({"state": S.INTERNAL_REVIEW}, ["ask", "assign", "restate", "release", "post"]),
        (
            {"own": True, "state": S.SHORTLISTED},
            ["ask", "assign", "restate", "release", "post", "introduce", "plan", "change", "hold"],
        ),
        ({"own": True, "state": S.PUT_TO_VOTE}, ["publish"]),
    ],
    ids=["returned", "unlisted", "taken off"],
)
def test_a_page_that_did_not_see_it_go_back_writes_nothing(people, facts, names):
    referral = ReferralFactory(term=people.term, officer=people["officer"], **facts)
    page = Page(people, referral)
    pages = {name: page.copied() for name in names}
    go_back(people, referral)
    before = digest()
    for name in names:
        with pytest.raises(StateConflict):
            ACTS[name](pages[name])
        assert changed(before) == set(), name


@pytest.mark.parametrize("name", ["restate", "release"])
def test_a_page_that_did_not_see_it_end_leaves_its_committees(people, name):
    referral = ReferralFactory(term=people.term, working=True, officer=people["officer"])
    page = Page(people, referral)
    referrals.withdraw(
        Referral.objects.select_related("term").get(pk=referral.pk), reason="Sans objet.", by=page.officer
    )
    before = digest()
    with pytest.raises(StateConflict):
        ACTS[name](page)
    assert changed(before) == set()


def test_whoever_has_no_right_is_told_nothing_of_it(people):
    referral = ReferralFactory(term=people.term, state=S.INTERNAL_REVIEW, officer=people["officer"])
    page = Page(people, referral)
    go_back(people, referral)
    page.officer = people["facilitator"]
    for name in ("ask", "assign", "restate", "release", "introduce", "plan"):
        with pytest.raises(PermissionDenied):
            ACTS[name](page)
