"""Random sequences of steps by every role through a follow-up, with an oracle written apart from the code.

A sequence is a transaction that is rolled back. `ACTS` says by hand who may do what and when; the oracle keeps the
state, the updates and the proofs, and is compared after every act.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from answers.follow_up import actions as follow_up
from answers.follow_up.rules import UpdateContent, update_due
from answers.models import FollowUp, FollowUpHearing, FollowUpState, ProposalNews
from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.workflow import StateConflict
from tests.answers.cases.test_random_steps import LONG, PICKS, SHORT, RolledBackSteps, one_request
from tests.answers.stage import followed_by
from tests.consultations.desk import agent
from tests.factories.institution import CommitteeFactory, CommitteeMembershipFactory, DirectorateFactory

S = FollowUpState
OPEN, ENDED = {S.PLANNED, S.IN_PROGRESS, S.DELAYED}, {S.DONE, S.ABANDONED}
TEAM, LEAD = {"lead", "officer"}, {"lead"}
PLACES = ("a", "b")
ROLES = (
    *("lead", "officer", "facilitator", "member", "seated", "president", "sponsor", "stranger", "lead@elsewhere"),
    *(f"contact_{place}" for place in PLACES),
)
MOVES = {"start": S.IN_PROGRESS, "delay": S.DELAYED}  # said again it is one more update
LINK = "https://www.haute-garonne.fr/bus"


class World:
    """Two directorates, a member who sits in the follow-up committee and one who does not."""

    def __init__(self, people):
        self.people, self.term = people, people.term
        self.places = {name: DirectorateFactory(assembly=people.assembly, code=name) for name in PLACES}
        named = [who for who in ROLES if "_" not in who and who not in ("seated", "lead@elsewhere")]
        self.pks = {who: people[who].pk for who in named} | {"lead@elsewhere": people.elsewhere("lead").pk}
        self.pks |= {f"contact_{name}": agent(place).pk for name, place in self.places.items()}
        self.pks["seated"] = people.make("member", people.term).pk
        seat = CommitteeFactory(term=people.term, kind="follow_up")
        CommitteeMembershipFactory(committee=seat, person=self.user("seated").person)

    def user(self, who):
        """Read anew, as a request does."""
        return User.objects.select_related("person").get(pk=self.pks[who])


@dataclass
class Expected:
    """`proofs`: numbers of the updates « réalisée » that are still told; `proof`: the one that closed it."""

    state: str = S.PLANNED
    place: str = "a"
    told: list = field(default_factory=list)
    gone: set = field(default_factory=set)
    proofs: set = field(default_factory=set)
    proof: int = 0
    is_reported: bool = False
    is_asked: bool = False
    hearings: int = 0
    news: int = 0


def tellers(known):
    return {f"contact_{known.place}"} | TEAM


def update(state, *, link=LINK):
    def run(w, row, by, known, pick):
        return follow_up.publish_update(row, UpdateContent(state, "Le bus.", link=link), seen=len(known.told), by=by)

    return run


def pending(row):
    return FollowUpHearing.objects.filter(follow_up=row, heard_on=None).values_list("pk", flat=True).first() or 0


def withdraw(w, row, by, known, pick):
    follow_up.withdraw(row, pick % 4 + 1, reason="Une erreur.", by=by)


# who may, in which states, what must be true of the case, the act, its line of the journal
ACTS = {
    "same": (tellers, OPEN, None, lambda w, row, by, k, n: update(row.state)(w, row, by, k, n), "updated"),
    "start": (tellers, OPEN, None, update(S.IN_PROGRESS), "started"),
    "delay": (tellers, OPEN, None, update(S.DELAYED), "delayed"),
    "done": (tellers, OPEN, None, update(S.DONE), "reported_done"),
    "bare": (tellers, OPEN, lambda known: False, update(S.DONE, link=""), ""),
    "close": (
        lambda known: LEAD,
        OPEN,
        lambda known: known.is_reported and known.proofs,
        lambda w, row, by, k, n: follow_up.close_as_done(row, by=by),
        "completed",
    ),
    "abandon": (
        lambda known: LEAD,
        OPEN,
        None,
        lambda w, row, by, k, n: follow_up.abandon(row, reason="Le terrain est vendu.", by=by),
        "abandoned",
    ),
    "reopen": (
        lambda known: LEAD,
        ENDED,
        None,
        lambda w, row, by, k, n: follow_up.reopen(row, reason="Un autre terrain.", by=by),
        "reopened",
    ),
    "ask": (
        lambda known: TEAM,
        OPEN,
        lambda known: not known.is_asked,
        lambda w, row, by, k, n: follow_up.ask(row, by=by),
        "asked",
    ),
    "entrust": (
        lambda known: TEAM,
        OPEN,
        None,
        lambda w, row, by, k, n: follow_up.entrust(row, w.places[PLACES[n % 2]], by=by),
        "entrusted",
    ),
    "remark": (
        lambda known: TEAM | {"seated"},
        OPEN | ENDED,
        None,
        lambda w, row, by, k, n: follow_up.note_remark(row, "Trop lent.", by=by),
        "remarked",
    ),
    "hear": (
        lambda known: TEAM | {"seated"},
        OPEN,
        None,
        lambda w, row, by, k, n: follow_up.ask_hearing(row, service="Mobilités", question="Quand ?", by=by),
        "hearing_asked",
    ),
}


class RandomFollowUps(RolledBackSteps):
    """`world` is set by the test."""

    world: World

    @initialize()
    def begin(self):
        row = followed_by(self.world.people)
        FollowUp.objects.filter(pk=row.pk).update(directorate=self.world.places["a"])
        self.pk, self.known = row.pk, Expected()

    def row(self):
        return FollowUp.objects.with_dossier().get(pk=self.pk)

    @rule(name=st.sampled_from([*ACTS]), who=st.sampled_from(ROLES), pick=PICKS)
    def anybody_tries(self, name, who, pick):
        roles, states, ready, run, line = ACTS[name]
        known = self.known
        may, now, is_ready = who in roles(known), known.state in states, ready is None or bool(ready(known))
        last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        try:
            with one_request():
                run(self.world, self.row(), self.world.user(who), known, pick)
        except PermissionDenied:
            assert not may, (name, who, known)
        except StateConflict:
            assert (may, now) == (True, False), (name, who, known)
        except ValidationError:
            assert (may, now, is_ready) == (True, True, False), (name, who, known)
        else:
            assert (may, now, is_ready) == (True, True, True), (name, who, known)
            lines = Entry.objects.filter(pk__gt=last, event_type__startswith="follow_up.").values_list(
                "event_type", flat=True
            )
            assert list(lines) == [f"follow_up.{'updated' if MOVES.get(name) == known.state else line}"]
            self.learn(name, pick)
            return
        assert not Entry.objects.filter(pk__gt=last).exists(), (name, who)

    def learn(self, name, pick):
        """Update the oracle with the result of the act."""
        known = self.known
        if name in ("same", "start", "delay", "done"):
            known.state = MOVES.get(name, known.state)
            known.told.append(S.DONE if name == "done" else known.state)
            known.is_reported, known.is_asked = name == "done", False
            known.proofs |= {len(known.told)} if name == "done" else set()
        elif name in ("close", "abandon"):
            known.state = S.DONE if name == "close" else S.ABANDONED
            known.proof = max(known.proofs) if name == "close" else 0
            known.is_reported = known.is_asked = False
        elif name == "reopen":
            known.state, known.proof = S.IN_PROGRESS, 0
        elif name == "ask":
            known.is_asked = True
        elif name == "entrust":
            known.place = PLACES[pick % 2]
        elif name == "hear":
            known.hearings += 1
        known.news += name in ("same", "start", "delay", "done", "close", "abandon", "reopen")

    @rule(who=st.sampled_from(ROLES), pick=PICKS)
    def an_update_is_withdrawn(self, who, pick):
        known, number = self.known, pick % 4 + 1
        is_there = number <= len(known.told) and number not in known.gone
        try:
            with one_request():
                withdraw(self.world, self.row(), self.world.user(who), known, pick)
        except PermissionDenied:
            assert who not in TEAM
        except ValidationError:
            assert who in TEAM
            assert not is_there or number == known.proof
        else:
            assert who in TEAM
            assert is_there
            assert number != known.proof
            known.gone.add(number)
            known.proofs -= {number}
            known.is_reported &= bool(known.proofs)

    @rule(who=st.sampled_from(ROLES))
    def a_hearing_is_recorded(self, who):
        row, known = self.row(), self.known
        told = {"on": timezone.localdate(), "heard_by": "Odile", "summary": "En mars."}
        try:
            with one_request():
                follow_up.record_heard(row, pending(row), by=self.world.user(who), **told)
        except PermissionDenied:
            assert who not in TEAM
        except StateConflict:
            assert who in TEAM
            assert known.hearings == 0
        else:
            assert who in TEAM
            known.hearings -= 1

    @invariant()
    def the_file_is_what_the_oracle_knows(self):
        row, known = self.row(), self.known
        assert (row.state, row.directorate) == (known.state, self.world.places[known.place])
        assert (row.reported_at is not None, row.asked_at is not None) == (known.is_reported, known.is_asked)
        assert (row.proved_by.number if row.proved_by else 0) == known.proof
        assert list(row.updates.order_by("number").values_list("state", flat=True)) == known.told
        assert {one.number for one in row.updates.exclude(withdrawn_at=None)} == known.gone
        assert FollowUpHearing.objects.filter(follow_up=row, heard_on=None).count() == known.hearings
        assert ProposalNews.objects.filter(recommendation=row.case.recommendation).count() == known.news
        assert (row.ended_on is None) == (known.state in OPEN)

    @invariant()
    def the_next_update_is_due_within_the_rhythm(self):
        row = self.row()
        if row.update_due_on:
            least = min(update_due(timezone.localdate(), self.world.term), timezone.localdate() + timedelta(days=90))
            assert row.update_due_on >= least


@pytest.mark.django_db
def test_random_steps_of_follow_ups(people):
    RandomFollowUps.world = World(people)
    run_state_machine_as_test(RandomFollowUps, settings=SHORT)


@pytest.mark.long
@pytest.mark.django_db
def test_many_random_steps_of_follow_ups(people):
    RandomFollowUps.world = World(people)
    run_state_machine_as_test(RandomFollowUps, settings=LONG)
