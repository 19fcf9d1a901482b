"""One writer task and one writer thread for each process: all that is queued is stored in one commit.

The first edit after a pause is stored at once; those within LEAST_INTERVAL of it (SHARED_INTERVAL beside another
process that stores) are collected into one commit and one frame to each screen. The thread holds the texts in memory
and its own lasting connection to the database; the event loop only moves frames.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, field

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.utils import load_backend
from pycrdt import merge_updates

from assembly.collab.engine import headers, storage
from assembly.collab.engine.copy import CopyCorrupted, TextCopyCache
from assembly.collab.engine.editing_session import Socket
from assembly.collab.engine.storage import PendingUpdate
from assembly.collab.models import SharedText

log = logging.getLogger(__name__)

MOST_MERGED = 40
PREPARED_AFTER = 5  # psycopg's own default, which Django turns off.
LEAST_INTERVAL = 0.045  # Seconds from the beginning of one batch that shows something to the next.
SHARED_INTERVAL = 0.08  # The same while another process stores rows too: together they commit as often as one.
OTHERS_STAY = 1.0  # Seconds after the last rows of another process.
FIRST_WAIT, LONGEST_WAIT, MOST_FAILURES = 0.1, 3.0, 3


@dataclass(slots=True)
class ReceivedUpdate:
    """One sync message with data, from a socket: `order` counts those of its connection."""

    entry: PendingUpdate
    socket: Socket
    order: int


@dataclass(slots=True)
class SyncRequest:
    """A request of a socket for the data missing at `vector`; with None, for the server's own state vector."""

    text_id: int
    socket: Socket
    vector: bytes | None


@dataclass(slots=True)
class RemoteRows:
    """Rows that another process stored, already merged."""

    text_id: int
    first: int
    last: int
    data: bytes


@dataclass(slots=True)
class Reload:
    """A request to read rows and states of these texts again; `evict` names those that no screen here shows."""

    texts: tuple[int, ...] = ()
    evict: tuple[int, ...] = ()


type Job = ReceivedUpdate | SyncRequest | RemoteRows | Reload


@dataclass(slots=True)
class Broadcast:
    """The result of a batch for one text: the merged update for its screens, and the part stored by this process."""

    text_id: int
    seq: int
    updates: list[bytes] = field(default_factory=list)
    ours: RemoteRows | None = None
    only: Socket | None = None
    state: str = ""


@dataclass(slots=True)
class BatchResult:
    """The result of one batch, for the event loop to send."""

    broadcasts: list[Broadcast] = field(default_factory=list)
    sent: list[ReceivedUpdate] = field(default_factory=list)
    replies: list[tuple[Socket, bytes | None, bytes]] = field(default_factory=list)
    late: list[int] = field(default_factory=list)
    lost: list[Socket] = field(default_factory=list)


