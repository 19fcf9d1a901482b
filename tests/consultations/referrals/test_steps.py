"""The life of a referral: each verb of both machines in every state, by every role; then what follows each step."""

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.documents.models import Rendition
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from consultations.models import DirectorateReview, Referral, ReferralCommittee, ReferralDirectorate, ReviewState
from consultations.referrals import actions, rules
from consultations.referrals.enums import IssueChannel, ReferralState
from consultations.referrals.queries import followed_by
from consultations.referrals.workflow.by_origin import REFERRAL
from sessions.models import AgendaItem, AgendaKind
from tests.factories.consultations import (
    DirectorateReviewFactory,
    HearingFactory,
    ReferralCommitteeFactory,
    ReferralDirectorateFactory,
    ReferralFactory,
    ReferralSettingsFactory,
    proclaimed_ballot,
)
from tests.factories.documents import UploadFactory
from tests.factories.institution import AssemblyFactory, CommitteeFactory, DirectorateFactory, TermFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory
from tests.undo import copies, told, undone

pytestmark = pytest.mark.django_db
S = ReferralState
ROLES = ["lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact", "dpo", "stranger"]
TRIED = ["lead", "officer", "facilitator", "member", "president", "dir_contact"]
TEAM = {"lead", "officer"}


def soon():
    return timezone.localdate() + timedelta(days=21)


def issue(referral, by):
    actions.issue(referral, reviews_due_on=soon(), by=by)


def record_paper(referral, by):
    actions.record_paper(
        referral, upload=UploadFactory(), letter_on=timezone.localdate(), reviews_due_on=soon(), by=by
    )


def accept(referral, by):
    actions.accept(referral, AgendaItemFactory(sitting__term=referral.term, sitting__held=True), by=by)


def step(verb, **words):
    """Return an action that takes a step without arguments."""
    return lambda found, by: REFERRAL.transition(found, verb, by=by, **words)


# By verb: how it is done, who may, what the journal says, from which states to which.
STOPPABLE = {S.DRAFT, S.INTERNAL_REVIEW, S.ISSUED, S.ACCEPTED, S.IN_PROGRESS}
STOPPABLE |= {S.SUGGESTED, S.SHORTLISTED, S.ADMISSIBILITY_CHECK, S.COUNCIL_VIEW_GIVEN, S.ADOPTED}
MOVES = {
    "submit": ({S.DRAFT}, S.INTERNAL_REVIEW),
    "return": ({S.INTERNAL_REVIEW}, S.DRAFT),
    "issue": ({S.INTERNAL_REVIEW}, S.ISSUED),
    "record_paper": ({S.INTERNAL_REVIEW}, S.ISSUED),
    "accept": ({S.ISSUED}, S.ACCEPTED),
    "start": ({S.ACCEPTED, S.ADOPTED}, S.IN_PROGRESS),
    "adopt_opinion": ({S.IN_PROGRESS}, S.OPINION_ADOPTED),
    "hand_over": ({S.OPINION_ADOPTED}, S.HANDED_OVER),
    "answer": ({S.HANDED_OVER}, S.ANSWERED),
    "close": ({S.ANSWERED}, S.CLOSED),
    "reopen": ({S.CLOSED}, S.ANSWERED),
    "withdraw": (STOPPABLE, S.WITHDRAWN),
    "merge": (STOPPABLE, S.MERGED),
}
LETTER = {"submit", "return", "issue", "record_paper", "accept"}
RUN = {
    "submit": (step("submit"), TEAM, "referral.submitted"),
    "return": (step("return", reason="Le calendrier."), TEAM | {"president"}, "referral.returned"),
    "issue": (issue, {"president"}, "referral.issued"),
    "record_paper": (record_paper, TEAM, "referral.paper_recorded"),
    "accept": (accept, TEAM, "referral.accepted"),
    "start": (step("start"), TEAM, "referral.started"),
    "adopt_opinion": (step("adopt_opinion"), TEAM, "referral.opinion_adopted"),
    "hand_over": (step("hand_over"), TEAM, "referral.handed_over"),
    "answer": (
        lambda found, by: actions.record_answer(found, on=timezone.localdate(), upload=UploadFactory(), by=by),
        {"lead"},
        "referral.answered",
    ),
    "close": (lambda found, by: actions.close(found, reason="Tout est dit.", by=by), {"lead"}, "referral.closed"),
    "reopen": (step("reopen", reason="Une suite."), {"lead"}, "referral.reopened"),
    "withdraw": (
        lambda found, by: actions.withdraw(found, reason="Le schéma est voté.", by=by),
        TEAM,
        "referral.withdrawn",
    ),
    "merge": (
        lambda found, by: actions.merge(found, ReferralFactory(term=found.term), reason="Le même sujet.", by=by),
        TEAM,
        "referral.merged",
    ),
}
CASES = [
    (own, state)
    for own in (False, True)
    for state in S
    if state not in S.tagged("president" if own else "self_referral")
]


