"""Slow work outside the database: done before the transaction of its request, without a connection of the pool.

A page may wait for a process that reads a file, for the antivirus, for a layout. Inside the transaction of a form such
a wait would hold one of ten connections. So `run_ahead` interrupts the view the first time: its transaction is rolled
back, the work is done, and the view runs again from the start, where `run_ahead` returns what the work returned.
Right, state and size were checked by then, since a view checks them before it opens a file.
"""

import hashlib
from collections.abc import Callable, Hashable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connections
from django.utils.translation import gettext_lazy as _


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


BUSY = "busy"
MOST_INTERRUPTIONS = 20  # a view whose key changes at each run (a file with the hour in it) does its work in place


class Busy(ValidationError):
    """Raised when too many files are being read in this process: the client retries in a minute (503)."""

    def __init__(self) -> None:
        super().__init__(
            _("Le service lit déjà d’autres fichiers. Rien n’est perdu : attendez une minute, puis réessayez."),
            code=BUSY,
        )


class Interruption(BaseException):
    """Raised to request slow work of a view. A BaseException: only `run_with_work_ahead` catches it."""

    def __init__(self, key: Hashable, work: Callable[[], Any]) -> None:
        self.key, self.work = key, work
        super().__init__("slow work first")


@dataclass
class WorkResult:
    """Value that some work returned, or the error that it raised."""

    value: Any = None
    error: Exception | None = None

    def get(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


@dataclass
class Request:
    """Results of the slow work of one request; `is_outside` while no transaction is open."""

    outcomes: dict[Hashable, WorkResult] = field(default_factory=dict)
    interruptions: int = 0
    is_outside: bool = False


current: ContextVar[Request | None] = ContextVar("slow_work", default=None)


def digest_of(content: bytes) -> bytes:
    """Return the SHA-256 of these bytes, for the key of some work."""
    return hashlib.sha256(content).digest()


def run_ahead[T](key: Hashable, work: Callable[[], T]) -> T:
    """Return what `work` returns, or raise what it raises, done outside the transaction of the request.

    `key` identifies the work and everything that it depends on. Outside such a request (a page that is only read, a
    worker, a command) the work is done at once, after the connections are given back.
    """
    request = current.get()
    if request is None:
        release_connections()
        return work()
    if key not in request.outcomes:
        if not request.is_outside and request.interruptions < MOST_INTERRUPTIONS:
            raise Interruption(key, work)
        request.outcomes[key] = run_work(work)
    result: T = request.outcomes[key].get()
    return result


def is_in_request() -> bool:
    """Return whether this work is done for a submitted form."""
    return current.get() is not None


def run_work(work: Callable[[], Any]) -> WorkResult:
    """Do the work now and return its value or its error."""
    release_connections()
    try:
        return WorkResult(work())
    except Exception as error:  # raised in the view when it runs again
        return WorkResult(error=error)


def run_with_work_ahead[T](transaction: Callable[[], T]) -> tuple[T, bool]:
    """Run `transaction`, interrupt it for its slow work and run it again.

    Return its result, and whether work was refused because too much of it is in progress.
    """
    request = Request()
    token = current.set(request)
    try:
        while True:
            try:
                result = transaction()
                return result, any(is_busy(outcome.error) for outcome in request.outcomes.values())
            except Interruption as interruption:
                key, work = interruption.key, interruption.work
            request.interruptions += 1
            request.is_outside = True
            request.outcomes[key] = run_work(work)
            request.is_outside = False
    finally:
        current.reset(token)


def is_busy(error: BaseException | None) -> bool:
    """Return whether this error holds `Busy`, alone or among others."""
    return isinstance(error, ValidationError) and any(one.code == BUSY for one in getattr(error, "error_list", ()))
