"""The one way into the log: rights and state are read at each commit, and the statement that stores checks the state.

Used by the sockets' writer (many texts and people at once) and by the HTTP exchange. Nothing is shown to anybody
before this has committed.
"""

import json
import logging
from collections.abc import Collection, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.utils import timezone
from pycrdt import get_state

from assembly.collab import registry
from assembly.collab.document import grammar, projection, reading
from assembly.collab.engine import headers
from assembly.collab.engine.copy import ROOT, CopyCorrupted, TextCopy, TextCopyCache
from assembly.collab.engine.frames import Malformed
from assembly.collab.engine.headers import Header
from assembly.collab.models import SharedText, TextRight, UpdateKind
from assembly.collab.rules import within

log = logging.getLogger(__name__)

FROZEN, DENIED, GAP, MALFORMED = "frozen", "denied", "gap", "malformed"
SUGGESTING = ("insertion", "deletion", "modification")
MOST_MOVES = 5


@dataclass(slots=True, eq=False)
class UpdateSource:
    """One connection: after a refusal, nothing more is accepted until it sends all that the server is missing."""

    refused: str = ""


@dataclass(slots=True, eq=False)
class PendingUpdate:
    """One update of one person for one text, with its outcome: `refused` is the reason, `seq` the number of its row.

    Neither means that it brought nothing new. A `resync` is everything that the other side has and the server has not.
    The header of a long update is read when it is stored.
    """

    text_id: int
    user_id: int
    data: bytes
    source: UpdateSource
    header: Header
    resync: bool = False
    is_read: bool = True
    is_malformed: bool = False
    refused: str = ""
    seq: int = 0

    def read(self) -> None:
        """Read the header of a long update, once."""
        if not self.is_read:
            self.is_read = True
            try:
                self.header = check_update(self.data)
            except Malformed:
                self.is_malformed = True


@dataclass(slots=True)
class CommittedUpdates:
    """The result of a commit for one text: its state and the stored entries."""

    state: str
    entries: list[PendingUpdate] = field(default_factory=list)


class StateChanged(Exception):
    """The text was frozen or opened between reading its state and numbering its rows: check again."""


class UpdateRefused(Exception):
    """An entry that was applied to the copy is refused: load the copy again and leave the entry out."""

    def __init__(self, entry: PendingUpdate, why: str) -> None:
        super().__init__(why)
        self.entry = entry
        self.why = why


def check_update(data: bytes) -> Header:
    """Read a foreign update to the last byte, by this reader and by the engine; raises Malformed.

    What is not in the schema is refused here, for every sender: one unknown node stops every open editor.
    """
    header = headers.read_update(data)
    if (
        header.roots - {ROOT}
        or header.types - {headers.XML_ELEMENT, headers.XML_TEXT}
        or header.elements - grammar.NODES.keys()
        or any(reading.mark_name(key) not in grammar.MARKS for key, _value in header.formats)
    ):
        raise Malformed("what the schema does not know")
    try:
        get_state(data)
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        raise Malformed(str(error)) from error  # The engine may panic, with a BaseException.
    return header


def store_updates(entries: Collection[PendingUpdate], copies: TextCopyCache) -> dict[int, CommittedUpdates]:
    """Store what may be stored, in one commit, and return it by text; each entry holds its outcome.

    When this raises (the database is unreachable) the same call may be repeated: what was stored all the same is not
    new any more.
    """
    ids = sorted({entry.text_id for entry in entries})
    refusals: dict[PendingUpdate, str] = {}
    sources = {entry.source: entry.source.refused for entry in entries}
    for entry in entries:
        entry.read()
    for _round in range(len(entries) + MOST_MOVES):
        for source, reason in sources.items():
            source.refused = reason
        try:
            # The rows of one text are one statement, which commits by itself; those of several need a transaction.
            with transaction.atomic() if len(ids) > 1 else nullcontext():
                return _commit(ids, entries, copies, refusals)
        except UpdateRefused as refusal:
            copies.invalidate(ids)
            refusals[refusal.entry] = refusal.why
        except StateChanged:
            copies.invalidate(ids)
        except BaseException:
            copies.invalidate(ids)
            raise
    raise StateChanged


def _commit(
    ids: list[int], entries: Collection[PendingUpdate], copies: TextCopyCache, refusals: Mapping[PendingUpdate, str]
) -> dict[int, CommittedUpdates]:
    """Store the entries by text, in the order of the keys, so that two processes never wait for each other."""
    users = {entry.user_id for entry in entries}
    texts, active = read_texts(ids, users)
    rights = registry.rights_of_active(texts.values(), users, active)
    stored = {}
    for pk in ids:
        validator = UpdateValidator(texts[pk], copies[pk], rights, refusals)
        stored[pk] = validator.store([entry for entry in entries if entry.text_id == pk])
    return stored


