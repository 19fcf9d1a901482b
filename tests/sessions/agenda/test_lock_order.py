"""Acts of the apps above that write in an agenda take the sitting before their own row (docs/locks.md)."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction

from assembly.identity.models import User
from consultations.models import Referral
from consultations.referrals import actions as referrals
from opinions.adoption.actions import voting
from opinions.models import Opinion, OpinionState
from sessions.agenda import actions as agenda
from sessions.models import Sitting
from tests.factories.consultations import ReferralFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import AgendaItemFactory, SittingFactory


def reception(people):
    row, sitting = ReferralFactory(term=people.term, issued=True), SittingFactory(term=people.term)
    return row, sitting, lambda found, by: referrals.put_on_agenda(found, Sitting.objects.get(pk=sitting.pk), by=by)


def taken_off(people):
    item = AgendaItemFactory(sitting=SittingFactory(term=people.term))
    row = OpinionFactory(term=people.term, state=OpinionState.TABLED, agenda_item=item, tabled_sitting=item.sitting)
    return row, item.sitting, lambda found, by: voting.take_off(found, reason="Pas prêt.", by=by)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("model", "case"), [(Referral, reception), (Opinion, taken_off)])
def test_who_waits_for_the_sitting_holds_nothing_above_it(people, model, case):
    row, sitting, act = case(people)
    officer = User.objects.get(pk=people["officer"].pk)

    def in_another_connection():
        try:
            act(model.objects.get(pk=row.pk), officer)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            agenda.lock_agenda(sitting)
            other = pool.submit(in_another_connection)
            time.sleep(1)
            assert not other.done()
            model.objects.select_for_update(nowait=True, no_key=True).get(pk=row.pk)
        other.result(timeout=20)