class UpdateWriter:
    """Writer that takes jobs from the loop, does them in its thread, and calls `deliver` in the loop."""

    def __init__(self, deliver: Callable[[BatchResult], None]) -> None:
        self.deliver = deliver
        self.copies = TextCopyCache()
        self.queue: list[Job] = []
        self.waiting = asyncio.Event()
        self.batches = 0
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="collab-writer", initializer=open_own_connection)
        self.task = asyncio.get_running_loop().create_task(self.work())

    def submit(self, job: Job) -> None:
        self.queue.append(job)
        self.waiting.set()

    async def work(self) -> None:
        """Process one batch after the other until the process ends."""
        loop = asyncio.get_running_loop()
        next_batch = others_until = 0.0
        while True:
            await self.waiting.wait()
            await asyncio.sleep(next_batch - loop.time())
            self.waiting.clear()
            jobs, self.queue = self.queue, []
            began = loop.time()
            batch = await self.persist(loop, jobs)
            self.batches += 1
            if any(isinstance(job, RemoteRows) for job in jobs):
                others_until = began + OTHERS_STAY
            if any(broadcast.updates for broadcast in batch.broadcasts):
                next_batch = began + (SHARED_INTERVAL if began < others_until else LEAST_INTERVAL)
            try:
                self.deliver(batch)
            except Exception:
                log.exception("A turn of shared texts was stored and not shown: open pages will ask again")

    async def persist(self, loop: asyncio.AbstractEventLoop, jobs: list[Job]) -> BatchResult:
        """Do the jobs, again and again while the database is unreachable; nothing is shown meanwhile.

        Jobs that fail by themselves, three times over, are given up: their senders have to reconnect.
        """
        wait, failures = FIRST_WAIT, 0
        while failures < MOST_FAILURES:
            try:
                return await loop.run_in_executor(self.thread, self.process_batch, jobs)
            except DatabaseError as error:
                log.warning("A commit of shared texts failed and will be tried again: %s", type(error).__name__)
            except (asyncio.CancelledError, KeyboardInterrupt, SystemExit):
                raise
            except BaseException:  # The CRDT engine panics with a BaseException.
                log.exception("A turn of shared texts failed and will be tried again")
                failures += 1
            await loop.run_in_executor(self.thread, self.reset)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)
        return BatchResult(lost=[job.socket for job in jobs if isinstance(job, ReceivedUpdate | SyncRequest)])

    async def stop(self) -> None:
        """End the task and the thread, with its connection."""
        self.task.cancel()
        await asyncio.get_running_loop().run_in_executor(self.thread, self.reset)
        self.thread.shutdown()

    # In the writer's thread ----------------------------------------------------------------------

    def reset(self) -> None:
        """Discard the connection and every copy in memory after a failure."""
        connection.close()
        self.copies.invalidate([*self.copies.loaded])

    def process_batch(self, jobs: list[Job]) -> BatchResult:
        """Apply what others stored, then store the updates, then answer the requests with all of it."""
        batch = BatchResult()
        jobs = self.drop_unreadable(jobs, batch)
        states: dict[int, str] = {}
        for job in jobs:
            if isinstance(job, RemoteRows):
                self.apply_remote_rows(job, batch)
            elif isinstance(job, Reload):
                states.update(self.reload(job))
        batch.sent = [job for job in jobs if isinstance(job, ReceivedUpdate)]
        stored = storage.store_updates([sent.entry for sent in batch.sent], self.copies) if batch.sent else {}
        for text_id in {*self.copies.loaded, *stored}:
            if broadcast := self.broadcast_of(text_id, stored.get(text_id), states.get(text_id, "")):
                batch.broadcasts.append(broadcast)
        for job in jobs:
            if isinstance(job, SyncRequest):
                batch.replies.append(self.synchronise(job))
        return batch

    def drop_unreadable(self, jobs: list[Job], batch: BatchResult) -> list[Job]:
        """Leave out the texts that cannot be opened, so that they delay no other text."""
        needed = {job.text_id: True for job in jobs if isinstance(job, SyncRequest)}
        needed.update({job.entry.text_id: True for job in jobs if isinstance(job, ReceivedUpdate)})
        for text_id in needed:
            try:
                _ = self.copies[text_id]
            except (CopyCorrupted, ValueError):
                log.exception("The text %s cannot be opened from its rows", text_id)
                needed[text_id] = False
        remaining: list[Job] = []
        for job in jobs:
            text_id = (
                job.entry.text_id
                if isinstance(job, ReceivedUpdate)
                else job.text_id
                if isinstance(job, SyncRequest)
                else 0
            )
            if isinstance(job, ReceivedUpdate | SyncRequest) and not needed[text_id]:
                batch.lost.append(job.socket)
            else:
                remaining.append(job)
        return remaining

    def apply_remote_rows(self, job: RemoteRows, batch: BatchResult) -> None:
        """Apply rows of another process; when some before them are missing, the text is reloaded a little later."""
        copy = self.copies.loaded.get(job.text_id)
        if copy is None or job.last <= copy.seq:
            return
        if job.first > copy.seq + 1:
            batch.late.append(job.text_id)
            return
        try:
            copy.apply(job.data, headers.read_update(job.data))
        except (CopyCorrupted, ValueError):
            self.copies.invalidate([job.text_id])
            return
        copy.seq = job.last
        copy.unsent.append((job.last, job.data))

    def reload(self, job: Reload) -> dict[int, str]:
        """Apply rows that no message announced, and return the states in the table."""
        for text_id in job.evict:
            self.copies.evict(text_id)
        rows = list(SharedText.objects.filter(pk__in=job.texts).values_list("pk", "last_seq", "state"))
        for pk, last, _state in rows:
            copy = self.copies.loaded.get(pk)
            if copy is not None and copy.seq < last:
                try:
                    copy.catch_up()
                except BaseException:
                    self.copies.invalidate([pk])
                    raise
        return {pk: state for pk, _last, state in rows}

    def broadcast_of(self, text_id: int, stored: storage.CommittedUpdates | None, state: str) -> Broadcast | None:
        """Return what the screens of a text are missing after this batch; None for nothing."""
        copy = self.copies[text_id] if stored is not None else self.copies.loaded[text_id]
        entries = stored.entries if stored else []
        rows = [data for _seq, data in copy.take_unsent()]
        state = stored.state if stored else state
        if not rows and not entries and not state:
            return None
        broadcast = Broadcast(text_id, copy.seq, state=state)
        ours = merged([entry.data for entry in entries])
        if entries:
            sources = {entry.source for entry in entries}
            broadcast.only = sources.pop() if len(sources) == 1 and not rows else None  # type: ignore[assignment] # -- the sources of the writer's entries are sockets
        if len(ours) == 1:
            broadcast.ours = RemoteRows(text_id, entries[0].seq, entries[-1].seq, ours[0])
        broadcast.updates = merged([*rows, *ours])
        return broadcast

    def synchronise(self, job: SyncRequest) -> tuple[Socket, bytes | None, bytes]:
        """Return the socket, its missing data or None, and the server's state vector."""
        copy = self.copies[job.text_id]
        missing = None if job.vector is None else copy.missing(job.vector)
        return job.socket, missing, copy.doc.get_state()


def open_own_connection() -> None:
    """Give the thread a lasting connection outside the pool: after a failure a pool would return dead ones.

    Its few statements are the same at each commit, so that PostgreSQL prepares them once. Planning the one for rights
    anew took longer than all the rest of the commit.
    """
    facts = deepcopy(connections.databases[DEFAULT_DB_ALIAS])
    facts["OPTIONS"].pop("pool", None)
    facts["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": PREPARED_AFTER}
    connections[DEFAULT_DB_ALIAS] = load_backend(facts["ENGINE"]).DatabaseWrapper(facts, DEFAULT_DB_ALIAS)


def merged(updates: Iterable[bytes]) -> list[bytes]:
    """Return fewer updates: the cost of merging grows with the square of their number, so forty at a time."""
    merged_updates = list(updates)
    while len(merged_updates) > 1:
        parts = [merged_updates[at : at + MOST_MERGED] for at in range(0, len(merged_updates), MOST_MERGED)]
        try:
            merged_updates = [merge_updates(*part) if len(part) > 1 else part[0] for part in parts]
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            return merged_updates  # The engine panicked: shown one by one, they are the same text.
    return merged_updates