@dataclass
class UpdateValidator:
    """Checker of the entries of one text, in their order; it numbers and stores those that pass."""

    text: SharedText
    copy: TextCopy
    rights: Mapping[tuple[int, int], TextRight]
    refusals: Mapping[PendingUpdate, str]

    def store(self, entries: list[PendingUpdate]) -> CommittedUpdates:
        passed = [entry for entry in entries if self.accept(entry)]
        if not passed:
            return CommittedUpdates(self.text.state)
        first = append_rows(self.text, passed)
        for seq, entry in enumerate(passed, first):
            entry.seq = seq
        if first > self.copy.seq + 1:  # Rows of another process came in between: they are shown together.
            self.copy.catch_up(upto=first - 1)
        self.copy.seq = first + len(passed) - 1
        return CommittedUpdates(self.text.state, passed)

    def accept(self, entry: PendingUpdate) -> bool:
        """Return whether an entry is new and allowed, and apply it to the copy then."""
        entry.seq, entry.refused = 0, MALFORMED if entry.is_malformed else self.refusals.get(entry, "")
        if not entry.refused and not entry.resync:
            entry.refused = entry.source.refused
        if not entry.refused:
            if not entry.header.is_new(self.copy.known, self.copy.deleted):
                entry.source.refused = ""
                return False
            entry.refused = self.check_and_apply(entry)
        entry.source.refused = entry.refused
        return not entry.refused

    def check_and_apply(self, entry: PendingUpdate) -> str:
        """Return why an entry is refused, or ""; raises UpdateRefused when only the copy showed it."""
        granted = self.rights[self.text.pk, entry.user_id]
        right = within(granted, self.text.state)
        reason = FROZEN if granted > right else DENIED
        if right < TextRight.COMMENT:
            return reason
        if entry.header.has_gap(self.copy.known):
            self.copy.catch_up()
            if entry.header.has_gap(self.copy.known):
                return GAP
        prefix = f"{entry.user_id}-"
        marks = suggestion_marks(entry.header)
        if any(not mark.startswith(prefix) and not self.copy.knows_mark(mark) for mark in marks):
            return DENIED
        self.apply(entry, right, reason, prefix)
        self.copy.add_marks(marks)
        return ""

    def apply(self, entry: PendingUpdate, right: TextRight, reason: str, prefix: str) -> None:
        """Apply an entry to the copy, and check what only the result shows."""
        tangled = entry.header.is_tangled(self.copy.known)
        try:
            before = TextBefore(self.copy, entry.header) if right < TextRight.WRITE else None
            self.copy.apply(entry.data, entry.header)
            allowed = before is None or before.allows(right, prefix)
        except CopyCorrupted:
            raise UpdateRefused(entry, MALFORMED) from None
        except (RecursionError, ValueError, TypeError, KeyError):
            log.exception("An update could not be judged")
            raise UpdateRefused(entry, reason) from None
        if tangled and not self.copy.is_whole():
            raise UpdateRefused(entry, MALFORMED)
        if not allowed:
            raise UpdateRefused(entry, reason)


class TextBefore:
    """A text before an update of somebody who may not write it, for the comparison with the result."""

    def __init__(self, copy: TextCopy, header: Header) -> None:
        self.copy = copy
        self.header = header
        self.before = copy.tree
        self.left_out = copy.left_out() if header.types else 0

    def allows(self, right: TextRight, prefix: str) -> bool:
        """Return whether only suggestions or comments came, and nothing that the tree does not show.

        A node where the schema has no place for it is left out of the tree, and deleted by editors with all around it.
        """
        if right < TextRight.SUGGEST and (self.header.types or self.header.written):
            return False
        if self.header.types and self.copy.left_out() > self.left_out:
            return False
        return projection.allows(self.before, self.copy.tree, right, prefix)


# The two statements of every commit are written out here, not composed each time: they are the hot path.
READ = """
SELECT id, kind, state, ARRAY(SELECT id FROM identity_user WHERE id = ANY(%s) AND is_active)
FROM collab_sharedtext WHERE id = ANY(%s)
"""
NUMBER = """
WITH taken AS (
    UPDATE collab_sharedtext SET last_seq = last_seq + %s WHERE id = %s AND state = %s RETURNING id, last_seq
)
INSERT INTO collab_update (text_id, seq, data, author_id, at, kind)
SELECT taken.id, taken.last_seq - %s + row.place, row.data, row.author, %s, %s
FROM taken, unnest(%s::bytea[], %s::bigint[]) WITH ORDINALITY AS row (data, author, place)
RETURNING seq
"""


def read_texts(ids: list[int], users: Collection[int]) -> tuple[dict[int, SharedText], list[int]]:
    """Return the texts with their current state, and which of these accounts are active."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(users), ids])
        rows = cursor.fetchall()
    texts = {row[0]: SharedText.from_db(connection.alias, ("id", "kind", "state"), row[:3]) for row in rows}
    return texts, rows[0][3] if rows else []


def append_rows(text: SharedText, entries: list[PendingUpdate]) -> int:
    """Store the entries under the next numbers and return the first.

    One statement locks the text, checks its state, numbers without gap and writes: it raises StateChanged when the
    text is no longer in the state for which the entries were checked.
    """
    count, now = len(entries), timezone.now()
    data, authors = [entry.data for entry in entries], [entry.user_id for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, [count, text.pk, text.state, count, now, UpdateKind.LIVE.value, data, authors])
        rows = cursor.fetchall()
    if not rows:
        raise StateChanged
    return int(min(rows)[0])


def suggestion_marks(header: Header) -> set[str]:
    """Return the ids of the suggestions whose marks an update sets."""
    return {
        _mark_id(value) for key, value in header.formats if value != "null" and key.partition("--")[0] in SUGGESTING
    }


def _mark_id(value: str) -> str:
    try:
        attrs = json.loads(value)
    except ValueError:
        return ""
    return str(attrs.get("id", "")) if isinstance(attrs, dict) else ""