def verbs_about(referral):
    lines = Entry.objects.filter(subject_type=Referral._meta.label, subject_id=str(referral.pk))
    return list(lines.order_by("pk").values_list("event_type", flat=True))


@pytest.mark.parametrize(("own", "state"), CASES)
def test_each_verb_by_state_and_role(own, state, people):
    """What is allowed moves and is told once; else nothing moves: 403 whatever the state, 409 to whom it belongs."""
    users = {who: people[who] for who in TRIED}
    made = ReferralFactory(term=people.term, own=own, state=state, officer=people["officer"])
    ReferralDirectorateFactory(referral=made, lead=True, directorate=DirectorateFactory(assembly=people.assembly))
    referral = Referral.objects.select_related("term__assembly").get(pk=made.pk)
    again, row = copies(referral), Referral.objects.filter(pk=referral.pk).values()
    before = row.get()
    for verb, who in product(RUN, TRIED):
        run, allowed, journal = RUN[verb]
        sources, target = MOVES[verb]
        is_theirs = who in allowed and not (own and verb in LETTER)
        if is_theirs and state in sources:
            with undone(verb, state, who):
                run(again(), users[who])
                assert row.get()["state"] == target
                assert verbs_about(referral)[-1] == journal
            continue
        with told(verb, state, who):
            with pytest.raises(StateConflict if is_theirs else PermissionDenied):
                run(again(), users[who])
            assert row.get() == before
            assert verbs_about(referral) == []


def test_abilities_say_what_the_actions_allow(people):
    found = [
        ReferralFactory(term=people.term, own=own, state=state, officer=people["officer"]) for own, state in CASES
    ]
    for referral, who in product(found, ROLES):
        can = REFERRAL.abilities(people[who], referral) | rules.abilities(people[who], referral)
        expected = {
            verb for verb, (_run, allowed, _line) in RUN.items()
            if who in allowed and referral.state in MOVES[verb][0]
        }  # fmt: skip
        assert {verb for verb in RUN if can[verb]} == expected, who
        if who not in TEAM:
            assert not any(can[what] for what in ("edit", "assign", "publish", "hand_over_file", "thread"))


def test_nothing_crosses_to_another_assembly(people):
    referral = ReferralFactory(term=people.term, review=True)
    for role in ("lead", "officer", "president"):
        assert not any(REFERRAL.abilities(people.elsewhere(role), referral).values())
        assert not any(rules.abilities(people.elsewhere(role), referral).values())
        assert not Referral.objects.visible_to(people.elsewhere(role)).exists()


def test_create_gives_a_reference_of_the_year(people):
    lead, other = DirectorateFactory(assembly=people.assembly), DirectorateFactory(assembly=people.assembly)
    made = actions.create(people.term, by=people["officer"], title="Bien vieillir", lead=lead, associated=[other])
    second = actions.create(people.term, by=people["officer"], title="Un autre")
    year = timezone.localdate().year
    assert (made.reference, second.reference) == (f"S-{year}-01", f"S-{year}-02")
    assert (made.state, made.officer) == (S.DRAFT, people["officer"])
    named = ReferralDirectorate.objects.filter(referral=made).values_list("directorate", "is_lead")
    assert set(named) == {(lead.pk, True), (other.pk, False)}


def test_create_refuses_a_directorate_of_another_assembly(people):
    stranger = DirectorateFactory(assembly=AssemblyFactory(second=True))
    with pytest.raises(ValidationError):
        actions.create(people.term, by=people["officer"], title="Bien vieillir", lead=stranger)


@pytest.mark.parametrize("who", [role for role in ROLES if role not in TEAM])
def test_only_the_team_creates(who, people):
    with pytest.raises(PermissionDenied):
        actions.create(people.term, by=people[who], title="Bien vieillir")


def test_a_late_save_loses_nothing(people):
    referral = ReferralFactory(term=people.term)
    actions.edit(referral, version=1, by=people["officer"], question="Et si l’on vieillissait mieux ?")
    with pytest.raises(EditConflict) as stale:
        actions.edit(referral, version=1, by=people["lead"], question="Autre chose ?")
    assert stale.value.current.question == "Et si l’on vieillissait mieux ?"
    referral.refresh_from_db()
    assert (referral.version, referral.question) == (2, "Et si l’on vieillissait mieux ?")


