"""Random sequences of steps by every role through referrals, reviews, hearings: no incoherent row, one line an act,
none for a refusal.

A sequence is a transaction that is rolled back; what the code allows is compared with the tables of
`random_steps.py`, which say apart from it who may do what and when. The long profile takes ten times as many steps,
differently each time.
"""

from collections import Counter
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from assembly.institution.actions import directorates
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from consultations.models import Delegation, DirectorateReview, Hearing, Referral, ReferralDirectorate, ReviewEdition
from consultations.referrals import actions
from consultations.referrals.enums import ReferralState
from consultations.reviews.actions import answering
from consultations.reviews.models import GRID, EditionKind, ReviewState
from consultations.self_referrals import actions as self_referrals
from sessions.models import Ballot, BallotResult, BallotState
from tests.consultations.desk import in_days
from tests.consultations.random_steps import (
    ASIDE_ACTS,
    CODES,
    ENDED,
    HEARING_ACTS,
    OWN_ACTS,
    REFERRAL_ACTS,
    REVIEW_ACTS,
    ROLES,
    World,
    changed,
    digest,
    fresh,
    in_hours,
    journal_since,
    last_line,
)
from tests.factories.consultations import CouncilViewFactory, DirectorateReviewFactory, HearingFactory, ReferralFactory
from tests.factories.sessions import vote_moment

S, R = ReferralState, ReviewState
PICKS = st.integers(0, 40)
SHORT = settings(
    max_examples=10,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.generate,),
)
LONG = settings(SHORT, max_examples=150, stateful_step_count=60, derandomize=False)
FILE_ACTS = REFERRAL_ACTS | OWN_ACTS | ASIDE_ACTS
COUNTED = {
    "votes_for": 3,
    "votes_against": 1,
    "abstentions": 0,
    "no_opinion": 0,
    "present": 4,
    "members_in_office": 108,
    "quorum": 4,
    "first_counter": "Odile Labatut",
    "second_counter": "Wassim Pujol",
}
REFUSALS = (PermissionDenied, StateConflict, ValidationError, EditConflict)


def codes_of(refused):
    """Return the codes of a refusal; a form may have several."""
    if isinstance(refused, ValidationError):
        return {error.code for error in refused.error_list}
    if isinstance(refused, EditConflict):
        return {"closed" if refused.is_closed else "overtaken"}
    return {getattr(refused, "code", None) or ("refused" if isinstance(refused, StateConflict) else "")}


def stands(row):
    """Check the fields and rules of the model; the database has checked its constraints."""
    row.full_clean(validate_unique=False, validate_constraints=False)


