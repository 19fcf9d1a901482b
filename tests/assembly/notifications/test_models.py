"""The database refuses a delivery whose dates and state disagree."""

import pytest
from django.db import IntegrityError
from django.utils import timezone

from assembly.notifications.models import Delivery, DeliveryState as S, Way
from assembly.notifications.workflow import DELIVERY
from tests.factories.notifications import DeliveryFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("state", "lie"),
    [
        (S.QUEUED, {"next_attempt_at": None}),
        (S.QUEUED, {"sent_at": timezone.now()}),
        (S.QUEUED, {"claimed_by": 1}),
        (S.QUEUED, {"state": "elsewhere"}),
        (S.QUEUED, {"way": Way.PAPER}),
        (S.QUEUED, {"message_id": None}),
        (S.IN_FLIGHT, {"claimed_at": None}),
        (S.IN_FLIGHT, {"claimed_by": None}),
        (S.SENT, {"sent_at": None}),
        (S.SENT, {"bounced_at": timezone.now()}),
        (S.SENT, {"next_attempt_at": timezone.now()}),
        (S.BOUNCED, {"bounced_at": None}),
        (S.BOUNCED, {"called_at": timezone.now()}),
        (S.TO_CHECK, {"state": S.PRINTED, "printed_at": timezone.now()}),
    ],
)
def test_lies_are_refused(state, lie):
    row = DeliveryFactory(state=state)
    with pytest.raises(IntegrityError):
        Delivery.objects.filter(pk=row.pk).update(**lie)


@pytest.mark.parametrize(
    "lie",
    [{"state": S.SENT, "sent_at": timezone.now()}, {"state": S.PRINTED, "printed_at": timezone.now()}],
)
def test_lies_about_letters_are_refused(lie):
    row = DeliveryFactory(paper=True)
    with pytest.raises(IntegrityError):
        Delivery.objects.filter(pk=row.pk).update(**lie)


def test_two_deliveries_never_share_a_key():
    row = DeliveryFactory()
    with pytest.raises(IntegrityError):
        DeliveryFactory(distribution=row.distribution, person=row.person)


def test_every_state_is_on_the_table_or_is_where_a_delivery_is_born():
    on_the_table = {state for step in DELIVERY.steps for state in (*step.sources, step.target) if state}
    assert on_the_table | {S.WITHHELD} == set(S)