def test_the_words_of_an_issued_letter_stand(people):
    referral = ReferralFactory(term=people.term, issued=True)
    with pytest.raises(ValueError, match="question"):
        actions.edit(referral, version=1, by=people["officer"], question="Une autre ?")
    actions.edit(referral, version=1, by=people["officer"], due_on=soon() + timedelta(days=300))
    assert verbs_about(referral) == ["referral.changed"]


def test_changing_the_lead_keeps_who_was_asked(people):
    referral = ReferralFactory(term=people.term)
    asked = DirectorateReviewFactory(referral=referral).directorate
    ReferralDirectorate.objects.filter(directorate=asked).update(is_lead=True)
    new = DirectorateFactory(assembly=people.assembly)
    actions.edit(referral, version=1, by=people["officer"], lead=new, associated=[])
    rows = ReferralDirectorate.objects.filter(referral=referral).values_list("directorate", "is_lead")
    assert set(rows) == {(asked.pk, False), (new.pk, True)}


@pytest.mark.parametrize(
    ("gap", "missing"),
    [
        ({"question": ""}, ["question"]),
        ({"due_on": None}, ["due_on"]),
        ({"question": "", "due_on": None, "deliverable": ""}, ["question", "deliverable", "due_on"]),
    ],
)
def test_an_incomplete_referral_does_not_leave(gap, missing, people):
    referral = ReferralFactory(term=people.term, review=True, **gap)
    ReferralDirectorateFactory(referral=referral, lead=True)
    for run, who in ((issue, "president"), (record_paper, "officer")):
        with pytest.raises(ValidationError) as refused, transaction.atomic():
            run(referral, people[who])
        assert [error.code for error in refused.value.error_list] == missing
    referral.refresh_from_db()
    assert (referral.state, DirectorateReview.objects.count(), verbs_about(referral)) == (S.INTERNAL_REVIEW, 0, [])


def test_a_referral_without_lead_does_not_leave(people):
    referral = ReferralFactory(term=people.term, review=True)
    ReferralDirectorateFactory(referral=referral)
    with pytest.raises(ValidationError) as refused, transaction.atomic():
        issue(referral, people["president"])
    assert [(error.code, error.messages) for error in refused.value.error_list] == [
        ("lead", ["Il manque la direction pilote."])
    ]


def test_the_visa_seals_the_letter_and_asks_the_directorates(people):
    referral = ReferralFactory(term=people.term, review=True)
    for lead in (True, False, False, False):
        ReferralDirectorateFactory(referral=referral, is_lead=lead)
    already = DirectorateReviewFactory(referral=referral, given=True)
    issue(referral, people["president"])
    referral.refresh_from_db()
    assert (referral.state, referral.issued_by, referral.issue_channel) == (
        S.ISSUED,
        people["president"],
        IssueChannel.VISA,
    )
    asked = DirectorateReview.objects.filter(referral=referral).exclude(pk=already.pk)
    assert asked.count() == 4
    assert {(row.state, row.due_on, row.asked_by) for row in asked} == {
        (ReviewState.ASKED, soon(), people["president"])
    }
    assert list(Rendition.objects.values_list("kind", flat=True)) == [actions.LETTER]


def test_a_second_visa_changes_nothing(people):
    referral = ReferralFactory(term=people.term, review=True)
    ReferralDirectorateFactory(referral=referral, lead=True)
    copy = Referral.objects.get(pk=referral.pk)
    issue(referral, people["president"])
    with pytest.raises(StateConflict), transaction.atomic():
        issue(copy, people["president"])
    assert (DirectorateReview.objects.count(), Rendition.objects.count()) == (1, 1)


def test_a_paper_letter_is_recorded_by_the_team(people):
    referral = ReferralFactory(term=people.term, review=True)
    ReferralDirectorateFactory(referral=referral, lead=True)
    with pytest.raises(PermissionDenied):
        record_paper(referral, people["president"])
    record_paper(referral, people["officer"])
    referral.refresh_from_db()
    assert (referral.state, referral.issue_channel) == (S.ISSUED, IssueChannel.PAPER)
    assert referral.signed_letter is not None
    assert (verbs_about(referral), DirectorateReview.objects.count(), Rendition.objects.count()) == (
        ["referral.paper_recorded"],
        1,
        0,
    )


