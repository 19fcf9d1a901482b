"""Waiting for another service without holding what every page needs."""

from django.db import connections


def give_connections_back() -> bool:
    """Return this thread's database connections to the pool; the next query takes one again. False when one stays.

    Call it before anything slow that lies outside the database (a mail relay, an antivirus). A connection inside a
    transaction stays: what it holds is not committed.
    """
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()
    return not any(connection.in_atomic_block for connection in connections.all(initialized_only=True))
