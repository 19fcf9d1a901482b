"""Release of database connections before a slow call of another service."""

from django.db import connections


def release_connections() -> bool:
    """Return this thread's database connections to the pool and return whether none stays open in a transaction.

    Call it before anything slow that lies outside the database (a mail relay, an antivirus); the next query takes a
    connection again. One inside a transaction stays: its writes are not committed. So does one of a process without a
    pool (a worker, a command): no other thread needs it, and it may hold an advisory lock of its session.
    """
    opened = connections.all(initialized_only=True)
    for connection in opened:
        if connection.settings_dict["OPTIONS"].get("pool") and not connection.in_atomic_block:
            connection.close()
    return not any(connection.in_atomic_block for connection in opened)
