"""Steps of follow-ups: the tables of the matrix, in the bureau and in the room of the directorates."""

from django.utils import timezone

from answers.models import FollowUpState
from assembly.institution.models import CommitteeKind
from tests.answers.stage import followed_by
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory
from tests.security.steps.rule import TEAM, Table

LEAD = "lead"
AGENTS = "dir_contact dir_approver"
OPEN = "planned in_progress delayed"
STATES = f"{OPEN} done abandoned"


def row(people, state):
    return followed_by(people, FollowUpState(state))


def seated(people, state):
    """Return a follow-up in that state, with `member` in the committee."""
    made = CommitteeFactory(term=people.term, kind=CommitteeKind.FOLLOW_UP)
    CommitteeMembershipFactory(committee=made, person=people["member"].person)
    return followed_by(people, FollowUpState(state))


def reported(people, state):
    return followed_by(people, FollowUpState(state), reported_at=timezone.now())


STEPS = {
    "clore": (LEAD, {422: OPEN}),  # nothing proves it
    "a-faire": (LEAD, {}),
    "demander": (TEAM, {302: OPEN}),
    "point": (TEAM, {422: OPEN}),
    "etapes": (TEAM, {422: OPEN}),
    "service": (TEAM, {302: OPEN}),
    "confier": (TEAM, {422: OPEN}),
    "remarque": (TEAM, {422: STATES}),
    "entendre": (TEAM, {422: OPEN}),
    "audition": (TEAM, {}),
    "retirer": (TEAM, {422: STATES}),
    "abandonner": (LEAD, {422: OPEN}),
    "rouvrir": (LEAD, {422: "done abandoned"}),
}
TABLES = {
    "follow-ups-desk": Table(pages="answers:follow-up-step", states=STATES, row=row, enters=TEAM, steps=STEPS),
    "follow-ups-reported": Table(
        pages="answers:follow-up-step",
        states=OPEN,
        row=reported,
        enters=TEAM,
        steps={
            **STEPS,
            "a-faire": (LEAD, {422: OPEN}),
            "rouvrir": (LEAD, {}),
            "retirer": (TEAM, {422: OPEN}),
            "remarque": (TEAM, {422: OPEN}),
        },
    ),
    "follow-ups-committee": Table(
        pages="answers:committee-step",
        states=STATES,
        row=seated,
        enters="member",
        steps={"remarque": ("member", {422: STATES}), "entendre": ("member", {422: OPEN})},
    ),
    "follow-ups-room": Table(
        pages="answers:directorate-follow-up-step",
        states=STATES,
        row=row,
        enters=f"president sponsor {AGENTS}",
        steps={
            "point": (AGENTS, {422: OPEN}),
            "etapes": (AGENTS, {422: OPEN}),
            "service": (AGENTS, {302: OPEN}),
        },
    ),
}
