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
from assembly.collab.engine.headers import Header
from assembly.collab.engine.varint import Malformed
from assembly.collab.enums import TextRight, UpdateKind
from assembly.collab.models import SharedText
from assembly.collab.rules import within

log = logging.getLogger(__name__)

FROZEN, DENIED, GAP, MALFORMED = "frozen", "denied", "gap", "malformed"
SUGGESTING = ("insertion", "deletion", "modification")
MOST_MOVES = 5


@dataclass(slots=True, eq=False)
class UpdateSource:
    """One connection: once something of it was refused, nothing more is taken until it sends all that we lack."""

    refused: str = ""


@dataclass(slots=True, eq=False)
class PendingUpdate:
    """One update of one person for one text, and what became of it: `refused` says why, `seq` where it is kept.

    Neither means that it brought nothing new. A `resync` is everything that the other side holds and we do not. The
    header of a long update is read when it is stored.
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
    """What a commit brought to one text: its state, the entries kept, whether suggestions are among them."""

    state: str
    entries: list[PendingUpdate] = field(default_factory=list)
    suggests: bool = False


class StateMoved(Exception):
    """The text was frozen or opened between reading its state and numbering its rows: judge again."""


class UpdateRefused(Exception):
    """An entry that is already in the copy may not stay: load the copy again and leave the entry out."""

    def __init__(self, entry: PendingUpdate, why: str) -> None:
        super().__init__(why)
        self.entry = entry
        self.why = why


def check_update(data: bytes) -> Header:
    """Read an update that somebody sent, to the last byte, by our reader and by the engine; raises Malformed.

    What the schema does not name is refused here, whoever sends it: one unknown node stops every open editor.
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
        raise Malformed(str(error)) from error  # the engine may panic, with a BaseException
    return header


def store_updates(entries: Collection[PendingUpdate], copies: TextCopyCache) -> dict[int, CommittedUpdates]:
    """Store what may be stored, in one commit, and return it by text; each entry says what became of it.

    When this raises (the database is away) the same call may be made again: what was stored all the same is no news.
    """
    ids = sorted({entry.text_id for entry in entries})
    out: dict[PendingUpdate, str] = {}
    sources = {entry.source: entry.source.refused for entry in entries}
    for entry in entries:
        entry.read()
    for _round in range(len(entries) + MOST_MOVES):
        for source, refused in sources.items():
            source.refused = refused
        try:
            # The rows of one text are one statement, which commits by itself; those of several, all or none.
            with transaction.atomic() if len(ids) > 1 else nullcontext():
                return _commit(ids, entries, copies, out)
        except UpdateRefused as refusal:
            copies.distrust(ids)
            out[refusal.entry] = refusal.why
        except StateMoved:
            copies.distrust(ids)
        except BaseException:
            copies.distrust(ids)
            raise
    raise StateMoved


def _commit(
    ids: list[int], entries: Collection[PendingUpdate], copies: TextCopyCache, out: Mapping[PendingUpdate, str]
) -> dict[int, CommittedUpdates]:
    """Texts are taken in the order of their keys, so that two processes never wait for each other."""
    users = {entry.user_id for entry in entries}
    texts, active = read_texts(ids, users)
    held = registry.rights_of_active(texts.values(), users, active)
    stored = {}
    for pk in ids:
        bench = UpdateValidator(texts[pk], copies[pk], held, out)
        stored[pk] = bench.store([entry for entry in entries if entry.text_id == pk])
    return stored


