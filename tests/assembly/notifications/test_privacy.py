"""What becomes of somebody's mail when that person is erased."""

import pytest

from assembly.identity.actions import erase
from assembly.notifications.actions import sending
from assembly.notifications.models import Delivery, DeliveryState as S, LocalMessage
from assembly.notifications.queries import people_to_call
from tests.factories.identity import PersonFactory
from tests.factories.notifications import DeliveryFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mailbox")]


def test_nothing_leaves_any_more_and_no_address_stays(people):
    person = PersonFactory()
    for state in [S.QUEUED, S.FAILED, S.TO_CHECK, S.SENT, S.BOUNCED]:
        DeliveryFactory(person=person, state=state, context={"body": person.first_name})
    erase(person, by=people["dpo"])
    sending.run(0)
    rows = Delivery.objects.order_by("pk")
    assert [row.state for row in rows] == [S.CANCELLED, S.CANCELLED, S.CANCELLED, S.SENT, S.BOUNCED]
    assert {(row.address, str(row.context)) for row in rows} == {("", "{}")}
    assert LocalMessage.objects.count() == 0
    assert list(people_to_call(people.term)) == []
