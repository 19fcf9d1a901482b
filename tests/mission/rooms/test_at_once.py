"""Two at the same moment, each on a connection of their own. Two who book one room: one has it, the other is told who.
One who books and one who puts the room out of service: one alone wins."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, connections, transaction

from mission.registers import actions
from mission.registers.declaration import registers
from mission.rooms.models import Booking
from mission.rooms.workflow import move_booking
from tests.factories.mission import BookingFactory, ResourceFactory

pytestmark = pytest.mark.django_db(transaction=True)
WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
NINE, FIVE = datetime(2026, 12, 12, 8, tzinfo=UTC), datetime(2026, 12, 12, 16, tzinfo=UTC)


def wait_for_the_lock(other):
    end = time.monotonic() + 10
    while time.monotonic() < end and not other.done():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # a transaction keeps what it saw first
            cursor.execute(WAITING)
            if cursor.fetchone():
                return
        time.sleep(0.01)
    pytest.fail(f"It did not wait: {other.result(timeout=1)}")


def told(act):
    """Run the act on its own connection; return its result or the text of the refusal."""
    try:
        return act()
    except ValidationError as refused:
        return " ".join(refused.messages)
    finally:
        connections.close_all()


def both(first, second):
    """Start the second act when the first has written and not committed: it has read the room as free."""
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            first()
            other = pool.submit(told, second)
            wait_for_the_lock(other)
        return other.result(timeout=10)


def test_two_who_move_onto_one_room(people):
    room, by = ResourceFactory(assembly=people.assembly, name="Salle Garonne"), people["lead"]
    name = by.get_full_name()
    one, two = (BookingFactory(assembly=people.assembly, owner=by) for _ in range(2))
    move = {"resource": room, "starts_at": NINE, "ends_at": FIVE, "by": by}
    answer = both(lambda: move_booking(one, **move), lambda: move_booking(two, **move))
    assert answer.replace("\u00a0", " ").startswith(
        f"Déjà réservé : Salle Garonne, samedi 12 décembre 2026, de 9 h à 17 h, par {name}"
    )
    assert list(Booking.objects.filter(resource=room)) == [one]
    two.refresh_from_db()
    assert two.resource != room


def test_two_who_book_one_room(people):
    """Past the lock of the reference, which makes two pages of one assembly follow each other."""
    room, by = ResourceFactory(assembly=people.assembly, name="Salle Garonne"), people["lead"]
    values = {"name": "Plénière", "resource": room, "starts_at": NINE, "ends_at": FIVE}
    first = {"assembly": people.assembly, "reference": "RS-1", "created_by": by, "changed_by": by, **values}
    answer = both(
        lambda: Booking.objects.create(**first),
        lambda: actions.create(registers["bookings"], people.term, by=by, values=values),
    )
    assert "pour « Plénière » (RS-1)" in answer.replace("\u00a0", " ")
    assert Booking.objects.count() == 1


def withdraw(room, by):
    def act():
        registers["resources"].workflow.transition(room, "withdraw", by=by, reason="Dégât des eaux.")
        return "withdrawn"

    return act


def book(people, room):
    ahead = {"starts_at": datetime(2098, 12, 12, 8, tzinfo=UTC), "ends_at": datetime(2098, 12, 12, 16, tzinfo=UTC)}
    values = {"name": "Plénière", "resource": room, **ahead}
    return lambda: actions.create(registers["bookings"], people.term, by=people["officer"], values=values)


def test_who_withdraws_a_room_that_is_being_booked_is_refused(people):
    room = ResourceFactory(assembly=people.assembly)
    people["officer"]
    answer = both(book(people, room), withdraw(room, people["lead"]))
    assert "Des réservations sont à venir" in answer
    room.refresh_from_db()
    assert (room.state, Booking.objects.count()) == ("in_service", 1)


@pytest.mark.parametrize("way", ["book", "move"])
def test_who_takes_a_room_that_is_being_withdrawn_is_refused(people, way):
    room, by = ResourceFactory(assembly=people.assembly), people["lead"]
    mine = BookingFactory(assembly=people.assembly, owner=by)
    move = {"resource": room, "starts_at": NINE, "ends_at": FIVE, "by": by}
    second = {"book": book(people, room), "move": lambda: move_booking(mine, **move)}[way]
    people["officer"]
    answer = both(withdraw(room, by), second)
    assert "hors service" in answer
    room.refresh_from_db()
    assert (room.state, Booking.objects.filter(resource=room).count()) == ("withdrawn", 0)
