"""Random sequences of steps by every role through answers, with an oracle written apart from the code.

A sequence is a transaction that is rolled back. `ACTS` says by hand who may do what and when, to which state; the
oracle keeps the state, the versions and the days of each case, and is compared after every act.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from answers.cases.actions import cases, deciding, writing
from answers.cases.rules import clock_of
from answers.cases.workflow import ANSWER
from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue
from assembly.audit.models import Entry
from assembly.identity.models import User
from assembly.institution.models import Role
from assembly.workflow import StateConflict
from consultations.models import Referral, ReferralState
from opinions.adoption.actions import handover
from opinions.models import Opinion
from tests.answers.stage import fresh
from tests.consultations.desk import agent
from tests.factories.answers import said
from tests.factories.consultations import ReferralFactory
from tests.factories.documents import UploadFactory
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory

S = AnswerCaseState
PICKS = st.integers(0, 40)
VALUES = list(AnswerValue)
SHORT = settings(
    max_examples=8,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
LONG = settings(SHORT, max_examples=120, stateful_step_count=60, derandomize=False)
TEAM, LEAD, OFFICE = ("lead", "officer"), ("lead",), ("president",)
PLACES = ("a", "b")
ROLES = (
    *("lead", "officer", "facilitator", "member", "president", "sponsor", "stranger", "lead@elsewhere"),
    *(f"{role}_{place}" for place in PLACES for role in ("contact", "approver")),
)
OWED = {S.AWAITING, S.ASSIGNED, S.SUBMITTED, S.VALIDATED, S.ARBITRATION, S.DECIDED}


class World:
    """An opinion under way and two directorates; made once, each sequence is rolled back to it."""

    def __init__(self, people):
        self.term = people.term
        self.places = {name: DirectorateFactory(assembly=people.assembly, code=name) for name in PLACES}
        self.pks = {who: people[who].pk for who in ROLES[:7]} | {"lead@elsewhere": people.elsewhere("lead").pk}
        for name, place in self.places.items():
            self.pks[f"contact_{name}"] = agent(place).pk
            self.pks[f"approver_{name}"] = agent(place, Role.DIR_APPROVER).pk
        self.paper = UploadFactory()

    def user(self, who):
        """Read anew, as a request does."""
        return User.objects.select_related("person").get(pk=self.pks[who])

    def place(self, pick):
        return self.places[PLACES[pick % len(PLACES)]]


@dataclass
class Expected:
    """What the oracle knows of one case: `drafted` is the value in hand, None for an empty draft or none."""

    state: str = S.AWAITING
    lead: str = ""
    helps: str = ""
    answered: bool = False
    has_draft: bool = False
    drafted: str | None = None
    is_touched: bool = False
    reminded: bool = False
    given_up: int = 0
    published: list = field(default_factory=list)


@dataclass(frozen=True)
class Act:
    """Who may, from which states, to which one (None: it stays), how; `unless` more: a reason of the oracle."""

    who: object
    states: set
    target: str | None
    run: object
    journal: str
    ready: object = lambda known: True
    allowed: object = lambda known: True


def only(*roles):
    return lambda known: set(roles)


def agents(*roles):
    return lambda known: {f"{role}_{known.lead}" for role in roles} if known.lead else set()


def writers(known):
    return {f"{role}_{place}" for role in ("contact", "approver") for place in (known.lead, known.helps) if place}


def version(case):
    found = Answer.objects.in_hand().filter(case=case).first()
    return found.version if found else 0


def step(verb, **words):
    return lambda world, case, by, pick: ANSWER.transition(case, verb, by=by, **words)


def write(world, case, by, pick):
    writing.save(case, said(VALUES[pick % 6]), version=version(case), by=by)


def pair(world, pick):
    """Return a lead directorate, and the other one to help, or nobody."""
    return world.place(pick), [world.place(pick + 1)] if pick % 3 == 0 else []


def assign(world, case, by, pick):
    lead, helping = pair(world, pick)
    cases.assign(case, lead, associated=helping, by=by)


def reassign(world, case, by, pick):
    lead, helping = pair(world, pick)
    cases.reassign(case, lead, associated=helping, reason="Elle s’en charge.", by=by)


def past(world, case, by, pick):
    deciding.record_past(case, said(VALUES[pick % 6]), on=timezone.localdate(), document=world.paper, by=by)


def council(world, case, by, pick):
    deciding.record_decision([case], on=timezone.localdate(), reference="CD-1", by=by)


def revise(world, case, by, pick):
    deciding.revise(case, reason="Le budget a changé.", directorate=world.place(pick), by=by)


def unanswered(known):
    return not known.answered


SENT = {S.SUBMITTED, S.VALIDATED, S.ARBITRATION, S.DECIDED}
WRITTEN = {S.ASSIGNED, S.SUBMITTED, S.VALIDATED, S.ARBITRATION}
WHY = "Il manque le calendrier."
ACTS = {
    "assign": Act(only(*TEAM), {S.AWAITING}, S.ASSIGNED, assign, "answer.assigned"),
    "reassign": Act(only(*TEAM), WRITTEN, S.ASSIGNED, reassign, "answer.reassigned"),
    "write": Act(writers, {S.ASSIGNED}, None, write, ""),
    "submit": Act(
        agents("contact", "approver"),
        {S.ASSIGNED},
        S.SUBMITTED,
        lambda w, case, by, n: writing.submit(case, version=version(case), by=by),
        "answer.submitted",
        ready=lambda known: known.drafted is not None,
    ),
    "return": Act(
        agents("approver"),
        {S.SUBMITTED},
        S.ASSIGNED,
        lambda w, case, by, n: writing.send_back(case, reason=WHY, by=by),
        "answer.returned",
    ),
    "validate": Act(
        agents("approver"),
        {S.SUBMITTED},
        S.VALIDATED,
        lambda w, case, by, n: writing.validate(case, version=version(case), by=by),
        "answer.validated",
    ),
    "refer": Act(only(*TEAM), {S.VALIDATED}, S.ARBITRATION, step("refer", reason="Tenable ?"), "answer.referred"),
    "arbitrate": Act(
        only("sponsor"), {S.ARBITRATION}, S.VALIDATED, step("arbitrate", reason="Oui."), "answer.arbitrated"
    ),
    "committee": Act(
        only(*TEAM),
        {S.ARBITRATION},
        S.VALIDATED,
        lambda w, case, by, n: deciding.record_arbitration(case, on=timezone.localdate(), ruling="Oui.", by=by),
        "answer.arbitration_recorded",
    ),
    "send_back": Act(
        only("sponsor", *TEAM),
        {S.VALIDATED, S.ARBITRATION},
        S.ASSIGNED,
        lambda w, case, by, n: writing.send_back(case, step_name="send_back", reason=WHY, by=by),
        "answer.sent_back",
    ),
    "decide": Act(
        only(*OFFICE),
        {S.VALIDATED},
        S.DECIDED,
        lambda w, case, by, n: deciding.decide(case, version=version(case), by=by),
        "answer.decided",
    ),
    "council": Act(only(*LEAD), {S.VALIDATED}, S.DECIDED, council, "answer.decision_recorded"),
    "reopen": Act(
        only(*LEAD),
        {S.DECIDED},
        S.ASSIGNED,
        lambda w, case, by, n: writing.send_back(case, step_name="reopen", reason=WHY, by=by),
        "answer.reopened",
    ),
    "publish": Act(
        only(*LEAD),
        {S.DECIDED},
        S.PUBLISHED,
        lambda w, case, by, n: deciding.publish(case, by=by),
        "answer.published",
    ),
    "past": Act(
        only(*LEAD),
        {S.AWAITING, S.ASSIGNED},
        S.PUBLISHED,
        past,
        "answer.past_recorded",
        ready=lambda known: known.drafted is None,
        allowed=unanswered,
    ),
    "revise": Act(only(*LEAD), {S.PUBLISHED}, S.ASSIGNED, revise, "answer.revised"),
    "give_up": Act(
        only(*LEAD),
        OWED - {S.AWAITING},
        S.PUBLISHED,
        lambda w, case, by, n: deciding.give_up(case, reason="Une erreur.", by=by),
        "answer.revision_given_up",
        allowed=lambda known: known.answered,
    ),
    "cancel": Act(
        only(*LEAD),
        OWED,
        S.CANCELLED,
        lambda w, case, by, n: cases.cancel(case, reason="Un doublon.", by=by),
        "answer.cancelled",
        allowed=unanswered,
    ),
    "restore": Act(only(*LEAD), {S.CANCELLED}, S.AWAITING, step("restore"), "answer.restored"),
    "remind": Act(
        only(*TEAM),
        {S.ASSIGNED, S.SUBMITTED},
        None,
        step("remind"),
        "answer.reminded",
        ready=lambda known: not known.reminded,
    ),
    "due": Act(
        only(*TEAM),
        OWED,
        None,
        lambda w, case, by, n: cases.change_due(
            case, timezone.localdate() + timedelta(days=n), reason="Accord.", by=by
        ),
        "answer.due_changed",
        allowed=unanswered,
    ),
}


def learn(known, name, pick):
    """Update the oracle with the result of the act."""
    act, before = ACTS[name], known.state
    known.state = act.target or known.state
    if name in ("assign", "reassign"):
        known.lead = PLACES[pick % 2]
        known.helps = PLACES[(pick + 1) % 2] if pick % 3 == 0 else ""
        known.has_draft = True
    elif name == "revise":
        known.lead, known.has_draft, known.drafted = PLACES[pick % 2], True, known.published[-1]
        known.is_touched = False
    elif name in ("write", "past"):
        known.is_touched |= known.drafted != VALUES[pick % 6]  # a save that changes nothing is none
        known.has_draft, known.drafted = True, VALUES[pick % 6]
    elif name == "give_up":
        known.given_up += known.is_touched or before in SENT
        known.has_draft, known.drafted = False, None
    elif name == "restore":
        known.lead = ""
    elif name == "remind":
        known.reminded = True
    if name in ("publish", "past"):
        known.published.append(known.drafted)
        known.answered, known.has_draft, known.drafted = True, False, None


@contextmanager
def one_request():
    """Undo a refused act, and clear the commit hooks, although the sequence is one transaction."""
    try:
        with transaction.atomic():
            yield
    finally:
        connection.run_on_commit.clear()


class RolledBackSteps(RuleBasedStateMachine):
    """A sequence is one transaction, rolled back at its end once its constraints were checked."""

    def __init__(self):
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()

    def teardown(self):
        try:
            if not connection.needs_rollback:
                connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.open.__exit__(None, None, None)


class RandomAnswers(RolledBackSteps):
    """`world` is set by the test."""

    world: World

    @initialize()
    def begin(self):
        referral = ReferralFactory(term=self.world.term, state=ReferralState.HANDED_OVER)
        adopted_on = timezone.localdate() - timedelta(days=40)
        self.opinion = OpinionFactory(
            term=self.world.term, referral=referral, state="published", adopted_on=adopted_on
        )
        for _ in range(3):
            RecommendationFactory(opinion=self.opinion, numbered=True)
        self.opened_on = self.opinion.handed_over_on
        made = cases.open_answers(self.opinion, on=self.opened_on, by=self.world.user("officer"))
        connection.run_on_commit.clear()
        self.known = {case.pk: Expected() for case in made}
        self.is_answered = False

    def tried(self, pk, name, who, pick):
        act, known = ACTS[name], self.known[pk]
        last = Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        may = who in act.who(known)
        now = known.state in act.states and act.allowed(known)
        try:
            with one_request():
                act.run(self.world, fresh(AnswerCase(pk=pk)), self.world.user(who), pick)
        except PermissionDenied:
            assert not may, (name, who, known)
        except StateConflict:
            assert may, (name, who, known)
            assert not now, (name, who, known)
        except ValidationError:
            assert (may, now, act.ready(known)) == (True, True, False), (name, who, known)
        else:
            assert (may, now, act.ready(known)) == (True, True, True), (name, who, known)
            learn(known, name, pick)
            if act.journal:
                about = Entry.objects.filter(pk__gt=last, event_type__startswith="answer.", subject_id=str(pk))
                assert list(about.values_list("event_type", flat=True)) == [act.journal]
            return
        assert not Entry.objects.filter(pk__gt=last).exists(), (name, who)

    @rule(row=PICKS, name=st.sampled_from([*ACTS]), who=st.sampled_from(ROLES), pick=PICKS)
    def anybody_tries(self, row, name, who, pick):
        if name != "write" or self.known[self.nth(row)].state == S.ASSIGNED:  # a late save is a conflict of texts
            self.tried(self.nth(row), name, who, pick)

    @rule(row=PICKS, choice=PICKS, pick=PICKS)
    def an_answer_goes_on(self, row, choice, pick):
        """Take one of the steps that the oracle allows now, as a user who may."""
        pk = self.nth(row)
        known = self.known[pk]
        open_now = [
            (name, who)
            for name, act in ACTS.items()
            if known.state in act.states and act.allowed(known) and name not in ("cancel", "remind", "due")
            for who in sorted(act.who(known))
        ]
        if open_now:
            name, who = open_now[choice % len(open_now)]
            self.tried(pk, name, who, pick)

    @rule(back=st.integers(0, 30))
    def the_handover_was_another_day(self, back):
        on = timezone.localdate() - timedelta(days=back)
        opinion = Opinion.objects.select_related("term", "referral").get(pk=self.opinion.pk)
        first = min((case.answered_on for case in cases.cases_of(opinion) if case.answered_on), default=on)
        try:
            with one_request():
                handover.correct(opinion, on=on, reason="Une erreur.", by=self.world.user("lead"))
        except ValidationError:
            assert on == self.opened_on or first < on
        else:
            assert on != self.opened_on
            assert first >= on
            self.opened_on = on

    def nth(self, pick):
        return [*self.known][pick % len(self.known)]

    @invariant()
    def the_rows_are_those_of_the_oracle(self):
        if not hasattr(self, "known"):
            return
        today, standing = timezone.localdate(), [one for one in self.known.values() if one.state != S.CANCELLED]
        self.is_answered |= bool(standing) and all(one.answered for one in standing)
        for case in AnswerCase.objects.filter(pk__in=self.known):
            known = self.known[case.pk]
            assert (case.state, bool(case.answered_on)) == (known.state, known.answered)
            versions = list(case.answers.order_by("number").values_list("number", "value", "published_at"))
            said_now = [value for _number, value, at in versions if at]
            assert said_now == known.published
            numbers = [number for number, _value, _at in versions]
            assert numbers == list(range(1, len(versions) + 1))
            assert sum(at is None for _number, _value, at in versions) == int(known.has_draft) + known.given_up
            assert case.answers.in_hand().count() == int(known.has_draft)
            if known.state != S.CANCELLED:
                assert case.opened_on == self.opened_on
                assert clock_of(case, today).is_stopped == known.answered
        answered = Referral.objects.get(pk=self.opinion.referral_id).state == ReferralState.ANSWERED
        assert answered == self.is_answered


@pytest.mark.django_db
def test_random_steps_leave_what_the_oracle_says(people):
    RandomAnswers.world = World(people)
    run_state_machine_as_test(RandomAnswers, settings=SHORT)


@pytest.mark.long
@pytest.mark.django_db
def test_many_random_steps(people):
    RandomAnswers.world = World(people)
    run_state_machine_as_test(RandomAnswers, settings=LONG)
