"""One text in memory: the rows applied so far, and what is needed to check the next update. A cache, never the text.

Only one thread uses it at a time; a copy that is found broken is discarded and loaded again.
"""

from collections.abc import Collection, Iterable
from typing import Any

from pycrdt import Doc, XmlFragment

from assembly.collab.document import reading, suggestions
from assembly.collab.engine import headers
from assembly.collab.engine.headers import Header, Spans
from assembly.collab.models import Snapshot, Suggestion, Update

ROOT = "default"
MANY = 100


class CopyCorrupted(Exception):
    """The engine refused foreign data, so that the copy is no longer reliable."""


class TextCopy:
    """The document after row `seq`, the last known clock of each client, what is deleted.

    `sent_seq` is the last row sent to the screens of this process; `unsent` are rows of others applied since.
    """

    def __init__(self, text_id: int) -> None:
        self.text_id = text_id
        self.seq = 0
        self.sent_seq = 0
        self.unsent: list[tuple[int, bytes]] = []
        self.known: dict[int, int] = {}
        self.deleted = Spans()
        self.has_gap = False
        self.doc: Doc[Any] = Doc(allow_multithreading=True)
        self.doc.get(ROOT, type=XmlFragment)
        self._tree: dict[str, Any] | None = None
        self._reader = reading.DocumentReader()
        self._marks: set[str] | None = None
        self._whole: bytes | None = None

    def apply(self, data: bytes, header: Header) -> None:
        """Apply one update that `header` describes; raises CopyCorrupted when the engine cannot."""
        self.apply_all([(data, header)])

    def apply_all(self, updates: Collection[tuple[bytes, Header]]) -> None:
        """Apply several updates, each with its header."""
        self.apply_batch([data for data, _header in updates])
        for _data, header in updates:
            self.record_header(header)

    def apply_batch(self, updates: Collection[bytes]) -> None:
        """Apply updates inside one transaction of the document, which makes a long log much quicker."""
        self._tree = self._whole = None
        try:
            with self.doc.transaction():
                for data in updates:
                    self.doc.apply_update(data)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            # The engine panics with a BaseException on some foreign data.
            raise CopyCorrupted(str(error)) from error

    def read_clocks(self) -> None:
        """Read the clocks and the deletions from the document itself, which is quicker than from many headers."""
        state = self.doc.get_state()
        self.known = headers.state_vector(state)
        self.deleted = Spans(headers.read_update(self.doc.get_update(state)).deletes)

    def record_header(self, header: Header) -> None:
        """Record how far an applied update reaches."""
        if header.has_gap(self.known):
            self.has_gap = True
        for client, end in header.ends().items():
            self.known[client] = max(end, self.known.get(client, 0))
        for span in header.deletes:
            self.deleted.add(*span)

    def is_whole(self) -> bool:
        """Return whether the document holds all that was applied, without updates that depend on missing ones."""
        clocks = headers.state_vector(self.doc.get_state())
        return all(clocks.get(client, 0) >= clock for client, clock in self.known.items())

    @property
    def tree(self) -> dict[str, Any]:
        """Return the document as a tree, cached until the next update."""
        if self._tree is None:
            self._tree = self._reader.tree(self.doc)
        return self._tree

    def left_out(self) -> int:
        """Return how many elements of the document have no place in its tree."""
        return sum(map(_elements, reading.raw(self.doc))) - _nodes(self.tree)

    def whole(self) -> bytes:
        """Return the document as one update, cached until the next one."""
        if self._whole is None:
            self._whole = self.doc.get_update()
        return self._whole

    def missing(self, vector: bytes) -> bytes:
        """Return the update that a client with this state vector needs."""
        clocks = headers.state_vector(vector)
        return self.doc.get_update(vector) if clocks else self.whole()

    def knows_mark(self, mark_id: str) -> bool:
        """Return whether a suggestion of that id is, or was, in the text: a user who moves it is not its author."""
        if self._marks is None:
            mark_ids = {item.id for item in suggestions.suggestions_in_order(self.tree)}
            rows = Suggestion.objects.filter(text_id=self.text_id).values_list("mark_id", flat=True)
            self._marks = mark_ids | set(rows)
        return mark_id in self._marks

    def add_marks(self, mark_ids: Collection[str]) -> None:
        if self._marks is not None:
            self._marks.update(mark_ids)

    def catch_up(self, *, upto: int | None = None) -> None:
        """Apply the rows that came since, up to `upto`."""
        rows = rows_after(self.text_id, self.seq, upto)
        if len(rows) > MANY:
            self.apply_batch([data for _seq, data in rows])
            self.read_clocks()
        else:
            self.apply_all([(data, headers.read_update(data)) for _seq, data in rows])
        self.seq += len(rows)
        self.unsent += rows

    def take_unsent(self) -> list[tuple[int, bytes]]:
        """Return the rows of others to show now, once."""
        rows, self.unsent = self.unsent, []
        self.sent_seq = self.seq
        return rows


def _elements(item: Any) -> int:
    return 0 if isinstance(item, list) else 1 + sum(map(_elements, item[2]))


def _nodes(node: dict[str, Any]) -> int:
    """Return how many nodes are below this one, without the runs of text."""
    return sum(1 + _nodes(child) for child in node.get("content", []) if child["type"] != "text")


def rows_after(text_id: int, seq: int, upto: int | None = None) -> list[tuple[int, bytes]]:
    """Return the rows above `seq` as (seq, data); raises CopyCorrupted where one is missing."""
    rows = Update.objects.filter(text_id=text_id, seq__gt=seq).order_by("seq")
    if upto is not None:
        rows = rows.filter(seq__lte=upto)
    pairs = [(number, bytes(data)) for number, data in rows.values_list("seq", "data")]
    if pairs and pairs[-1][0] - seq != len(pairs):
        raise CopyCorrupted(f"rows of {text_id} are missing after {seq}")
    return pairs


class TextCopyCache:
    """The texts that one thread holds in memory, loaded at first use."""

    def __init__(self) -> None:
        self.loaded: dict[int, TextCopy] = {}
        self.sent_seq: dict[int, int] = {}

    def __getitem__(self, text_id: int) -> TextCopy:
        if (copy := self.loaded.get(text_id)) is None:
            copy = load(text_id)
            copy.sent_seq = self.sent_seq.pop(text_id, copy.seq)
            copy.unsent = rows_after(text_id, copy.sent_seq, copy.seq) if copy.sent_seq < copy.seq else []
            self.loaded[text_id] = copy
        return copy

    def invalidate(self, text_ids: Iterable[int]) -> None:
        """Discard copies, but not the number of the last row shown, so that the next load shows the rest."""
        for text_id in text_ids:
            if copy := self.loaded.pop(text_id, None):
                self.sent_seq[text_id] = copy.sent_seq

    def evict(self, text_id: int) -> None:
        """Drop a text that no screen shows any more."""
        self.loaded.pop(text_id, None)
        self.sent_seq.pop(text_id, None)


def load(text_id: int, *, seq: int | None = None, from_rows: bool = False) -> TextCopy:
    """Load a text: the newest snapshot, then the rows above it; with `from_rows` the rows alone."""
    copy = TextCopy(text_id)
    snapshots = Snapshot.objects.filter(text_id=text_id).order_by("-upto_seq")
    if seq is not None:
        snapshots = snapshots.filter(upto_seq__lte=seq)
    if not from_rows and (snapshot := snapshots.first()):
        copy.apply_batch([bytes(snapshot.data)])
        copy.read_clocks()
        copy.seq = snapshot.upto_seq
    copy.catch_up(upto=seq)
    copy.take_unsent()
    return copy
