"""The handover opens, moves and closes cases; the team gives them to directorates."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from answers.cases.actions import cases
from answers.cases.workflow import ANSWER
from answers.models import Answer, AnswerCase, AnswerCaseState
from assembly.audit.models import Entry
from assembly.institution.actions import directorates
from assembly.workflow import StateConflict
from consultations.models import ReferralState
from opinions.adoption.actions import handover
from opinions.adoption.signals import opinion_handed_over
from opinions.models import Opinion, OpinionState, RecommendationState
from tests.answers.stage import answered_by, fresh
from tests.factories.answers import AnswerCaseFactory, AnswerFactory
from tests.factories.consultations import ReferralFactory
from tests.factories.institution import AssemblyFactory, DirectorateFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
S = AnswerCaseState
WHY = "Une erreur de saisie."


def lines(verb):
    return Entry.objects.filter(event_type=verb).count()


def handed_over(people, state=OpinionState.HANDED_OVER, rows=2, **facts):
    """Make an opinion that was handed over yesterday, with its cases opened as the signal does."""
    referral = ReferralFactory(term=people.term, state=ReferralState.HANDED_OVER)
    opinion = OpinionFactory(term=people.term, referral=referral, state=state, **facts)
    for _ in range(rows):
        RecommendationFactory(opinion=opinion, numbered=True)
    cases.open_answers(opinion, on=opinion.handed_over_on, by=people["officer"])
    return Opinion.objects.select_related("term", "referral").get(pk=opinion.pk)


def test_an_answer_is_owed_to_each_recommendation_that_stands(people):
    opinion = OpinionFactory(term=people.term, state="handed_over")
    kept = [RecommendationFactory(opinion=opinion, numbered=True) for _ in range(2)]
    for state in (RecommendationState.REJECTED, RecommendationState.REMOVED):
        RecommendationFactory(opinion=opinion, state=state)
    RecommendationFactory(opinion=opinion, state=RecommendationState.MERGED, merged_into=kept[0])
    made = cases.open_answers(opinion, on=timezone.localdate(), by=people["officer"])
    due = timezone.localdate() + timedelta(days=people.term.answer_days)
    assert [(case.recommendation, case.due_on, case.state) for case in made] == [
        (row, due, S.AWAITING) for row in kept
    ]
    assert lines("answer.cases_opened") == 1


def test_the_news_of_a_handover_opens_them(people):
    opinion = OpinionFactory(term=people.term, state="handed_over")
    RecommendationFactory(opinion=opinion, numbered=True)
    opinion_handed_over.send(sender=Opinion, opinion=opinion, on=timezone.localdate(), by=people["officer"])
    assert AnswerCase.objects.of_opinion(opinion).get().opened_on == timezone.localdate()


def test_an_opinion_without_recommendations_gets_one_answer(people):
    opinion = handed_over(people, rows=0)
    case = AnswerCase.objects.of_opinion(opinion).get()
    assert (case.whole_of, case.recommendation, case.reference) == (opinion, None, opinion.reference)


def test_a_corrected_handover_moves_every_clock(people):
    opinion = handed_over(people, adopted_on=timezone.localdate() - timedelta(days=9))
    first, second = cases.cases_of(opinion)
    agreed = timezone.localdate() + timedelta(days=30)
    cases.change_due(second, agreed, reason="Accord du cabinet.", by=people["officer"])
    on = timezone.localdate() - timedelta(days=5)
    with pytest.raises(PermissionDenied):
        handover.correct(opinion, on=on, reason=WHY, by=people["officer"])
    for wrong, why in ((timezone.localdate() + timedelta(days=1), WHY), (on, " "), (opinion.handed_over_on, WHY)):
        with pytest.raises(ValidationError):
            handover.correct(opinion, on=wrong, reason=why, by=people["lead"])
        opinion.refresh_from_db()
    handover.correct(opinion, on=on, reason=WHY, by=people["lead"])
    assert Opinion.objects.get(pk=opinion.pk).handed_over_on == on
    days = [(case.opened_on, case.due_on) for case in cases.cases_of(opinion)]
    assert days == [(on, on + timedelta(days=people.term.answer_days)), (on, agreed)]
    assert (first.state, lines("answer.redated"), lines("opinion.handover_corrected")) == (S.AWAITING, 2, 1)


def test_a_case_restored_after_a_corrected_handover_starts_on_its_day(people):
    opinion = handed_over(people, adopted_on=timezone.localdate() - timedelta(days=9))
    first, second = cases.cases_of(opinion)
    cases.cancel(second, reason="Même sujet que la première.", by=people["lead"])
    on = timezone.localdate() - timedelta(days=5)
    handover.correct(opinion, on=on, reason=WHY, by=people["lead"])
    ANSWER.transition(fresh(second), "restore", by=people["lead"])
    due = on + timedelta(days=people.term.answer_days)
    assert [(case.opened_on, case.due_on) for case in cases.cases_of(opinion)] == [(on, due), (on, due)]


def test_a_handover_is_not_corrected_to_after_an_answer(people):
    opinion = handed_over(people, state=OpinionState.PUBLISHED)
    started = opinion.handed_over_on
    AnswerCase.objects.filter(pk=cases.cases_of(opinion)[0].pk).update(state=S.PUBLISHED, answered_on=started)
    with pytest.raises(ValidationError, match="publiée avant"):
        handover.correct(opinion, on=timezone.localdate(), reason=WHY, by=people["lead"])
    assert {case.opened_on for case in cases.cases_of(opinion)} == {started}


def test_a_handover_is_taken_back_while_nothing_was_sent_and_noted_again(people):
    opinion = handed_over(people)
    first, second = cases.cases_of(opinion)
    cases.assign(first, people.directorate, by=people["officer"])
    draft = first.answers.get()
    Answer.objects.filter(pk=draft.pk).update(body="Un début.")
    AnswerCase.objects.filter(pk=second.pk).update(due_reason="Accord.")
    handover.take_back(opinion, reason=WHY, by=people["lead"])
    opinion.referral.refresh_from_db()
    assert (opinion.state, opinion.handed_over_on) == (OpinionState.ADOPTED, None)
    assert opinion.referral.state == ReferralState.OPINION_ADOPTED
    assert {case.state for case in cases.cases_of(opinion)} == {S.CANCELLED}
    assert Answer.objects.get(pk=draft.pk).body == "Un début."
    with pytest.raises(StateConflict):  # nothing is owed
        ANSWER.transition(fresh(first), "restore", by=people["lead"])
    today = timezone.localdate()
    Opinion.objects.filter(pk=opinion.pk).update(
        state="handed_over", handed_over_on=today, handed_over_place="Toulouse", handed_over_to="le président"
    )
    cases.open_answers(opinion, on=today, by=people["officer"])
    due = today + timedelta(days=people.term.answer_days)
    assert {(case.pk, case.state, case.due_on, case.directorate_id) for case in cases.cases_of(opinion)} == {
        (first.pk, S.AWAITING, due, None),
        (second.pk, S.AWAITING, due, None),
    }
    cases.assign(fresh(first), people.directorate, by=people["officer"])
    assert fresh(first).answers.get().body == "Un début."


@pytest.mark.parametrize("state", [S.SUBMITTED, S.VALIDATED, S.ARBITRATION, S.DECIDED, S.PUBLISHED])
def test_a_handover_that_is_answered_is_not_taken_back(people, state):
    opinion = handed_over(people, rows=0)
    answered_by(people, state, recommendation=RecommendationFactory(opinion=opinion, numbered=True))
    with pytest.raises(ValidationError, match="la remise a bien eu lieu"):
        handover.take_back(opinion, reason=WHY, by=people["lead"])
    opinion.refresh_from_db()
    assert (opinion.state, lines("answer.cancelled")) == (OpinionState.HANDED_OVER, 0)


def test_several_are_assigned_at_once_or_none(people):
    opinion = handed_over(people, rows=3)
    rows, helping = cases.cases_of(opinion), DirectorateFactory(assembly=people.assembly)
    due = timezone.localdate() + timedelta(days=60)
    elsewhere = DirectorateFactory(assembly=AssemblyFactory(second=True))
    for wrong in (
        {"directorate": None},
        {"directorate": elsewhere},
        {"directorate": people.directorate, "associated": [elsewhere]},
        {"directorate": people.directorate, "due_on": timezone.localdate() - timedelta(days=1)},
        {"directorate": DirectorateFactory(assembly=people.assembly, closed_on=timezone.localdate())},
    ):
        with pytest.raises(ValidationError):
            cases.assign_all(cases.cases_of(opinion), by=people["officer"], **wrong)
    AnswerCase.objects.filter(pk=rows[2].pk).update(state=S.CANCELLED, cancelled_at=timezone.now())
    with pytest.raises(StateConflict):
        cases.assign_all(cases.cases_of(opinion), people.directorate, by=people["officer"])
    assert (lines("answer.assigned"), Answer.objects.count()) == (0, 0)
    both = {"associated": [helping, people.directorate], "due_on": due}
    with pytest.raises(PermissionDenied):
        cases.assign_all(cases.cases_of(opinion)[:2], people.directorate, by=people["member"], **both)
    assert cases.assign_all(cases.cases_of(opinion)[:2], people.directorate, by=people["officer"], **both) == 2
    for case in cases.cases_of(opinion)[:2]:
        assert (case.state, case.directorate, case.due_on) == (S.ASSIGNED, people.directorate, due)
        assert list(case.associated.all()) == [helping]
        assert case.answers.get().number == 1
    assert lines("answer.assigned") == 2


def test_two_directorates_claim_a_file_and_one_leads(people):
    """The text stays, the visa that was asked falls."""
    other = DirectorateFactory(assembly=people.assembly)
    case = answered_by(people, S.SUBMITTED)
    with pytest.raises(ValidationError):
        cases.reassign(case, other, associated=[people.directorate], reason=" ", by=people["officer"])
    case = fresh(case)
    cases.reassign(case, other, associated=[people.directorate], reason="Elle gère les bus.", by=people["officer"])
    case = fresh(case)
    assert (case.state, case.directorate, list(case.associated.all())) == (S.ASSIGNED, other, [people.directorate])
    assert (case.submitted_at, case.reason, case.answers.get().is_sent) == (None, "Elle gère les bus.", False)
    assert case.answers.get().body


@pytest.mark.parametrize("state", [S.ASSIGNED, S.SUBMITTED, S.VALIDATED, S.DECIDED])
def test_the_successor_of_a_closed_directorate_answers(people, state):
    successor = DirectorateFactory(assembly=people.assembly)
    case = answered_by(people, state, associated=[successor])
    helped = answered_by(people, S.ASSIGNED)
    AnswerCase.objects.filter(pk=helped.pk).update(directorate=DirectorateFactory(assembly=people.assembly))
    helped.associated.set([people.directorate])
    directorates.close(people.directorate, on=timezone.localdate(), successor=successor, by=people["lead"])
    case = fresh(case)
    assert (case.state, case.directorate, case.inherited_from) == (state, successor, people.directorate)
    assert list(case.associated.all()) == []
    assert list(fresh(helped).associated.all()) == [successor]


def test_without_a_successor_what_is_not_signed_goes_back_to_the_team(people):
    asked, sent, signed = (answered_by(people, state) for state in (S.ASSIGNED, S.SUBMITTED, S.VALIDATED))
    cases.pass_cases_to_successor(directorate_closed(people), by=people["lead"])
    assert [(fresh(case).state, fresh(case).directorate_id) for case in (asked, sent)] == [(S.AWAITING, None)] * 2
    assert (fresh(signed).state, fresh(signed).directorate) == (S.VALIDATED, people.directorate)
    cases.assign(fresh(sent), DirectorateFactory(assembly=people.assembly), by=people["officer"])
    assert (sent.answers.get().is_sent, bool(sent.answers.get().body)) == (False, True)


def directorate_closed(people):
    found = people.directorate
    found.closed_on = timezone.localdate()
    found.save()
    return found


def test_the_last_file_that_is_cancelled_answers_the_referral(people):
    opinion = handed_over(people, state=OpinionState.PUBLISHED)
    first, second = cases.cases_of(opinion)
    AnswerCase.objects.filter(pk=first.pk).update(state=S.PUBLISHED, answered_on=timezone.localdate())
    cases.cancel(second, reason="Même sujet que la première.", by=people["lead"])
    opinion.referral.refresh_from_db()
    assert (opinion.referral.state, lines("referral.answered")) == (ReferralState.ANSWERED, 1)


def test_who_sees_which_case(people):
    case = answered_by(people, S.ASSIGNED)
    whole = AnswerCaseFactory(whole=True, whole_of__term=people.term)
    AnswerFactory()
    seen = {
        who: set(AnswerCase.objects.visible_to(people[who]))
        for who in ("lead", "officer", "president", "sponsor", "dir_contact", "member", "facilitator", "stranger")
    }
    everything = {case, whole}
    assert {who for who, rows in seen.items() if rows >= everything} == {"lead", "officer", "president", "sponsor"}
    assert seen["dir_contact"] == {case}
    assert not seen["member"] | seen["facilitator"] | seen["stranger"]
    assert not AnswerCase.objects.visible_to(people.elsewhere("lead")) & AnswerCase.objects.of_terms([people.term])
