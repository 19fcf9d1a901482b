"""Doubles: what hangs on one passes to the other, once, and the database believes the state."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from mission.contracts.models import Contract
from mission.mailings.models import ListSubscriber
from mission.partners.models import Partner, PartnerContact, PartnerExchange
from mission.registers.workflow import merge
from mission.support.models import SupportRequest
from tests.factories.identity import PersonFactory
from tests.factories.institution import AssemblyFactory
from tests.factories.mailings import ListSubscriberFactory
from tests.factories.mission import ContractFactory, PartnerFactory
from tests.factories.support import SupportRequestFactory


def contact(row, person, by):
    return PartnerContact.objects.create(row=row, person=person, created_by=by, changed_by=by)


def test_everything_passes_to_the_one_that_is_kept(people):
    by, shared = people["officer"], PersonFactory()
    kept, double, older = PartnerFactory(), PartnerFactory(), PartnerFactory()
    merge(older, into=double, by=by)
    contact(kept, shared, by)
    twin, own = contact(double, shared, by), contact(double, PersonFactory(), by)
    PartnerExchange.objects.create(
        row=double, held_on=timezone.localdate(), kind="call", summary="Un point.", created_by=by, changed_by=by
    )
    contract = ContractFactory(holder=double)
    SupportRequestFactory(epci=double)
    ListSubscriberFactory(partner=double)
    merge(double, into=kept, by=by)
    assert {each.pk for each in kept.contacts.all()} == {kept.contacts.get(person=shared).pk, own.pk}
    assert PartnerContact.objects.get(pk=twin.pk).row == double  # the same person is not told twice
    assert kept.exchanges.count() == 1
    tied = [Contract.objects.get().holder, SupportRequest.objects.get().epci, ListSubscriber.objects.get().partner]
    assert tied == [kept] * 3
    assert Contract.objects.get().version == contract.version + 1  # a form that was open meanwhile is told so
    found = Partner.objects.get(pk=double.pk)
    assert (found.state, found.merged_into, Partner.objects.get(pk=older.pk).merged_into) == ("merged", kept, kept)


@pytest.mark.parametrize("into", ["itself", "merged", "elsewhere"])
def test_a_wrong_one_is_refused(people, into):
    row = PartnerFactory()
    other = {
        "itself": lambda: row,
        "merged": lambda: PartnerFactory(state="merged"),
        "elsewhere": lambda: PartnerFactory(assembly=AssemblyFactory(second=True)),
    }[into]()
    with pytest.raises(ValidationError):
        merge(row, into=other, by=people["officer"])


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"state": "merged"}, {"state": "lost"}])
def test_the_database_refuses_what_the_engine_would(wrong):
    row = PartnerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.filter(pk=row.pk).update(**wrong)
