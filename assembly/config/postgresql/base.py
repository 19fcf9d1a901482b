"""Django's PostgreSQL backend with a pool whose waits have a deadline: a page answers 503 before five seconds.

libpq has no read timeout, and TCP's own does not fire while the kernel of a frozen server still acknowledges. So each
wait has a deadline on this side, which holds for Unix sockets too. Only the pool of a web process has it: nobody waits
for a command or a worker, whose queries may take minutes.
"""

from typing import Any

import psycopg
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql import base
from psycopg import errors
from psycopg_pool import ConnectionPool

ANSWER_SECONDS = 4.0  # beyond PostgreSQL's own statement_timeout: such a server is frozen or unreachable


class ServerSilent(psycopg.OperationalError):
    """Raised when the server did not answer a query in time; the connection is closed."""


class Connection(psycopg.Connection[Any]):
    """Connection that waits at most ANSWER_SECONDS for each answer; raises ServerSilent."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        try:
            return super().wait(gen, interval, ANSWER_SECONDS if timeout is None else timeout)
        except errors._WaitTimeout:
            self.pgconn.finish()  # so that the rollback that follows does not wait again
            silence = ServerSilent(f"PostgreSQL did not answer within {ANSWER_SECONDS:g} s")
            if isinstance(self._pool, Pool):
                self._pool.refuse_waiting(silence)
            raise silence from None


class Pool(ConnectionPool[Connection]):
    """Pool of connections that answer. A thread that waits for one fails at once when there can be none.

    psycopg's own `check` tries one stale connection after the other, with longer and longer pauses: after a restart a
    reader met as many errors as there were connections.
    """

    def getconn(self, timeout: float | None = None) -> Connection:
        connection = super().getconn(timeout)
        try:
            self.check_connection(connection)
        except psycopg.OperationalError as error:
            self.putconn(connection)
            self.drain()  # they were all opened to the server that is gone
            if isinstance(error, ServerSilent):
                raise
            return super().getconn(timeout)
        return connection

    def _connect(self, timeout: float | None = None) -> Connection:
        try:
            return super()._connect(timeout)
        except psycopg.OperationalError as error:
            self.refuse_waiting(error)
            raise

    def refuse_waiting(self, error: psycopg.OperationalError) -> None:
        """Raise an OperationalError with the same message in every thread that waits for a connection."""
        with self._lock:
            waiting = [*self._waiting]
            self._waiting.clear()
        for client in waiting:
            client.fail(psycopg.OperationalError(str(error)))


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's database wrapper, with the pool above."""

    @property
    def pool(self) -> Pool | None:
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        django: Any = super()  # whose stubs name neither of the two attributes below
        if self.alias not in django._connection_pools:
            pool = Pool(
                kwargs={**self.get_connection_params(), "autocommit": True},
                connection_class=Connection,
                configure=django._configure_connection,
                open=False,  # by the first connection
                **options,
            )
            django._connection_pools.setdefault(self.alias, pool)  # another thread may have been quicker
        return django._connection_pools[self.alias]
