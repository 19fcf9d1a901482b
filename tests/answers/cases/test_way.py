"""From the first word of a directorate to the public, and again for a revision."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from answers.cases.actions import cases, deciding, writing
from answers.cases.workflow import ANSWER
from answers.models import Answer, AnswerCaseState, AnswerValue, ArbitrationSource, DecisionSource
from assembly.audit.models import Entry
from assembly.institution.models import Role
from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict
from consultations.models import Referral, ReferralState
from tests.answers.stage import answered_by, fresh
from tests.consultations.desk import agent
from tests.factories.answers import AnswerCaseFactory, said
from tests.factories.consultations import DelegationFactory, ReferralFactory
from tests.factories.documents import UploadFactory
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionFactory, RecommendationFactory

pytestmark = pytest.mark.django_db
S, V = AnswerCaseState, AnswerValue
WHY = "Il manque le calendrier."


def state(case):
    return fresh(case).state


def lines(verb):
    return Entry.objects.filter(event_type=verb).count()


@pytest.mark.parametrize("value", AnswerValue)
def test_every_value_goes_all_the_way(people, value):
    case = answered_by(people, S.AWAITING)
    cases.assign(case, people.directorate, by=people["officer"])
    writing.save(fresh(case), said(value), version=0, by=people["dir_contact"])
    writing.submit(fresh(case), version=1, by=people["dir_contact"])
    writing.validate(fresh(case), version=1, by=people["dir_approver"])
    deciding.decide(fresh(case), version=1, by=people["president"])
    deciding.publish(fresh(case), by=people["lead"])
    answer, today = Answer.objects.standing().get(), timezone.localdate()
    assert {name: getattr(answer, name) for name in said(value)} == said(value)
    assert (answer.source, answer.decided_on, answer.decided_by) == (DecisionSource.VISA, today, people["president"])
    assert (fresh(case).answered_on, state(case)) == (today, S.PUBLISHED)


@pytest.mark.parametrize("body", ["", "Non.", "non " * 12, "Trop cher pour nous.", "\u00a0 \n"])
def test_a_rejection_says_why_in_a_real_sentence(people, body):
    case = answered_by(people, S.ASSIGNED, value=V.REJECTED)
    writing.save(case, {"body": body}, version=0, by=people["dir_contact"])
    with pytest.raises(ValidationError) as refused:
        writing.submit(fresh(case), version=1, by=people["dir_contact"])
    assert {error.code for error in refused.value.error_list} == {"body"}
    assert state(case) == S.ASSIGNED


def test_what_lacks_is_named_by_its_column(people):
    case = answered_by(people, S.ASSIGNED)
    for value, empty, codes in (
        (V.ACCEPTED_IN_PART, {"retained": "", "left_out": " "}, {"retained", "left_out"}),
        (V.ALREADY_DONE, {"done_since": None, "proof": "", "proof_url": ""}, {"done_since", "proof", "proof_url"}),
        (V.UNDER_STUDY, {"review_on": None}, {"review_on"}),
        (V.PASSED_ON, {"passed_to": "", "letter": ""}, {"passed_to", "letter"}),
        (V.REJECTED, {"category": ""}, {"category"}),
    ):
        version = case.answers.get().version
        writing.save(fresh(case), said(value) | empty, version=version, by=people["dir_contact"])
        assert {error.code for error in ANSWER.missing(fresh(case), "submit")} == codes, value


def test_words_of_another_value_are_left_out_when_it_is_sent(people):
    case = answered_by(people, S.ASSIGNED)
    typed = said(V.REJECTED) | {"value": V.ACCEPTED, "review_on": timezone.localdate(), "retained": "Les bus."}
    writing.save(case, typed, version=0, by=people["dir_contact"])
    writing.submit(fresh(case), version=1, by=people["dir_contact"])
    answer = case.answers.get()
    assert (answer.category, answer.review_on, answer.retained) == ("", None, "")


def test_two_agents_who_write_are_told_apart_and_nothing_typed_is_lost(people):
    helping = DirectorateFactory(assembly=people.assembly)
    case = answered_by(people, S.ASSIGNED, associated=[helping])
    writing.save(fresh(case), {"body": "Le premier texte."}, version=0, by=people["dir_contact"])
    with pytest.raises(EditConflict) as late:
        writing.save(fresh(case), {"body": "Le second texte."}, version=0, by=agent(helping))
    assert (late.value.current.body, late.value.typed["body"]) == ("Le premier texte.", "Le second texte.")
    writing.save(fresh(case), said(), version=1, by=agent(helping))
    for stranger in (people["officer"], people["member"], agent(DirectorateFactory(assembly=people.assembly))):
        with pytest.raises(PermissionDenied):
            writing.save(fresh(case), {"body": "Autre."}, version=2, by=stranger)
    writing.submit(fresh(case), version=2, by=people["dir_contact"])
    with pytest.raises(EditConflict) as closed:
        writing.save(fresh(case), {"body": "Un mot de plus."}, version=2, by=people["dir_contact"])
    assert closed.value.is_closed
    assert case.answers.get().body == said()["body"]


def test_what_is_signed_is_what_was_read(people):
    case = answered_by(people, S.ASSIGNED)
    writing.save(case, said(service="Les routes"), version=0, by=people["dir_contact"])
    with pytest.raises(ValidationError, match="relisez"):
        writing.submit(fresh(case), version=0, by=people["dir_contact"])
    writing.submit(fresh(case), version=1, by=people["dir_contact"])
    with pytest.raises(ValidationError, match="relisez"):
        writing.validate(fresh(case), version=0, by=people["dir_approver"])
    writing.validate(fresh(case), version=1, by=people["dir_approver"])
    with pytest.raises(ValidationError, match="relisez"):
        deciding.decide(fresh(case), version=0, by=people["president"])


def test_who_holds_a_delegation_signs_in_the_name_of_the_approver(people):
    case = answered_by(people, S.SUBMITTED)
    with pytest.raises(PermissionDenied):
        writing.validate(case, version=0, by=people["dir_contact"])
    giver = people["dir_approver"]
    DelegationFactory(directorate=people.directorate, giver=giver, holder=people["dir_contact"])
    writing.validate(fresh(case), version=0, by=people["dir_contact"])
    assert (fresh(case).validated_by, fresh(case).validated_for) == (people["dir_contact"], giver)


def test_sent_back_by_the_approver_then_by_the_sponsor(people):
    case = answered_by(people, S.SUBMITTED)
    with pytest.raises(ValidationError):
        writing.send_back(case, reason=" ", by=people["dir_approver"])
    writing.send_back(fresh(case), reason=WHY, by=people["dir_approver"])
    assert (state(case), fresh(case).reason, case.answers.get().is_sent) == (S.ASSIGNED, WHY, False)
    writing.submit(fresh(case), version=0, by=people["dir_contact"])
    assert fresh(case).reason == ""
    writing.validate(fresh(case), version=0, by=people["dir_approver"])
    writing.send_back(fresh(case), step_name="send_back", reason="Allez plus loin.", by=people["sponsor"])
    assert (state(case), fresh(case).reason) == (S.ASSIGNED, "Allez plus loin.")
    assert fresh(case).validated_at is None


def test_the_sponsor_arbitrates_or_the_committee_does(people):
    case = answered_by(people, S.VALIDATED)
    ANSWER.transition(case, "refer", by=people["officer"], reason="Est-ce tenable ?")
    with pytest.raises(StateConflict):
        deciding.decide(fresh(case), version=0, by=people["president"])
    ANSWER.transition(fresh(case), "arbitrate", by=people["sponsor"], reason="Oui, sur trois ans.")
    found = fresh(case)
    assert (found.state, found.arbitrated_by, found.arbitrated_on) == (
        S.VALIDATED,
        ArbitrationSource.SPONSOR,
        timezone.localdate(),
    )
    ANSWER.transition(found, "refer", by=people["officer"], reason="Et sur un an ?")
    assert (fresh(case).arbitration, fresh(case).question) == ("", "Et sur un an ?")
    late = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError):
        deciding.record_arbitration(fresh(case), on=late, ruling="Non.", by=people["officer"])
    deciding.record_arbitration(fresh(case), on=timezone.localdate(), ruling="Non.", by=people["officer"])
    assert (state(case), fresh(case).arbitrated_by) == (S.VALIDATED, ArbitrationSource.STEERING)


def test_a_decision_of_the_council_settles_several_or_none(people):
    found = [answered_by(people, S.VALIDATED) for _ in range(2)]
    told = {"on": timezone.localdate(), "reference": "CD-2026-114", "url": "https://example.org/114"}
    with pytest.raises(ValidationError):
        deciding.record_decision(map(fresh, found), **told | {"reference": " "}, by=people["lead"])
    for unprintable in ({"reference": "CD-2026 \U0001f600"}, {"url": "https://例え.example.org/114"}):
        with pytest.raises(ValidationError):  # the answer table is sealed with it
            deciding.record_decision(map(fresh, found), **told | unprintable, by=people["lead"])
    with pytest.raises(PermissionDenied):
        deciding.record_decision(map(fresh, found), **told, by=people["officer"])
    other = answered_by(people, S.SUBMITTED)
    with pytest.raises(StateConflict):
        deciding.record_decision(map(fresh, [*found, other]), **told, by=people["lead"])
    assert {state(case) for case in found} == {S.VALIDATED}
    assert deciding.record_decision(map(fresh, found), **told, by=people["lead"]) == 2
    answer = found[0].answers.get()
    assert (answer.source, answer.council_reference) == (DecisionSource.COUNCIL, "CD-2026-114")
    writing.send_back(fresh(found[0]), step_name="reopen", reason="Une erreur de texte.", by=people["lead"])
    answer.refresh_from_db()
    assert (state(found[0]), answer.source, answer.decided_on, answer.council_reference) == (S.ASSIGNED, "", None, "")


def test_the_review_of_a_study_comes_after_its_decision(people):
    case = answered_by(people, S.VALIDATED, value=V.UNDER_STUDY)
    Answer.objects.filter(case=case).update(review_on=timezone.localdate())
    with pytest.raises(ValidationError, match="réexamen"):
        deciding.decide(case, version=0, by=people["president"])


def test_the_last_one_published_answers_the_referral_and_a_revision_does_not_unanswer_it(people):
    referral = ReferralFactory(term=people.term, state=ReferralState.HANDED_OVER)
    opinion = OpinionFactory(term=people.term, referral=referral, state="published")
    rows = [RecommendationFactory(opinion=opinion, numbered=True) for _ in range(3)]
    found = [answered_by(people, S.DECIDED, recommendation=row) for row in rows]
    deciding.publish(found[0], by=people["lead"])
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.HANDED_OVER
    assert deciding.publish_all(map(fresh, found[1:]), by=people["lead"]) == 2
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.ANSWERED
    former = found[0].answers.get()
    revised = deciding.revise(fresh(found[0]), reason="Le budget a changé.", by=people["lead"])
    assert (revised.number, revised.body, revised.is_sent) == (2, former.body, False)
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.ANSWERED
    assert fresh(found[0]).is_revised
    assert set(Answer.objects.standing()) == {case.answers.get(number=1) for case in found}
    words = said(V.REJECTED, body="Le budget voté en mars ne permet plus de financer cette mesure.")
    writing.save(fresh(found[0]), words, version=0, by=people["dir_contact"])
    writing.submit(fresh(found[0]), version=1, by=people["dir_contact"])
    writing.validate(fresh(found[0]), version=1, by=people["dir_approver"])
    deciding.decide(fresh(found[0]), version=1, by=people["president"])
    assert Answer.objects.standing().filter(case=found[0]).get() == former
    deciding.publish(fresh(found[0]), by=people["lead"])
    assert list(found[0].answers.published().values_list("number", "value")) == [(1, V.ACCEPTED), (2, V.REJECTED)]
    assert Answer.objects.standing().get(case=found[0]).number == 2
    assert lines("referral.answered") == 1


def test_an_answer_waits_for_its_opinion_to_be_public(people):
    row = RecommendationFactory(opinion=OpinionFactory(term=people.term, state="handed_over"), numbered=True)
    case = answered_by(people, S.DECIDED, recommendation=row)
    with pytest.raises(ValidationError, match="Publiez d’abord"):
        deciding.publish(case, by=people["lead"])


def test_an_answer_of_the_past_is_recorded_with_its_day_and_document(people):
    referral = ReferralFactory(term=people.term, state=ReferralState.HANDED_OVER)
    opinion = OpinionFactory(term=people.term, referral=referral, state="published")
    started = timezone.localdate() - timedelta(days=400)
    case = fresh(AnswerCaseFactory(recommendation=None, whole_of=opinion, opened_on=started))
    given, paper = started + timedelta(days=301), UploadFactory()
    for wrong in ({"on": started - timedelta(days=1)}, {"values": {"value": V.REJECTED, "body": "Non."}}):
        facts = {"values": said(), "on": given, "document": paper} | wrong
        with pytest.raises(ValidationError):
            deciding.record_past(fresh(case), by=people["lead"], **facts)
    with pytest.raises(PermissionDenied):
        deciding.record_past(fresh(case), said(), on=given, document=paper, by=people["officer"])
    answer = deciding.record_past(fresh(case), said(), on=given, document=paper, by=people["lead"])
    assert (answer.source, answer.decided_on, answer.document, answer.is_published) == (
        DecisionSource.PAPER,
        given,
        paper,
        True,
    )
    assert (fresh(case).answered_on, state(case)) == (given, S.PUBLISHED)
    assert Referral.objects.get(pk=referral.pk).state == ReferralState.ANSWERED
    with pytest.raises(ValidationError, match="direction pilote"):
        deciding.revise(fresh(case), reason="Une suite.", by=people["lead"])
    deciding.revise(fresh(case), reason="Une suite.", directorate=people.directorate, by=people["lead"])
    assert agent(people.directorate, Role.DIR_CONTACT)
    assert (state(case), fresh(case).directorate) == (S.ASSIGNED, people.directorate)


def test_a_visa_of_before_the_revision_signs_nothing_new(people):
    case = answered_by(people, S.PUBLISHED)
    deciding.revise(case, reason="Une suite.", by=people["lead"])
    found = fresh(case)
    assert (found.submitted_at, found.validated_at, found.arbitration) == (None, None, "")


def test_an_answer_of_the_past_does_not_cover_what_a_directorate_began(people):
    case = answered_by(people, S.ASSIGNED)
    writing.save(case, {"body": "Nous répondons."}, version=0, by=people["dir_contact"])
    with pytest.raises(ValidationError, match="a commencé"):
        deciding.record_past(fresh(case), said(), on=timezone.localdate(), document=UploadFactory(), by=people["lead"])
    assert case.answers.get().body == "Nous répondons."


@pytest.mark.parametrize("is_written", [False, True])
def test_a_revision_opened_by_mistake_is_given_up(is_written, people):
    """The published answer goes on standing; what somebody wrote is kept, a mere copy is not."""
    case = answered_by(people, S.PUBLISHED)
    with pytest.raises(StateConflict):
        deciding.give_up(case, reason="Une erreur.", by=people["lead"])
    deciding.revise(fresh(case), reason="Une suite.", by=people["lead"])
    if is_written:
        writing.save(fresh(case), said(V.REJECTED), version=0, by=people["dir_contact"])
        writing.submit(fresh(case), version=1, by=people["dir_contact"])
    with pytest.raises(PermissionDenied):
        deciding.give_up(fresh(case), reason="Une erreur.", by=people["officer"])
    with pytest.raises(ValidationError):
        deciding.give_up(fresh(case), reason=" ", by=people["lead"])
    deciding.give_up(fresh(case), reason="Une erreur.", by=people["lead"])
    found = fresh(case)
    assert (found.state, found.is_revised, found.submitted_at) == (S.PUBLISHED, False, None)
    assert Answer.objects.standing().get().number == 1
    assert case.answers.filter(abandoned_at__isnull=False).count() == int(is_written)
    assert lines("answer.revision_given_up") == 1
    again = deciding.revise(fresh(case), reason="Cette fois oui.", by=people["lead"])
    assert (again.number, again.value) == (3 if is_written else 2, V.ACCEPTED)
    assert list(Answer.objects.in_hand()) == [again]
    assert writing.save(fresh(case), {"body": "Un mot."}, version=0, by=people["dir_contact"]).number == again.number
