"""Two hands at once: the database decides who was first, and nothing is written twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from assembly.audit.models import Entry
from assembly.notifications.models import Delivery, Distribution
from assembly.workflow import StateConflict
from sessions.attendance import actions as attendance_actions
from sessions.models import Attendance, Invitee, Notice, Sitting
from sessions.sittings.actions import convening
from tests.factories.identity import PersonFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AttendanceFactory, InviteeFactory, SittingFactory
from tests.second_hand import during

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
    met = together(lambda: convening.notify(Sitting.objects.get(pk=sitting.pk), by=officer))
    assert met.count(None) == 1
    assert (Notice.objects.count(), Distribution.objects.count(), Delivery.objects.count()) == (1, 1, 3)


def test_four_taps_make_one_arrival(people):
    officer = people["officer"]
    invitee = InviteeFactory(sitting=SittingFactory(running=True))
    together(
        lambda: attendance_actions.record_arrival(
            Invitee.objects.select_related("sitting").get(pk=invitee.pk), by=officer
        )
    )
    assert (Attendance.objects.count(), Entry.objects.filter(event_type="attendance.arrived").count()) == (1, 1)


def test_a_tap_during_the_closing_leaves_nobody_inside(people):
    officer = people["officer"]
    sitting = SittingFactory(running=True)
    invitees = [InviteeFactory(sitting=sitting).pk for _ in range(HANDS - 1)]
    attendance_actions.record_arrival(InviteeFactory(sitting=sitting), by=officer)  # nobody there: it would not close
    todo = [
        lambda: attendance_actions.close(Sitting.objects.get(pk=sitting.pk), by=officer),
        *(
            lambda pk=pk: attendance_actions.record_arrival(
                Invitee.objects.select_related("sitting").get(pk=pk), by=officer
            )
            for pk in invitees
        ),
    ]
    together(lambda: todo.pop()())
    sitting.refresh_from_db()
    assert (sitting.state, Attendance.objects.filter(voided_at=None, left_at=None).count()) == ("closed", 0)


ROLL = {
    "absence": lambda invitee, by: attendance_actions.record_absence(invitee, absence="represented", by=by),
    "stay": lambda invitee, by: attendance_actions.add_stay(
        invitee,
        arrived_at=invitee.sitting.starts_at,
        left_at=invitee.sitting.starts_at + timedelta(minutes=30),
        mode="room",
        via="paper",
        by=by,
    ),
}


def again(invitee):
    return Invitee.objects.select_related("sitting__term", "person").get(pk=invitee.pk)


def attended():
    """Make a running sitting where one person is present, as a sitting must be to be closed."""
    sitting = SittingFactory(running=True)
    AttendanceFactory(invitee__sitting=sitting, arrived_at=sitting.starts_at)
    return sitting


def closed_by(people, sitting):
    return lambda: attendance_actions.close(
        Sitting.objects.select_related("term").get(pk=sitting.pk), by=people["officer"]
    )


@pytest.mark.parametrize("what", ROLL)
def test_who_writes_the_roll_waits_for_the_closing(people, what):
    """Nobody of those who were absent is locked by the closing itself: only its sitting is."""
    sitting = attended()
    invitee, officer = InviteeFactory(sitting=sitting, absence="excused"), people["officer"]
    assert during(closed_by(people, sitting), lambda: ROLL[what](again(invitee), officer)) is None
    assert again(invitee).sitting.state == "closed"
    assert again(invitee).absence == {"absence": "represented", "stay": ""}[what]


def test_a_guest_who_comes_during_the_closing_is_not_added(people):
    sitting, officer = attended(), people["officer"]
    guest, person = InviteeFactory(sitting=sitting, is_member=False), PersonFactory()
    for act in (
        lambda: convening.add_guest(
            Sitting.objects.select_related("term").get(pk=sitting.pk), person=person, capacity="Experte", by=officer
        ),
        lambda: convening.remove_guest(again(guest), by=officer),
    ):
        Sitting.objects.filter(pk=sitting.pk).update(state="open", closed_at=None)
        assert type(during(closed_by(people, sitting), act)) is PermissionDenied
    assert set(Invitee.objects.filter(withdrawn_at=None, is_member=False)) == {guest}
