"""Giving connections back: to the pool of a web process, and nowhere else."""

import pytest
from django.db import connection

from assembly.files.slow_work import run_ahead
from assembly.notifications.actions.sending import sender_lock

SLOT = 77
HELD = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s AND pid = pg_backend_pid()"


def locks_held() -> int:
    with connection.cursor() as cursor:
        cursor.execute(HELD, [SLOT])
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_worker_keeps_the_lock_of_its_session_through_slow_work():
    """A sender lays out the agenda that a message carries: another sender must not take its slot meanwhile."""
    with sender_lock(SLOT) as is_mine:
        assert is_mine
        assert run_ahead(("layout", 1), lambda: "made") == "made"
        assert locks_held() == 1
    assert locks_held() == 0


@pytest.mark.django_db(transaction=True)
def test_a_web_process_gives_its_connection_back(pool_of_four):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert run_ahead(("layout", 1), lambda: connection.connection) is None
