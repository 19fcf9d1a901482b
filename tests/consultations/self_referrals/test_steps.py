"""Self-referrals: who may take which step in which state, and what follows; then the vote and its result."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.rules import invalidate_roles
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from consultations.models import CouncilView, DirectorateReview, Referral, SuggestionDraft, Support
from consultations.referrals import actions as referrals
from consultations.referrals.enums import CouncilStance, ReferralState, SuggestionChannel
from consultations.referrals.workflow.by_origin import REFERRAL
from consultations.reviews.models import Competence, ReviewKind, ReviewState
from consultations.self_referrals import actions as self_referrals
from consultations.self_referrals.queries import dot_budget_of, similar_suggestions
from sessions.agenda import actions as agenda
from sessions.decisions import actions as decisions
from sessions.decisions.rules import Count
from sessions.decisions.workflow import BALLOT
from sessions.models import AgendaItem, Ballot, BallotState
from sessions.sittings.actions import convening
from tests.factories.consultations import (
    AdmissibilityCheckFactory,
    CouncilViewFactory,
    ReferralFactory,
    ReferralSettingsFactory,
    SupportFactory,
)
from tests.factories.sessions import SittingFactory, put_today
from tests.undo import told

pytestmark = pytest.mark.django_db
S = ReferralState
STATES = [state for state in S if state not in S.tagged("president")]
ROLES = ["lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact", "dpo", "stranger"]
TEAM = {"lead", "officer"}
WORDS = {"title": "L’eau qui manque l’été", "why": "Elle manque.", "powers_link": "Il protège l’eau."}


def ready(people, state, **facts):
    """Make a self-referral with everything that its state requires."""
    referral = ReferralFactory(term=people.term, own=True, state=state, officer=people["officer"], **facts)
    if state in {S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN, S.PUT_TO_VOTE, S.ADOPTED, S.REJECTED}:
        AdmissibilityCheckFactory(referral=referral)
    if state in {S.COUNCIL_VIEW_GIVEN, S.PUT_TO_VOTE, S.ADOPTED, S.REJECTED}:
        CouncilViewFactory(referral=referral)
    return Referral.objects.select_related("term").get(pk=referral.pk)


def soon():
    return timezone.localdate() + timedelta(days=21)


def decide(referral, by, powers=Competence.YES):
    return self_referrals.decide_admissibility(
        referral, within_powers=powers, is_fair=True, reasons="C’est écrit.", by=by
    )


VIEW = {"stance": CouncilStance.WITH_REMARKS, "reasons": "Oui, mais."}
RUN = {
    "shortlist": (lambda found, by, p: self_referrals.shortlist(found, by=by), {S.SUGGESTED}, TEAM),
    "unlist": (lambda found, by, p: self_referrals.unlist(found, reason="Trop tôt.", by=by), {S.SHORTLISTED}, TEAM),
    "check": (
        lambda found, by, p: self_referrals.open_check(found, [p.directorate], due_on=soon(), by=by),
        {S.SHORTLISTED},
        TEAM,
    ),
    "decide": (lambda found, by, p: decide(found, by), {S.ADMISSIBILITY_CHECK}, TEAM),
    "check_again": (
        lambda found, by, p: REFERRAL.transition(found, "check_again", reason="Un fait nouveau.", by=by),
        {S.INADMISSIBLE},
        {"lead"},
    ),
    "record_view": (
        lambda found, by, p: self_referrals.record_view(
            found, given_on=timezone.localdate(), decision_reference="D-2026-9", by=by, **VIEW
        ),
        {S.ADMISSIBILITY_CHECK},
        TEAM,
    ),
    "put_to_vote": (
        lambda found, by, p: self_referrals.put_to_vote(found, SittingFactory(term=p.term), by=by),
        {S.COUNCIL_VIEW_GIVEN},
        TEAM,
    ),
    "take_off": (
        lambda found, by, p: self_referrals.take_off_agenda(found, reason="Pas prêt.", by=by),
        {S.PUT_TO_VOTE},
        TEAM,
    ),
}


@pytest.mark.parametrize("verb", RUN)
def test_each_step_in_each_state_by_each_role(verb, people):
    run, states, who = RUN[verb]
    for state in STATES:
        for role in ROLES if state in states else ("lead", "member"):
            referral = ready(people, state)
            lines, by = Entry.objects.count(), people[role]
            with told(verb, state, role):
                if role in who and state in states:
                    run(referral, by, people)
                    assert Entry.objects.count() > lines
                    continue
                with pytest.raises(StateConflict if role in who else PermissionDenied), transaction.atomic():
                    run(referral, by, people)
                assert Referral.objects.get(pk=referral.pk).state == state
                assert Entry.objects.count() == lines


@pytest.mark.parametrize("role", ROLES)
def test_only_the_office_gives_the_view_online(role, people):
    referral = ready(people, S.ADMISSIBILITY_CHECK)
    if role != "president":
        with pytest.raises(PermissionDenied):
            self_referrals.give_view(referral, by=people[role], **VIEW)
        return
    view = self_referrals.give_view(referral, by=people[role], **VIEW)
    assert view.is_visa
    assert view.given_on == timezone.localdate()
    assert Referral.objects.get(pk=referral.pk).state == S.COUNCIL_VIEW_GIVEN


@pytest.mark.parametrize("role", ROLES)
def test_only_members_propose(role, people):
    self_referrals.save_draft(people[role], **WORDS)
    if role != "member":
        with pytest.raises(PermissionDenied):
            self_referrals.suggest(people.term, by=people[role])
        return
    made = self_referrals.suggest(people.term, by=people[role])
    assert (made.state, made.reference, made.suggested_by) == (S.SUGGESTED, "", people[role])
    assert not SuggestionDraft.objects.exists()
    assert self_referrals.suggest(people.term, by=people[role]) is None
    assert Referral.objects.count() == 1


def test_the_team_records_what_came_on_paper_for_a_member_only(people):
    made = self_referrals.record_for(
        people.term, people["member"], via=SuggestionChannel.PAPER, by=people["officer"], **WORDS
    )
    assert (made.suggested_by, made.recorded_by) == (people["member"], people["officer"])
    with pytest.raises(ValidationError):
        self_referrals.record_for(
            people.term, people["officer"], via=SuggestionChannel.PAPER, by=people["officer"], **WORDS
        )
    with pytest.raises(PermissionDenied):
        self_referrals.record_for(
            people.term, people["member"], via=SuggestionChannel.PAPER, by=people["member"], **WORDS
        )
    self_referrals.change(made, version=made.version, by=people["officer"], **WORDS | {"title": "L’eau"})
    assert Referral.objects.get(pk=made.pk).title == "L’eau"
    mine = ready(people, S.SUGGESTED, suggested_by=people["member"])
    with pytest.raises(PermissionDenied):
        self_referrals.change(mine, version=1, by=people["officer"], **WORDS)


def test_words_are_changed_while_only_suggested_and_never_over_somebody_else(people):
    referral = ready(people, S.SUGGESTED, suggested_by=people["member"])
    self_referrals.change(referral, version=1, by=people["member"], **WORDS)
    with pytest.raises(EditConflict):
        self_referrals.change(referral, version=1, by=people["member"], **WORDS | {"title": "L’eau"})
    self_referrals.shortlist(referral, by=people["officer"])
    with pytest.raises(PermissionDenied):
        self_referrals.change(referral, version=2, by=people["member"], **WORDS)
    with pytest.raises(StateConflict):
        REFERRAL.transition(referral, "take_back", by=people["member"])


def test_the_author_takes_it_back_and_dots_return(people):
    referral = ready(people, S.SUGGESTED, suggested_by=people["member"])
    supporter = people["other_member"] if "other_member" in people else people.make("member", people.term)
    self_referrals.put_dots(referral, 2, by=supporter)
    with pytest.raises(PermissionDenied):
        REFERRAL.transition(referral, "take_back", by=supporter)
    REFERRAL.transition(referral, "take_back", by=people["member"])
    assert dot_budget_of(supporter, people.term).left == 5
    assert not own_news_waits(referral)


def own_news_waits(referral):
    stored = Referral.objects.get(pk=referral.pk)
    return stored.author_announced_state != stored.state


def test_dots_keep_within_both_limits(people):
    one, two = ready(people, S.SUGGESTED), ready(people, S.SUGGESTED)
    member = people["member"]
    assert self_referrals.put_dots(one, 3, by=member) == 2
    for dots in (4, -1):
        with pytest.raises(ValidationError):
            self_referrals.put_dots(one, dots, by=member)
    assert self_referrals.put_dots(two, 2, by=member) == 0
    with pytest.raises(ValidationError):
        self_referrals.put_dots(two, 3, by=member)
    assert self_referrals.put_dots(one, 0, by=member) == 3
    assert Support.objects.filter(user=member).count() == 1
    assert self_referrals.put_dots(two, 2, by=member) == 3


def test_dots_follow_the_settings_and_what_was_given_stays(people):
    referral, member = ready(people, S.SUGGESTED), people["member"]
    self_referrals.put_dots(referral, 3, by=member)
    values = {"dots": 2, "dots_a_subject": 1, "review_days": 10, "is_accepted_by_vote": True}
    assert self_referrals.change_settings(people.term, values, by=people["lead"])
    with pytest.raises(PermissionDenied):
        self_referrals.change_settings(people.term, values, by=people["officer"])
    assert dot_budget_of(member, people.term).left == 0
    assert Support.objects.get().dots == 3
    assert self_referrals.put_dots(referral, 1, by=member) == 1


def test_no_support_after_the_short_list_and_dots_come_back_with_the_check(people):
    referral, member = ready(people, S.SUGGESTED), people["member"]
    self_referrals.put_dots(referral, 2, by=member)
    self_referrals.shortlist(referral, by=people["officer"])
    stale = Referral.objects.get(pk=referral.pk)
    with pytest.raises(StateConflict):
        self_referrals.put_dots(stale, 3, by=member)
    assert dot_budget_of(member, people.term).left == 3
    self_referrals.open_check(referral, [people.directorate], due_on=soon(), by=people["officer"])
    assert dot_budget_of(member, people.term).left == 5
    assert Support.objects.get().dots == 2


def test_a_member_whose_mandate_ended_supports_and_proposes_no_more(people):
    referral, member = ready(people, S.SUGGESTED), people["member"]
    self_referrals.save_draft(member, **WORDS)
    self_referrals.put_dots(referral, 1, by=member)
    member.roles.update(ended_at=timezone.now())
    invalidate_roles(member)
    with pytest.raises(PermissionDenied):
        self_referrals.put_dots(referral, 2, by=member)
    with pytest.raises(PermissionDenied):
        self_referrals.suggest(people.term, by=member)
    assert Support.objects.get().dots == 1


def test_merged_suggestions_keep_each_supporter_once_within_the_limit(people):
    kept, gone = ready(people, S.SUGGESTED), ready(people, S.SUGGESTED)
    both = SupportFactory(referral=kept, dots=2).user
    SupportFactory(referral=gone, user=both, dots=3)
    SupportFactory(referral=gone, dots=1)
    referrals.merge(gone, kept, reason="Le même sujet.", by=people["officer"])
    assert sorted(Support.objects.filter(referral=kept).values_list("dots", flat=True)) == [1, 3]
    assert Referral.objects.get(pk=gone.pk).merged_into_id == kept.pk


def test_the_short_list_gives_one_reference_for_ever(people):
    referral = ready(people, S.SUGGESTED)
    self_referrals.shortlist(referral, by=people["officer"])
    first = referral.reference
    assert first.startswith("AS-")
    self_referrals.unlist(referral, reason="Trop tôt.", by=people["officer"])
    self_referrals.shortlist(referral, by=people["officer"])
    assert referral.reference == first


def test_the_check_asks_directorates_and_its_decision_closes_them(people):
    referral = ready(people, S.SHORTLISTED)
    with pytest.raises(ValidationError):
        self_referrals.open_check(referral, [], due_on=soon(), by=people["officer"])
    self_referrals.open_check(referral, [people.directorate], due_on=soon(), by=people["officer"])
    review = DirectorateReview.objects.get()
    assert (review.kind, review.state) == (ReviewKind.ADMISSIBILITY, ReviewState.ASKED)
    assert decide(referral, people["officer"], Competence.NO) is False
    review.refresh_from_db()
    assert (referral.state, review.state) == (S.INADMISSIBLE, ReviewState.CLOSED)
    REFERRAL.transition(referral, "check_again", reason="La loi a changé.", by=people["lead"])
    with pytest.raises(StateConflict):
        self_referrals.record_view(
            referral, given_on=timezone.localdate(), decision_reference="D", by=people["officer"], **VIEW
        )
    assert decide(referral, people["officer"]) is True
    assert referral.state == S.ADMISSIBILITY_CHECK


def test_a_discriminating_subject_is_inadmissible_even_within_powers(people):
    referral = ready(people, S.ADMISSIBILITY_CHECK)
    facts = {"within_powers": Competence.YES, "reasons": "Il exclut."}
    assert self_referrals.decide_admissibility(referral, is_fair=False, by=people["officer"], **facts) is False


def test_a_view_needs_its_document_or_its_reference_and_a_past_date(people):
    referral = ready(people, S.ADMISSIBILITY_CHECK)
    for facts in ({"given_on": timezone.localdate()}, {"given_on": soon(), "decision_reference": "D"}):
        with pytest.raises(ValidationError):
            self_referrals.record_view(referral, by=people["officer"], **VIEW, **facts)
    assert not CouncilView.objects.exists()


def test_no_vote_before_the_view_exists(people):
    referral = ReferralFactory(term=people.term, own=True, state=S.COUNCIL_VIEW_GIVEN)
    with pytest.raises(StateConflict):
        self_referrals.put_to_vote(referral, SittingFactory(term=people.term), by=people["officer"])
    assert not AgendaItem.objects.exists()


def on_the_agenda(people):
    referral = ready(people, S.COUNCIL_VIEW_GIVEN)
    self_referrals.put_to_vote(referral, SittingFactory(term=people.term), by=people["officer"])
    return Referral.objects.select_related("term", "ballot", "vote_item__sitting").get(pk=referral.pk)


def proclaimed_vote(referral, people, votes=None):
    """Open the sitting, then count and proclaim the prepared vote."""
    sitting = referral.vote_item.sitting
    put_today(sitting, "open")
    ballot = Ballot.objects.select_related("agenda_item__sitting__term").get(pk=referral.ballot_id)
    facts = {"first_counter": "Odile", "second_counter": "Wassim", "gap_confirmed": True, "by": people["officer"]}
    decisions.count_ballot(ballot, votes or Count(0, 0, 0, 0), **facts)
    return ballot


def result(ballot, value):
    """Set the result of the ballot, as if it had been counted."""
    Ballot.objects.filter(pk=ballot.pk).update(result=value)
    ballot.refresh_from_db()


@pytest.mark.parametrize(("value", "state"), [("adopted", S.ADOPTED), ("rejected", S.REJECTED)])
def test_the_proclaimed_ballot_gives_the_result(value, state, people):
    referral = on_the_agenda(people)
    assert referral.reference in referral.ballot.question
    ballot = proclaimed_vote(referral, people)
    result(ballot, value)
    assert Referral.objects.get(pk=referral.pk).state == S.PUT_TO_VOTE
    BALLOT.transition(ballot, "proclaim", by=people["officer"])
    stored = Referral.objects.get(pk=referral.pk)
    assert (stored.state, stored.ballot_id) == (state, ballot.pk)
    with pytest.raises(ValidationError, match="un résultat qui a eu des suites ne se retire pas"):
        decisions.withdraw_ballot(ballot, reason="Erreur", by=people["lead"])


def test_another_vote_of_the_item_says_nothing(people):
    referral = on_the_agenda(people)
    proclaimed_vote(referral, people)
    item = AgendaItem.objects.select_related("sitting__term").get(pk=referral.vote_item_id)
    other = decisions.prepare_ballot(item, question="Vote-t-on à bulletin secret ?", by=people["officer"])
    facts = {"first_counter": "Odile", "second_counter": "Wassim", "gap_confirmed": True, "by": people["officer"]}
    BALLOT.transition(decisions.count_ballot(other, Count(0, 0, 0, 0), **facts), "proclaim", by=people["officer"])
    assert Referral.objects.get(pk=referral.pk).state == S.PUT_TO_VOTE


def test_a_cancelled_ballot_leaves_the_result_to_the_next_one(people):
    referral = on_the_agenda(people)
    sitting = referral.vote_item.sitting
    put_today(sitting, "open")
    ballot = Ballot.objects.select_related("agenda_item__sitting__term").get(pk=referral.ballot_id)
    BALLOT.transition(ballot, "cancel", by=people["officer"])
    assert Referral.objects.get(pk=referral.pk).ballot_id is None
    item = AgendaItem.objects.select_related("sitting__term").get(pk=referral.vote_item_id)
    again = decisions.prepare_ballot(item, question="De nouveau ?", by=people["officer"])
    facts = {"first_counter": "Odile", "second_counter": "Wassim", "gap_confirmed": True, "by": people["officer"]}
    decisions.count_ballot(again, Count(0, 0, 0, 0), **facts)
    result(again, "adopted")
    BALLOT.transition(again, "proclaim", by=people["officer"])
    assert Referral.objects.get(pk=referral.pk).state == S.ADOPTED


def test_off_the_agenda_it_waits_for_another_plenary(people):
    referral = on_the_agenda(people)
    agenda.remove(referral.vote_item, by=people["officer"])
    stored = Referral.objects.get(pk=referral.pk)
    assert (stored.state, stored.vote_item_id, stored.ballot_id) == (S.COUNCIL_VIEW_GIVEN, None, None)
    assert Ballot.objects.get(pk=referral.ballot_id).state == BallotState.CANCELLED


def test_a_sitting_put_off_takes_the_vote_along_and_one_called_off_gives_it_back(people):
    referral = on_the_agenda(people)
    sitting, later = referral.vote_item.sitting, timezone.now() + timedelta(days=40)
    dates = {"starts_at": later, "ends_at": later + timedelta(hours=5)}
    follower = convening.postpone(sitting, reason="La neige.", by=people["officer"], **dates)
    stored = Referral.objects.select_related("vote_item__sitting", "ballot").get(pk=referral.pk)
    assert (stored.state, stored.vote_item.sitting) == (S.PUT_TO_VOTE, follower)
    assert stored.ballot.state == BallotState.PREPARED
    assert stored.ballot_id != referral.ballot_id
    convening.cancel(follower, reason="La neige encore.", by=people["officer"])
    stored.refresh_from_db()
    assert (stored.state, stored.ballot_id) == (S.COUNCIL_VIEW_GIVEN, None)


def test_titles_that_look_alike_are_told_without_accents_or_order(people):
    ready(people, S.SUGGESTED, title="L’accès aux soins en montagne")
    ready(people, S.SUGGESTED, title="Les cantines des collèges")
    found = similar_suggestions(people.term, "acces soins montagne")
    assert [referral.title for referral in found] == ["L’accès aux soins en montagne"]
    assert similar_suggestions(people.term, "so") == []


def test_defaults_stand_without_a_row_of_settings(people):
    assert dot_budget_of(people["member"], people.term).left == 5
    ReferralSettingsFactory(term=people.term, dots=7)
    assert dot_budget_of(people["member"], people.term).left == 7
