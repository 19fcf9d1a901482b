"""Two hands at once: the database decides who was first, and nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery, Distribution
from assembly.workflow import StateConflict
from sessions.actions import attendance, notices
from sessions.models import Attendance, Invitee, Notice, Sitting
from tests.factories.members import MandateFactory
from tests.factories.sessions import InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db(transaction=True)
HANDS = 4


def together(act):
    """Run `act` in several threads that start at the same instant; return what each one met."""
    start = Barrier(HANDS)

    def one(_number):
        try:
            start.wait()
            act()
        except (StateConflict, PermissionDenied) as refusal:
            return type(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(one, range(HANDS)))


def test_four_clicks_convene_once(people):
    officer = people["officer"]
    MandateFactory.create_batch(3)
    sitting = SittingFactory()
    met = together(lambda: notices.notify(Sitting.objects.get(pk=sitting.pk), by=officer))
    assert met.count(None) == 1
    assert (Notice.objects.count(), Distribution.objects.count(), Delivery.objects.count()) == (1, 1, 3)


def test_four_taps_make_one_arrival(people):
    officer = people["officer"]
    invitee = InviteeFactory(sitting=SittingFactory(running=True))
    together(lambda: attendance.arrive(Invitee.objects.select_related("sitting").get(pk=invitee.pk), by=officer))
    assert (Attendance.objects.count(), Entry.objects.filter(verb="attendance.arrived").count()) == (1, 1)


def test_a_tap_during_the_closing_leaves_nobody_inside(people):
    officer = people["officer"]
    sitting = SittingFactory(running=True)
    invitees = [InviteeFactory(sitting=sitting).pk for _ in range(HANDS - 1)]
    todo = [
        lambda: attendance.close(Sitting.objects.get(pk=sitting.pk), by=officer),
        *(
            lambda pk=pk: attendance.arrive(Invitee.objects.select_related("sitting").get(pk=pk), by=officer)
            for pk in invitees
        ),
    ]
    together(lambda: todo.pop()())
    sitting.refresh_from_db()
    assert (sitting.state, Attendance.objects.filter(voided_at=None, left_at=None).count()) == ("closed", 0)
