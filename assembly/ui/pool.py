"""Waiting for another service without holding what every page needs."""

from django.db import connections


def give_connections_back() -> bool:
    """Return this thread's database connections to the pool; the next query takes one again. False when one stays.

    Call it before anything slow that lies outside the database (a mail relay, an antivirus). A connection inside a
    transaction stays: what it holds is not committed. So does one of a process without a pool (a worker, a command):
    nobody waits for it, and it may hold an advisory lock of its session.
    """
    opened = connections.all(initialized_only=True)
    for connection in opened:
        if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
            connection.close()
    return not any(connection.in_atomic_block for connection in opened)