def test_a_letter_signed_tomorrow_is_refused(people):
    referral = ReferralFactory(term=people.term, review=True)
    ReferralDirectorateFactory(referral=referral, lead=True)
    with pytest.raises(ValidationError):
        actions.record_paper(
            referral,
            upload=UploadFactory(),
            letter_on=timezone.localdate() + timedelta(days=1),
            reviews_due_on=soon(),
            by=people["officer"],
        )


def test_reception_is_announced_then_noted(people):
    referral = ReferralFactory(term=people.term, issued=True)
    coming = SittingFactory(term=people.term)
    item = actions.put_on_agenda(referral, coming, by=people["officer"])
    assert actions.put_on_agenda(referral, coming, by=people["lead"]) == item
    assert (item.topic_type, item.topic_id, item.kind) == (
        "consultations.Referral",
        str(referral.pk),
        AgendaKind.INFORMATION,
    )
    with pytest.raises(ValidationError):
        actions.accept(referral, item, by=people["officer"])
    held = AgendaItemFactory(sitting__term=people.term, sitting__held=True)
    actions.accept(referral, held, by=people["officer"])
    referral.refresh_from_db()
    assert (referral.accepted_item, referral.accepted_on) == (held, timezone.localdate(held.sitting.starts_at))


def test_reception_may_need_a_vote(people):
    ReferralSettingsFactory(term=people.term, is_accepted_by_vote=True)
    referral = ReferralFactory(term=people.term, issued=True)
    item, officer = AgendaItemFactory(sitting__term=people.term, sitting__held=True), people["officer"]
    for ballot in (None, False):
        if ballot is not None:
            proclaimed_ballot(item, adopted=ballot)
        with pytest.raises(ValidationError), transaction.atomic():
            actions.accept(referral, item, by=officer)
    proclaimed_ballot(item)
    actions.accept(referral, item, by=officer)
    assert actions.put_on_agenda(ReferralFactory(term=people.term, issued=True), SittingFactory(term=people.term),
                                 by=people["officer"]).kind == AgendaKind.VOTE  # fmt: skip


def test_reception_in_a_sitting_of_another_term_is_refused(people):
    referral = ReferralFactory(term=people.term, issued=True)
    elsewhere = TermFactory(another=True)
    with pytest.raises(ValidationError):
        actions.accept(referral, AgendaItemFactory(sitting__term=elsewhere, sitting__held=True), by=people["officer"])
    with pytest.raises(ValidationError):
        actions.put_on_agenda(referral, SittingFactory(term=elsewhere), by=people["officer"])
    assert not AgendaItem.objects.filter(topic_id=str(referral.pk)).exists()


def test_withdrawal_closes_what_was_open_and_keeps_what_was_given(people):
    referral = ReferralFactory(term=people.term, working=True)
    waiting = DirectorateReviewFactory(referral=referral)
    given = DirectorateReviewFactory(referral=referral, given=True)
    HearingFactory(referral=referral)
    group = ReferralCommitteeFactory(referral=referral)
    seen = actions.preview_ending(referral)
    assert (seen.reviews, seen.hearings, seen.committees) == ([waiting.directorate.name], 1, 1)
    actions.withdraw(referral, reason="  Le schéma est voté. ", by=people["officer"])
    referral.refresh_from_db()
    assert (referral.state, referral.end_reason) == (S.WITHDRAWN, "Le schéma est voté.")
    states = dict(DirectorateReview.objects.values_list("pk", "state"))
    assert states == {waiting.pk: ReviewState.CLOSED, given.pk: ReviewState.VALIDATED}
    assert ReferralCommittee.objects.get(pk=group.pk).ended_at is not None


def test_a_withdrawal_says_why(people):
    referral = ReferralFactory(term=people.term)
    with pytest.raises(ValidationError):
        actions.withdraw(referral, reason="   ", by=people["officer"])


def test_merge_keeps_both_traces(people):
    referral, target = ReferralFactory(term=people.term, issued=True), ReferralFactory(term=people.term, working=True)
    waiting = DirectorateReviewFactory(referral=referral)
    actions.merge(referral, target, reason="Le même sujet.", by=people["officer"])
    referral.refresh_from_db()
    waiting.refresh_from_db()
    assert (referral.state, referral.merged_into, waiting.state) == (S.MERGED, target, ReviewState.CLOSED)
    assert ReferralDirectorate.objects.filter(referral=target, directorate=waiting.directorate).exists()
    assert verbs_about(target)[0] == "referral.merged"


