"""What the database believes about opinions: every state has a coherent row, lies are refused."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from opinions.models import Opinion, OpinionSection, OpinionState, OpinionVersion, ServicesCheckState, ServicesRequest
from tests.factories import opinions as factories

pytestmark = pytest.mark.django_db
S = OpinionState
EVERY = [
    value
    for name, value in vars(factories).items()
    if name.endswith("Factory") and value.__module__ == factories.__name__
]


@pytest.mark.parametrize("factory", EVERY, ids=lambda factory: factory.__name__)
def test_each_factory_stands_alone(factory):
    made = factory()
    assert made.pk
    assert str(made)


@pytest.mark.parametrize("state", OpinionState)
def test_each_state_has_a_coherent_row(state):
    made = factories.OpinionFactory(state=state)
    made.full_clean()
    assert Opinion.objects.get(pk=made.pk).state == state


@pytest.mark.parametrize("state", ServicesCheckState)
def test_each_state_of_a_reading_has_a_coherent_row(state):
    made = factories.ServicesRequestFactory(state=state)
    assert ServicesRequest.objects.get(pk=made.pk).state == state


TODAY = timezone.localdate
LIES = {
    "one text without a reference": (S.CONSOLIDATED, {"reference": ""}),
    "one text that is not there": (S.CONSOLIDATED, {"text": None}),
    "tabled nowhere": (S.TABLED, {"agenda_item": None}),
    "tabled at no moment": (S.TABLED, {"tabled_at": None}),
    "a draft on an agenda": (S.DRAFTING, {"tabled_at": timezone.now()}),
    "amendments without an end": (S.AMENDING, {"amendments_close_at": None}),
    "amendments that end first": (S.AMENDING, {"amendments_close_at": timezone.now() - timedelta(days=30)}),
    "frozen at no moment": (S.FROZEN, {"frozen_at": None}),
    "frozen before its time": (S.TABLED, {"frozen_at": timezone.now()}),
    "voted without a ballot": (S.VOTED, {"ballot": None}),
    "adopted on no day": (S.ADOPTED, {"adopted_on": None}),
    "rejected and adopted": (S.REJECTED, {"adopted_on": timezone.localdate()}),
    "rejected on no day": (S.REJECTED, {"rejected_on": None}),
    "handed to nobody": (S.HANDED_OVER, {"handed_over_to": ""}),
    "handed over nowhere": (S.HANDED_OVER, {"handed_over_place": ""}),
    "handed over before the vote": (
        S.HANDED_OVER,
        {"handed_over_on": timezone.localdate() - timedelta(days=60)},
    ),
    "handed over while adopted": (S.ADOPTED, {"handed_over_on": timezone.localdate()}),
    "published at no moment": (S.PUBLISHED, {"published_at": None}),
    "published early": (S.HANDED_OVER, {"published_at": timezone.now()}),
    "withdrawn without a word": (S.WITHDRAWN, {"end_reason": ""}),
    "an unknown state": (S.OUTLINE, {"state": "dreamt"}),
}


@pytest.mark.parametrize("lie", LIES)
def test_the_database_refuses_lies(lie):
    state, values = LIES[lie]
    opinion = factories.OpinionFactory(state=state)
    with pytest.raises(IntegrityError), transaction.atomic():
        Opinion.objects.filter(pk=opinion.pk).update(**values)


def test_one_opinion_runs_at_a_time_on_a_question():
    first = factories.OpinionFactory(state=S.REJECTED)
    second = factories.OpinionFactory(term=first.term, referral=first.referral)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.OpinionFactory(term=first.term, referral=second.referral)


@pytest.mark.parametrize(
    "values",
    [
        {"validated_on": None},
        {"validation_mode": ""},
        {"validated_by": None},
        {"votes_for": 4},
        {"validation_mode": "vote"},
        {"validation_mode": "vote", "votes_for": 3, "votes_against": 3, "abstentions": 0},
        {"state": "drafting"},
    ],
)
def test_a_validation_is_told_whole(values):
    section = factories.OpinionSectionFactory(validated=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpinionSection.objects.filter(pk=section.pk).update(**values)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_versions_are_never_rewritten(act):
    version = factories.OpinionVersionFactory()
    rows = OpinionVersion.objects.filter(pk=version.pk)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        rows.update(plain_text="") if act == "update" else rows._raw_delete("default")