@dataclass
class UpdateValidator:
    """Judges the entries of one text in their order, then numbers and keeps those that pass."""

    text: SharedText
    copy: TextCopy
    held: Mapping[tuple[int, int], TextRight]
    out: Mapping[PendingUpdate, str]

    def store(self, entries: list[PendingUpdate]) -> CommittedUpdates:
        passed = [entry for entry in entries if self.passes(entry)]
        if not passed:
            return CommittedUpdates(self.text.state)
        first = append_rows(self.text, passed)
        for seq, entry in enumerate(passed, first):
            entry.seq = seq
        if first > self.copy.seq + 1:  # rows of another process came in between: they are shown with ours
            self.copy.catch_up(upto=first - 1)
        self.copy.seq = first + len(passed) - 1
        return CommittedUpdates(self.text.state, passed, any(suggestion_marks(entry.header) for entry in passed))

    def passes(self, entry: PendingUpdate) -> bool:
        """Whether an entry is new and allowed; then it is in the copy."""
        entry.seq, entry.refused = 0, MALFORMED if entry.is_malformed else self.out.get(entry, "")
        if not entry.refused and not entry.resync:
            entry.refused = entry.source.refused
        if not entry.refused:
            if not entry.header.is_news(self.copy.known, self.copy.deleted):
                entry.source.refused = ""
                return False
            entry.refused = self.judge(entry)
        entry.source.refused = entry.refused
        return not entry.refused

    def judge(self, entry: PendingUpdate) -> str:
        """Why an entry may not enter, or nothing; raises Refused when only the copy could tell."""
        given = self.held[self.text.pk, entry.user_id]
        right = within(given, self.text.state)
        no = FROZEN if given > right else DENIED
        if right < TextRight.COMMENT:
            return no
        if entry.header.has_gap(self.copy.known):
            self.copy.catch_up()
            if entry.header.has_gap(self.copy.known):
                return GAP
        prefix = f"{entry.user_id}-"
        marks = suggestion_marks(entry.header)
        if any(not mark.startswith(prefix) and not self.copy.knows_mark(mark) for mark in marks):
            return DENIED
        self.enter(entry, right, no, prefix)
        self.copy.learn_marks(marks)
        return ""

    def enter(self, entry: PendingUpdate, right: TextRight, no: str, prefix: str) -> None:
        """Apply an entry to the copy, and see there what only the result tells."""
        tangled = entry.header.is_tangled(self.copy.known)
        try:
            look = TextBefore(self.copy, entry.header) if right < TextRight.WRITE else None
            self.copy.apply(entry.data, entry.header)
            allowed = look is None or look.allows(right, prefix)
        except CopyCorrupted:
            raise UpdateRefused(entry, MALFORMED) from None
        except (RecursionError, ValueError, TypeError, KeyError):
            log.exception("An update could not be judged")
            raise UpdateRefused(entry, no) from None
        if tangled and not self.copy.is_whole():
            raise UpdateRefused(entry, MALFORMED)
        if not allowed:
            raise UpdateRefused(entry, no)


class TextBefore:
    """A text as it was before an update of somebody who may not write it, to compare with what it becomes."""

    def __init__(self, copy: TextCopy, header: Header) -> None:
        self.copy = copy
        self.header = header
        self.before = copy.tree
        self.left_out = copy.left_out() if header.types else 0

    def allows(self, right: TextRight, prefix: str) -> bool:
        """Whether only suggestions or comments came, and nothing that the tree does not show.

        A node where the schema has no place for it is left out of the tree, and deleted by editors with all around it.
        """
        if right < TextRight.SUGGEST and (self.header.types or self.header.written):
            return False
        if self.header.types and self.copy.left_out() > self.left_out:
            return False
        return projection.allows(self.before, self.copy.tree, right, prefix)


# The two statements that every commit makes are written here and not composed each time: they are the hot path.
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
    """The texts with their state now, and which of these accounts are not suspended."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [list(users), ids])
        rows = cursor.fetchall()
    texts = {row[0]: SharedText.from_db(connection.alias, ("id", "kind", "state"), row[:3]) for row in rows}
    return texts, rows[0][3] if rows else []


def append_rows(text: SharedText, entries: list[PendingUpdate]) -> int:
    """Store the entries under the next numbers and return the first.

    One statement locks the text, checks its state, numbers without gap and writes: it raises StateMoved when the text
    is no longer in the state for which the entries were judged.
    """
    count, now = len(entries), timezone.now()
    data, authors = [entry.data for entry in entries], [entry.user_id for entry in entries]
    with connection.cursor() as cursor:
        cursor.execute(NUMBER, [count, text.pk, text.state, count, now, UpdateKind.LIVE.value, data, authors])
        rows = cursor.fetchall()
    if not rows:
        raise StateMoved
    return int(min(rows)[0])


def suggestion_marks(header: Header) -> set[str]:
    """Ids of the suggestions whose marks an update lays."""
    return {
        _mark_id(value) for key, value in header.formats if value != "null" and key.partition("--")[0] in SUGGESTING
    }


def _mark_id(value: str) -> str:
    try:
        held = json.loads(value)
    except ValueError:
        return ""
    return str(held.get("id", "")) if isinstance(held, dict) else ""
