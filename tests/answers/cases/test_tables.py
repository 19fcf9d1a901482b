"""What the database believes about answers: every state has a coherent row, lies are refused; the README agrees."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from answers.cases.workflow import ANSWER
from answers.models import Answer, AnswerCase, AnswerCaseState, AnswerValue
from assembly.institution.models import Role
from tests.answers.stage import answered_by
from tests.consultations.desk import agent
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, answer_in, said
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import OpinionFactory
from tests.tables import table

pytestmark = pytest.mark.django_db
S, V = AnswerCaseState, AnswerValue
ROLES = ["lead", "officer", "facilitator", "member", "president", "sponsor", "dir_contact", "dir_approver"]


@pytest.mark.parametrize("state", AnswerCaseState)
def test_each_state_has_a_coherent_row(state):
    case = AnswerCaseFactory(state=state)
    case.full_clean()
    assert (str(case), case.reference) == (case.recommendation.reference,) * 2


@pytest.mark.parametrize("value", AnswerValue)
def test_each_value_is_sent_decided_and_published(value):
    made = AnswerFactory(published=True, **said(value))
    made.full_clean()
    assert Answer.objects.standing().get().value == value


LIES = {
    "assigned to nobody": (S.ASSIGNED, {"directorate": None}),
    "sent at no moment": (S.SUBMITTED, {"submitted_at": None}),
    "signed by nobody": (S.VALIDATED, {"validated_by": None}),
    "an arbitration about nothing": (S.ARBITRATION, {"question": ""}),
    "an arbitration by nobody": (S.VALIDATED, {"arbitration": "Oui.", "arbitrated_on": timezone.localdate()}),
    "published on no day": (S.PUBLISHED, {"answered_on": None}),
    "answered before the handover": (S.PUBLISHED, {"answered_on": timezone.localdate() - timedelta(days=60)}),
    "cancelled and answered": (S.CANCELLED, {"answered_on": timezone.localdate()}),
    "due before the handover": (S.AWAITING, {"due_on": timezone.localdate() - timedelta(days=60)}),
    "of nothing": (S.AWAITING, {"recommendation": None}),
    "of an unknown state": (S.AWAITING, {"state": "forgotten"}),
}


@pytest.mark.parametrize("name", LIES)
def test_a_file_refuses_what_its_state_denies(name):
    state, facts = LIES[name]
    case = AnswerCaseFactory(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerCase.objects.filter(pk=case.pk).update(**facts)


def test_a_file_is_of_a_recommendation_or_of_a_whole_opinion():
    assert AnswerCaseFactory(whole=True).reference
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerCaseFactory(whole_of=OpinionFactory(state="published"))


LACKS = [
    (V.ACCEPTED, {"body": ""}),
    (V.ACCEPTED, {"value": ""}),
    (V.ACCEPTED_IN_PART, {"retained": ""}),
    (V.ACCEPTED_IN_PART, {"left_out": ""}),
    (V.ALREADY_DONE, {"done_since": None}),
    (V.ALREADY_DONE, {"proof": ""}),
    (V.UNDER_STUDY, {"review_on": None}),
    (V.UNDER_STUDY, {"review_on": timezone.localdate() - timedelta(days=1)}),
    (V.PASSED_ON, {"passed_to": ""}),
    (V.PASSED_ON, {"letter": ""}),
    (V.REJECTED, {"category": ""}),
    (V.REJECTED, {"body": "Non."}),
    (V.REJECTED, {"body": " non  merci,\nc’est trop  cher   "}),
]


@pytest.mark.parametrize(("value", "missing"), LACKS)
def test_a_decided_answer_says_what_its_value_asks_for(value, missing):
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerFactory(case__state=S.DECIDED, decided=True, **said(value) | missing)
    if "review_on" not in missing or missing["review_on"] is None:
        with pytest.raises(IntegrityError), transaction.atomic():
            AnswerFactory(case__state=S.SUBMITTED, sent=True, **said(value) | missing)
    assert AnswerFactory(**said(value) | missing).pk  # a draft may lack anything


def test_one_version_is_in_hand_and_a_published_one_never_changes():
    case = AnswerCaseFactory(state=S.PUBLISHED)
    former = answer_in(case)
    AnswerFactory(case=case)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerFactory(case=case)
    for write in (
        lambda: Answer.objects.filter(pk=former.pk).update(body="Autre chose."),
        lambda: Answer.objects.filter(pk=former.pk).update(published_at=None),
        lambda: Answer.objects.filter(pk=former.pk).delete(),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            write()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE answers_answer CASCADE")
    assert Answer.objects.standing().get().pk == former.pk


def test_the_readme_tells_the_steps():
    written = {
        (step_name, frozenset(sources.split(", ")), target)
        for step_name, sources, target in table("answers", "Answer")
    }
    assert written == {(step.name, step.sources, step.target or "–") for step in ANSWER.steps}


def test_the_readme_tells_the_rights(people):
    """Somewhere in its life a case offers what the table says, to nobody else, and never elsewhere."""
    helping = DirectorateFactory(assembly=people.assembly)
    files = [answered_by(people, state, associated=[helping]) for state in AnswerCaseState]
    files.append(answered_by(people, S.ASSIGNED, answered_on=timezone.localdate()))
    files.append(answered_by(people, S.AWAITING))
    users = [*(people[role] for role in ROLES), agent(helping)]
    assert not any(
        any(ANSWER.abilities(agent(helping, Role.DIR_APPROVER), one)[step_name] for one in files)
        for step_name in ("submit", "validate")
    )
    said_rows = {what: cells for what, *cells in table("answers", "Rights")}
    for what, cells in said_rows.items():
        offered = [any(ANSWER.abilities(user, case)[what] for case in files) for user in users]
        assert [cell == "yes" for cell in cells] == offered, what
    assert set(said_rows) == {step.name for step in ANSWER.steps}
    for role in ROLES:
        assert not any(any(ANSWER.abilities(people.elsewhere(role), case).values()) for case in files)
