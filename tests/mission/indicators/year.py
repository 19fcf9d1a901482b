"""A year of an assembly in a few rows of each kind, noted before last night, so that every indicator has some."""

from datetime import date, timedelta

import time_machine
from django.utils import timezone

from answers.models import AnswerValue, FollowUpState
from assembly.institution.models import CommitteeKind
from draws.models import CallCount
from opinions.models import AmendmentState
from sessions.models import SittingKind
from tests.answers.stage import answered_by, followed_by
from tests.factories.amendments import AmendmentFactory
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.consultations import HearingFactory, HearingGuestFactory
from tests.factories.identity import UserFactory
from tests.factories.institution import CantonFactory, CommitteeFactory
from tests.factories.life import claim_with_lines
from tests.factories.members import MandateFactory, MemberFactory
from tests.factories.mission import GrantApplicationFactory
from tests.factories.opinions import RecommendationFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory
from tests.factories.support import EpciFactory, SupportRequestFactory, TrainingFactory


def a_year(people, *, erased=0):
    """Make the year; everything is recorded three days ago."""
    with time_machine.travel(timezone.now() - timedelta(days=3), tick=False):
        term = people.term
        members = seat_members(term)
        hold_sittings(term, members)
        call = CallFactory(term=term)
        for channel in ("web", "market", "market"):
            CandidateFactory(call=call, channel=channel)
        if erased:
            CallCount.objects.create(
                call=call, gender="F", age_band="-29", occupation="employe", channel="web", number=erased
            )
        hearing = HearingFactory(held=True, referral__term=term)
        for kind in ("expert", "elected"):
            HearingGuestFactory(hearing=hearing, kind=kind)
        priority = RecommendationFactory(opinion__term=term, opinion__state="published", numbered=True)
        type(priority).objects.filter(pk=priority.pk).update(is_priority=True)
        for state in (AmendmentState.ADOPTED, AmendmentState.REJECTED):
            AmendmentFactory(opinion__term=term, state=state)
        answered_by(people, "published", value=AnswerValue.REJECTED)
        followed_by(people, FollowUpState.DONE)
        followed_by(people, FollowUpState.PLANNED)
        give_support(people.assembly)
        late = answered_by(people, "assigned")
        type(late).objects.filter(pk=late.pk).update(due_on=late.opened_on)


def give_support(assembly):
    """Make a training for an EPCI, a request of a directorate, a voted grant and one that waits."""
    row = SupportRequestFactory(assembly=assembly, epci=EpciFactory(assembly=assembly), state="delivered")
    TrainingFactory(row=row, held_on=timezone.localdate())
    SupportRequestFactory(assembly=assembly)
    for state in ("voted", "received"):
        GrantApplicationFactory(assembly=assembly, state=state, received_on=timezone.localdate() - timedelta(days=9))


def seat_members(term):
    """Make eleven members in two cantons, one without a year of birth, and one who left."""
    cantons = [CantonFactory(assembly=term.assembly, name=name) for name in ("Canton du Nord", "Canton du Sud")]
    begun = {"accepted_on": date(2025, 11, 1), "activated_on": date(2025, 11, 29)}
    found = []
    for place in range(11):
        member = MemberFactory(
            canton=cantons[place > 7], gender="FM"[place % 2], birth_year=None if place == 10 else 1950 + 5 * place
        )
        found.append(MandateFactory(term=term, member=member, **begun))
    MandateFactory(
        term=term,
        member=MemberFactory(canton=cantons[0]),
        seat=found[0].seat,
        ended=True,
        ended_on=date(2025, 11, 29),
        accepted_on=date(2025, 11, 1),
        activated_on=date(2025, 11, 2),
    )
    return found


def hold_sittings(term, members):
    """Make two plenaries and a meeting of a group of three; the third invitee is always absent."""
    group = CommitteeFactory(term=term, kind=CommitteeKind.WORKING_GROUP)
    for place, (kind, committee) in enumerate(
        [(SittingKind.PLENARY, None), (SittingKind.PLENARY, None), (SittingKind.COMMITTEE, group)]
    ):
        sitting = SittingFactory(held=True, term=term, kind=kind, committee=committee)
        asked = members if committee is None else members[:3]
        for rank, mandate in enumerate(asked):
            invitee = InviteeFactory(sitting=sitting, person=mandate.member.person)
            if rank % 3 != 2:
                AttendanceFactory(
                    invitee=invitee, left_at=sitting.starts_at + timedelta(hours=2 + place), recorded_by=UserFactory()
                )
        InviteeFactory(sitting=sitting, guest=True)
    claim_with_lines(members[0].member.person, state="sent")
