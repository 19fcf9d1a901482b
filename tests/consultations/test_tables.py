"""What the database believes about referrals: every state has a coherent row, incoherent ones are refused."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from consultations.models import DirectorateReview, Referral, ReferralOrigin, ReferralState, ReviewState
from tests.factories import consultations as factories
from tests.factories.documents import UploadFactory
from tests.factories.identity import UserFactory

S = ReferralState
EVERY = [
    value
    for name, value in vars(factories).items()
    if name.endswith("Factory") and value.__module__ == factories.__name__
]


@pytest.mark.django_db
@pytest.mark.parametrize("factory", EVERY, ids=lambda factory: factory.__name__)
def test_each_factory_stands_alone(factory):
    made = factory()
    assert made.pk
    assert str(made)


@pytest.mark.django_db
@pytest.mark.parametrize("own", [False, True])
@pytest.mark.parametrize("state", ReferralState)
def test_a_state_belongs_to_its_origin(own, state):
    origin = ReferralOrigin.SELF_REFERRAL if own else ReferralOrigin.PRESIDENT
    foreign = S.tagged("president" if own else "self_referral")
    if state not in foreign:
        made = factories.ReferralFactory(own=own, state=state)
        assert (made.state, made.origin) == (state, origin)
        made.full_clean()
    else:
        with pytest.raises(IntegrityError), transaction.atomic():
            factories.ReferralFactory(own=own, state=state, reference="X-1")


@pytest.mark.django_db
@pytest.mark.parametrize("state", ReviewState)
def test_each_state_of_a_review_has_a_coherent_row(state):
    made = factories.DirectorateReviewFactory(state=state)
    assert DirectorateReview.objects.get(pk=made.pk).state == state


def assert_refused(referral, **values):
    with pytest.raises(IntegrityError), transaction.atomic():
        Referral.objects.filter(pk=referral.pk).update(**values)


LIES = {
    "issued without question": ("issued", {"question": ""}),
    "issued without calendar": ("issued", {"due_on": None}),
    "issued by nobody": ("issued", {"issued_by": None}),
    "issued without date": ("issued", {"issued_at": None}),
    "paper without letter": ("issued", {"issue_channel": "paper"}),
    "draft already issued": ("draft", {"issued_at": timezone.now()}),
    "accepted on no day": ("accepted", {"accepted_on": None}),
    "withdrawn without reason": ("withdrawn", {"end_reason": ""}),
    "withdrawn at no moment": ("withdrawn", {"ended_at": None}),
    "merged into nothing": ("merged", {"merged_into": None}),
    "a draft merged": ("draft", {"state": "merged"}),
    "no reference": ("draft", {"reference": ""}),
    "suggested by somebody": ("draft", {"origin": "self_referral"}),
    "unknown state": ("draft", {"state": "lost"}),
    "a reason without end": ("draft", {"end_reason": "Pourquoi ?"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("lie", LIES)
def test_the_database_refuses(lie):
    state, values = LIES[lie]
    assert_refused(factories.ReferralFactory(state=state), **values)


@pytest.mark.django_db
def test_a_referral_never_merges_into_itself():
    merged = factories.ReferralFactory(state=S.MERGED)
    assert_refused(merged, merged_into=merged)


@pytest.mark.django_db
def test_a_reference_is_given_once_in_a_term():
    first = factories.ReferralFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ReferralFactory(term=first.term, reference=first.reference)


@pytest.mark.django_db
def test_the_opinion_is_expected_after_the_work_begins():
    referral = factories.ReferralFactory()
    assert_refused(referral, due_on=referral.work_starts_on.replace(year=2020))


@pytest.mark.django_db
def test_a_referral_has_one_lead_directorate():
    named = factories.ReferralDirectorateFactory(lead=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.ReferralDirectorateFactory(referral=named.referral, lead=True)


@pytest.mark.django_db
def test_a_vote_needs_its_item_and_its_ballot():
    voted = factories.ReferralFactory(own=True, state=S.ADOPTED)
    assert_refused(voted, ballot=None)
    assert_refused(voted, vote_item=None)


@pytest.mark.django_db
def test_a_paper_letter_with_its_date_is_accepted():
    referral = factories.ReferralFactory(issued=True)
    Referral.objects.filter(pk=referral.pk).update(
        issue_channel="paper", signed_letter=UploadFactory(), letter_on=timezone.localdate(), issued_by=UserFactory()
    )
    referral.refresh_from_db()
    assert referral.issue_channel == "paper"
