"""A second connection that comes while a first one has written and not committed yet."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction

from assembly.web.errors import EditConflict
from assembly.workflow import StateConflict

WAITING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def during(step, act, meanwhile=lambda: None):
    """Run `act` while another connection has taken `step` and not committed yet; return what it met, or None.

    `meanwhile` runs here, once the act waits.
    """
    taken, told = Event(), Event()

    def take():
        try:
            with transaction.atomic():
                step()
                taken.set()
                assert told.wait(20)
        finally:
            taken.set()
            connection.close()

    def try_it():
        try:
            act()
        except (PermissionDenied, StateConflict, ValidationError, EditConflict) as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(take)
        assert taken.wait(20)
        assert not first.done(), first.exception()
        second = pool.submit(try_it)
        try:
            wait_for_a_lock(second)
            meanwhile()
        finally:
            told.set()
        first.result(20)
        return second.result(20)


def wait_for_a_lock(other):
    """Wait until the other connection waits for a lock of the first; fail if it never does."""
    end = time.monotonic() + 10
    while time.monotonic() < end and not other.done():
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone():
                return
        time.sleep(0.01)
    pytest.fail("It did not wait.")