def test_merge_refuses_itself_another_term_and_what_has_ended(people):
    referral = ReferralFactory(term=people.term, working=True)
    bad = [referral, ReferralFactory(term=TermFactory(another=True))]
    for target in bad:
        with pytest.raises(ValidationError), transaction.atomic():
            actions.merge(referral, target, reason="Le même sujet.", by=people["officer"])
    with pytest.raises(StateConflict), transaction.atomic():
        actions.merge(referral, ReferralFactory(term=people.term, state=S.WITHDRAWN), reason="Oui.", by=people["lead"])
    referral.refresh_from_db()
    assert referral.state == S.IN_PROGRESS


def test_two_referrals_never_merge_into_each_other(people):
    one, two = ReferralFactory(term=people.term), ReferralFactory(term=people.term)
    actions.merge(one, two, reason="Le même sujet.", by=people["officer"])
    with pytest.raises(StateConflict), transaction.atomic():
        actions.merge(two, one, reason="Le même sujet.", by=people["officer"])


def test_publishing_is_for_what_was_issued(people):
    officer = people["officer"]
    publish = step("publish")
    for unissued in (ReferralFactory(term=people.term, review=True), ReferralFactory(term=people.term, own=True)):
        with pytest.raises(StateConflict), transaction.atomic():
            publish(unissued, officer)
    referral = ReferralFactory(term=people.term, issued=True)
    with pytest.raises(PermissionDenied):
        publish(referral, people["president"])
    copy = Referral.objects.get(pk=referral.pk)
    publish(referral, officer)
    first = referral.published_at
    with pytest.raises(StateConflict), transaction.atomic():
        publish(copy, people["lead"])
    referral.refresh_from_db()
    assert (referral.published_at, verbs_about(referral)) == (first, ["referral.published"])
    REFERRAL.transition(referral, "unpublish", reason="Une erreur de date.", by=officer)
    assert not Referral.objects.public().exists()


def test_the_file_passes_to_somebody_of_the_team(people):
    referral = ReferralFactory(term=people.term, officer=people["officer"])
    with pytest.raises(ValidationError):
        actions.pass_to(referral, people["member"], by=people["officer"])
    actions.pass_to(referral, people["lead"], by=people["officer"])
    actions.pass_to(referral, people["lead"], by=people["officer"])
    referral.refresh_from_db()
    assert (referral.officer, verbs_about(referral)) == (people["lead"], ["referral.handed_to_officer"])


def test_every_file_of_an_agent_who_leaves_passes_even_beside_what_has_ended(people):
    running = ReferralFactory(term=people.term, officer=people["officer"])
    for state in (S.REJECTED, S.INADMISSIBLE):
        ReferralFactory(term=people.term, own=True, state=state, officer=people["officer"])
    passed = actions.pass_files(followed_by(people["officer"], people.term), to=people["lead"], by=people["lead"])
    running.refresh_from_db()
    assert (passed, running.officer) == (1, people["lead"])


def test_a_committee_is_given_the_question_once(people):
    referral = ReferralFactory(term=people.term, accepted=True)
    group = CommitteeFactory(term=people.term)
    row = actions.assign_committee(referral, group, mandate_statement=" Habiter ? ", by=people["officer"])
    again = actions.assign_committee(referral, group, mandate_statement="Autre", by=people["officer"])
    assert (again.pk, again.mandate_statement) == (row.pk, "Habiter ?")
    actions.restate_mandate(row, mandate_statement="Habiter autrement ?", by=people["officer"])
    actions.restate_mandate(row, mandate_statement="Habiter autrement ?", by=people["officer"])
    actions.release_committee(row, by=people["officer"])
    actions.release_committee(row, by=people["officer"])
    assert verbs_about(referral) == [
        "referral.committee_assigned",
        "referral.committee_changed",
        "referral.committee_released",
    ]
    assert actions.assign_committee(referral, group, mandate_statement="De nouveau", by=people["officer"]).pk != row.pk


def test_a_committee_of_another_term_or_closed_is_refused(people):
    referral = ReferralFactory(term=people.term, accepted=True)
    closed = CommitteeFactory(term=people.term, closed_on=timezone.localdate())
    for group in (CommitteeFactory(term=TermFactory(another=True)), closed):
        with pytest.raises(ValidationError), transaction.atomic():
            actions.assign_committee(referral, group, mandate_statement="", by=people["officer"])
    for who in ("member", "facilitator", "president"):
        with pytest.raises(PermissionDenied):
            actions.assign_committee(
                referral, CommitteeFactory(term=people.term), mandate_statement="", by=people[who]
            )