class RandomSteps(RuleBasedStateMachine):
    """`world` is set by the test; rows are found by their rank, so that a failing sequence can be played again."""

    world: World

    def __init__(self):
        super().__init__()
        self.open = transaction.atomic()
        self.open.__enter__()
        self.references = {}

    def teardown(self):
        try:
            if not connection.needs_rollback:
                for row in [*Referral.objects.all(), *DirectorateReview.objects.all(), *Hearing.objects.all()]:
                    stands(row)
                connection.check_constraints()
        finally:
            transaction.set_rollback(True)
            self.open.__exit__(None, None, None)

    # --- what is done ---

    @initialize()
    def begin(self):
        """Make one referral of each origin in work, so that short sequences include reviews."""
        self.world.coming = self.world.sitting_to_come()
        self.create("officer", lead=0, bare=False)
        term, author = self.world.term, self.world.user("member")
        for state in (S.SUGGESTED, S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN):
            row = ReferralFactory(term=term, own=True, state=state, suggested_by=author)
            if state == S.COUNCIL_VIEW_GIVEN:
                CouncilViewFactory(referral=row)
        answered = ReferralFactory(term=term, state=S.ANSWERED)
        for row in (ReferralFactory(term=term, issued=True), answered):
            DirectorateReviewFactory(referral=row, directorate=self.world.place(0))
        for starts_at in (in_hours(-48), in_hours(48)):
            HearingFactory(referral=answered, starts_at=starts_at)

    @rule(who=st.sampled_from(ROLES), lead=PICKS, bare=st.booleans())
    def create(self, who, lead, bare):
        words = {} if bare else {"question": "Comment ?", "deliverable": "Un avis.", "due_on": in_days(200)}
        before, last, made = digest(), last_line(), Referral.objects.count()
        place = self.world.place(lead)
        try:
            row = actions.create(
                self.world.term, by=self.world.user(who), title="Un sujet", lead=place, associated=[place], **words
            )
        except PermissionDenied:
            assert who not in ("lead", "officer")
            assert changed(before) == set()
            return
        assert who in ("lead", "officer")
        assert Referral.objects.count() == made + 1
        assert [line.event_type for line in journal_since(last)] == ["referral.created", "referral.directorate_named"]
        stands(row)

    @rule(row=PICKS, verb=st.sampled_from([*FILE_ACTS]), who=st.sampled_from(ROLES), pick=PICKS)
    def anybody_tries_on_a_referral(self, row, verb, who, pick):
        self.attempt(FILE_ACTS[verb], self.nth(Referral, row), who, pick)

    @rule(row=PICKS, choice=PICKS, pick=PICKS)
    def a_referral_goes_on(self, row, choice, pick):
        self.go_on(REFERRAL_ACTS, self.nth(Referral, row), choice, pick)

    @rule(row=PICKS, choice=PICKS, pick=PICKS)
    def something_else_about_a_referral(self, row, choice, pick):
        self.go_on(ASIDE_ACTS, self.nth(Referral, row), choice, pick)

    @rule(row=PICKS, choice=PICKS, pick=PICKS)
    def a_self_referral_goes_on(self, row, choice, pick):
        self.go_on(OWN_ACTS, self.nth(Referral, row, origin="self_referral"), choice, pick)

    @rule(row=PICKS, adopted=st.booleans())
    def the_assembly_votes(self, row, adopted):
        """Proclaim the ballot of the plenary, whose result decides the self-referral."""
        if not (found := self.nth(Referral, row, state=S.PUT_TO_VOTE)) or found.ballot is None:
            return
        result = BallotResult.ADOPTED if adopted else BallotResult.REJECTED
        moments = dict.fromkeys(("counted_at", "proclaimed_at"), vote_moment(found.ballot.agenda_item.sitting))
        told = COUNTED | moments | {"state": BallotState.PROCLAIMED, "result": result}
        Ballot.objects.filter(pk=found.ballot_id).update(**told)
        ballot = Ballot.objects.select_related("agenda_item").get(pk=found.ballot_id)
        self_referrals.take_result(ballot, by=self.world.user("officer"))
        self.world.coming = self.world.sitting_to_come()  # the vote opened the one before
        assert fresh(found).state == (S.ADOPTED if adopted else S.REJECTED)

    @rule(row=PICKS, verb=st.sampled_from([*REVIEW_ACTS]), who=st.sampled_from(ROLES), pick=PICKS)
    def anybody_tries_on_a_review(self, row, verb, who, pick):
        if found := self.nth(DirectorateReview, row):
            self.attempt(REVIEW_ACTS[verb], found, who, pick)

    @rule(row=PICKS, choice=PICKS, pick=PICKS)
    def a_review_goes_on(self, row, choice, pick):
        if found := self.nth(DirectorateReview, row):
            self.go_on(REVIEW_ACTS, found, choice, pick)

    @rule(row=PICKS, verb=st.sampled_from([*HEARING_ACTS]), who=st.sampled_from(ROLES), pick=PICKS)
    def anybody_tries_on_a_hearing(self, row, verb, who, pick):
        if found := self.nth(Hearing, row):
            self.attempt(HEARING_ACTS[verb], found, who, pick)

    @rule(row=PICKS, first=PICKS, second=PICKS, pick=PICKS)
    def two_hands_on_a_hearing(self, row, first, second, pick):
        if found := self.nth(Hearing, row):
            self.two_hands(HEARING_ACTS, found, first, second, pick)

    @rule(row=PICKS, first=PICKS, second=PICKS, pick=PICKS)
    def two_hands_on_a_review(self, row, first, second, pick):
        if found := self.nth(DirectorateReview, row):
            self.two_hands(REVIEW_ACTS, found, first, second, pick)

    @rule(row=PICKS, first=PICKS, second=PICKS, pick=PICKS)
    def two_hands_on_a_referral(self, row, first, second, pick):
        self.two_hands(FILE_ACTS, self.nth(Referral, row), first, second, pick)

    @rule(row=PICKS, stop=st.sampled_from(["withdraw", "merge", "close"]), choice=PICKS, pick=PICKS)
    def the_referral_stops_under_the_eyes_of_a_directorate(self, row, stop, choice, pick):
        """The page of the review was read before the referral stopped; the button is pressed after."""
        if not (held := self.nth(DirectorateReview, row)):
            return
        act, referral = REFERRAL_ACTS[stop], fresh(held.referral)
        offers = self.offers(REVIEW_ACTS, held)
        if not offers or not act.allowed(self.world, referral, "lead"):
            return
        self.attempt(act, referral, "lead", pick)
        verb, who = offers[choice % len(offers)]
        self.late(REVIEW_ACTS[verb], held, who, pick)

    @rule(
        code=st.sampled_from(CODES), successor=st.sampled_from([*CODES, ""]), who=st.sampled_from(["lead", "officer"])
    )
    def a_directorate_closes(self, code, successor, who):
        place = self.world.place(CODES.index(code))
        successor = self.world.place(CODES.index(successor)) if successor else None
        before = digest()
        today = timezone.localdate()
        try:
            directorates.close(place, by=self.world.user(who), on=today, successor=successor)
        except REFUSALS:
            assert changed(before) == set()

    @rule(code=st.sampled_from(CODES), giver=st.sampled_from(ROLES), days=st.integers(0, 9))
    def a_visa_is_delegated(self, code, giver, days):
        place = self.world.place(CODES.index(code))
        holder = self.world.user(f"contact_{code}")
        before, today = digest(), timezone.localdate()
        try:
            answering.delegate(
                place, holder=holder, starts_on=today, ends_on=today + timedelta(days=days), by=self.world.user(giver)
            )
        except REFUSALS:
            assert changed(before) == set()
            return
        assert giver == f"approver_{code}"

    @rule(row=PICKS, who=st.sampled_from(ROLES))
    def a_delegation_ends(self, row, who):
        if rows := list(Delegation.objects.select_related("directorate").order_by("pk")):
            before = digest()
            try:
                answering.end_delegation(rows[row % len(rows)], by=self.world.user(who))
            except REFUSALS:
                assert changed(before) == set()

    # --- what always holds ---

    @invariant()
    def no_referral_ends_with_open_reviews(self):
        left = DirectorateReview.objects.open().filter(referral__state__in=ENDED)
        assert list(left.values_list("referral__state", "state")) == []

    @invariant()
    def nobody_waits_for_a_closed_directorate(self):
        left = DirectorateReview.objects.open().filter(directorate__closed_on__isnull=False)
        assert list(left.values_list("directorate__code", "state")) == []

    @invariant()
    def whoever_is_asked_is_named(self):
        named = set(ReferralDirectorate.objects.values_list("referral", "directorate"))
        asked = set(DirectorateReview.objects.open().values_list("referral", "directorate"))
        assert asked - named == set()

    @invariant()
    def references_are_given_once_and_kept(self):
        now = dict(Referral.objects.exclude(reference="").values_list("pk", "reference"))
        assert len(set(now.values())) == len(now)
        assert {pk: now.get(pk) for pk in self.references} == self.references
        self.references = now

    @invariant()
    def what_was_given_is_kept_word_for_word(self):
        for review in DirectorateReview.objects.filter(state=R.VALIDATED):
            last = ReviewEdition.objects.filter(review=review, kind=EditionKind.VALIDATED).order_by("number").last()
            assert last is not None
            assert last.content == {name: getattr(review, name) for name in GRID}

    @invariant()
    def mergers_lead_somewhere(self):
        into = dict(Referral.objects.filter(state=S.MERGED).values_list("pk", "merged_into"))
        for pk in into:
            seen = {pk}
            while (pk := into.get(pk)) is not None:
                assert pk not in seen
                seen.add(pk)

    # --- how it is judged ---

    def nth(self, model, rank, **where):
        rows = list(model.objects.filter(**where).order_by("pk").values_list("pk", flat=True))
        return fresh(model(pk=rows[rank % len(rows)])) if rows else None

    def offers(self, acts, row):
        """Return each step with each role that may take it now."""
        found = {verb: act.who_may(self.world, row) for verb, act in acts.items()}
        return [(verb, who) for verb, roles in found.items() for who in ROLES if who in roles]

    def go_on(self, acts, row, choice, pick):
        if row and (offers := self.offers(acts, row)):
            verb, who = offers[choice % len(offers)]
            self.attempt(acts[verb], row, who, pick)

    def two_hands(self, acts, row, first, second, pick):
        """Read the row on two pages; take the first step, then the other from the outdated page."""
        offers = self.offers(acts, row)
        if len(offers) < 2:
            return
        copy = fresh(row)
        verb, who = offers[first % len(offers)]
        self.attempt(acts[verb], row, who, pick)
        verb, who = offers[second % len(offers)]
        self.late(acts[verb], copy, who, pick)

    def request(self, act, row, user, pick):
        """Run one act as one request: clear the commit hooks after it, although the sequence is one transaction."""
        try:
            act.run(self.world, row, user, pick)
        finally:
            connection.run_on_commit.clear()

    def late(self, act, copy, who, pick):
        """Check that the current row decides, not the one that the page showed."""
        now = fresh(copy)
        if act.allowed(self.world, now, who):
            return
        before = digest()
        try:
            self.request(act, copy, self.world.user(who), pick)
        except EditConflict:
            assert changed(before) <= {"consultations_reviewedition"}
        except REFUSALS:
            assert changed(before) == set()
        else:
            assert changed(before) == set(), f"{act.journal} on {now.state} by {who}"

    def attempt(self, act, row, who, pick):
        """Take the step; it is accepted exactly when the tables say so, moves the row, and is told once."""
        allowed, user = act.allowed(self.world, row, who), self.world.user(who)
        before, last, where = digest(), last_line(), f"{act.journal} from {row.state} by {who}"
        try:
            self.request(act, row, user, pick)
        except REFUSALS as refused:
            self.outcomes["refused"] += 1
            self.check_refused(act, refused, before, f"{where}: {refused!r}", allowed=allowed)
        else:
            self.outcomes["taken"] += 1
            assert allowed, where
            self.check_update(act, row, user, before, last, where)
            after = fresh(row)
            if act.target:
                assert after.state == act.target, where
            stands(after)

    def check_refused(self, act, refused, before, where, *, allowed):
        """Check that no row changed, that refused text is saved, and that an allowed step had another reason."""
        kept = {"consultations_reviewedition"} if isinstance(refused, EditConflict) else set()
        assert changed(before) <= kept, where
        codes = codes_of(refused)
        assert not allowed or codes <= act.may_fail, where

    def check_update(self, act, row, user, before, last, where):
        """Check one journal line of the act by its user, followed only by lines that may follow."""
        lines = journal_since(last)
        if act.idle and not lines:
            assert not changed(before) - {"consultations_directoratereview"}, where
            return
        own = [line for line in lines if line.event_type == act.journal]
        about = [line for line in own if line.subject_id == str(row.pk)] if act.target else own
        assert len(about) == 1 or (about and act.journal in act.follow and not act.target), where
        assert {line.event_type for line in lines} <= {act.journal} | act.follow, where
        assert {line.actor for line in lines} == {user.pseudonym}, where


def run_random_steps(people, profile):
    """Return the numbers of steps taken and refused, since sequences with refusals only prove little."""
    outcomes = Counter()
    machine = type("RandomSteps", (RandomSteps,), {"world": World(people), "outcomes": outcomes})
    run_state_machine_as_test(machine, settings=profile)
    return outcomes


@pytest.mark.django_db
def test_random_steps_by_every_role(people):
    outcomes = run_random_steps(people, SHORT)
    assert min(outcomes["taken"], outcomes["refused"]) >= SHORT.max_examples, outcomes


@pytest.mark.long
@pytest.mark.django_db
def test_more_random_steps_by_every_role(people):
    outcomes = run_random_steps(people, LONG)
    assert min(outcomes["taken"], outcomes["refused"]) >= LONG.max_examples, outcomes
