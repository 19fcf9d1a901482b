"""One text in memory: the rows applied so far, and what is needed to judge the next update. A cache, never the text.

Everything here is done by one thread at a time; whoever finds the copy broken throws it away and loads another.
"""

from collections.abc import Collection, Iterable
from typing import Any

from pycrdt import Doc, XmlFragment

from assembly.collab.document import reading, suggestions
from assembly.collab.engine import headers
from assembly.collab.engine.headers import Header
from assembly.collab.engine.spans import Spans
from assembly.collab.models import Snapshot, Suggestion, Update

ROOT = "default"
MANY = 100


class CopyCorrupted(Exception):
    """The engine refused foreign data: the copy that met it is no longer to be trusted."""


class TextCopy:
    """The document after row `seq`, how far each client is known, what is deleted.

    `shown` is the last row given to the screens of this process; `unshown` are rows of others applied since.
    """

    def __init__(self, text_id: int) -> None:
        self.text_id = text_id
        self.seq = 0
        self.shown = 0
        self.unshown: list[tuple[int, bytes]] = []
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
        """Apply one update that `header` describes. Raises Broken when the engine cannot."""
        self.apply_all([(data, header)])

    def apply_all(self, updates: Collection[tuple[bytes, Header]]) -> None:
        """Apply several updates, each with its header."""
        self.run([data for data, _header in updates])
        for _data, header in updates:
            self.note(header)

    def run(self, updates: Collection[bytes]) -> None:
        """Apply inside one transaction of the document: a long log in a fraction of the time."""
        self._tree = self._whole = None
        try:
            with self.doc.transaction():
                for data in updates:
                    self.doc.apply_update(data)
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt | SystemExit):
                raise
            raise CopyCorrupted(str(error)) from error  # the engine panics with a BaseException on some foreign data

    def take_stock(self) -> None:
        """Learn from the document itself how far clients are known and what is deleted: quicker than many headers."""
        state = self.doc.get_state()
        self.known = headers.state_vector(state)
        self.deleted = Spans(headers.read_update(self.doc.get_update(state)).deletes)

    def note(self, header: Header) -> None:
        """Remember how far an applied update reaches."""
        if header.has_gap(self.known):
            self.has_gap = True
        for client, end in header.ends().items():
            self.known[client] = max(end, self.known.get(client, 0))
        for span in header.deletes:
            self.deleted.add(*span)

    def is_whole(self) -> bool:
        """Whether the document holds all that was applied: nothing waits for a missing part."""
        held = headers.state_vector(self.doc.get_state())
        return all(held.get(client, 0) >= clock for client, clock in self.known.items())

    @property
    def tree(self) -> dict[str, Any]:
        """The document as a tree, kept until the next update."""
        if self._tree is None:
            self._tree = self._reader.tree(self.doc)
        return self._tree

    def left_out(self) -> int:
        """How many elements of the document have no place in its tree."""
        return sum(map(_elements, reading.raw(self.doc))) - _nodes(self.tree)

    def whole(self) -> bytes:
        """The document as one update, kept until the next one."""
        if self._whole is None:
            self._whole = self.doc.get_update()
        return self._whole

    def missing(self, vector: bytes) -> bytes:
        """What somebody whose state vector this is does not have."""
        known = headers.state_vector(vector)
        return self.doc.get_update(vector) if known else self.whole()

    def knows_mark(self, mark_id: str) -> bool:
        """Whether a suggestion of that id is, or was, in the text: moving it makes nobody its author."""
        if self._marks is None:
            found = {item.id for item in suggestions.suggestions_in_order(self.tree)}
            rows = Suggestion.objects.filter(text_id=self.text_id).values_list("mark_id", flat=True)
            self._marks = found | set(rows)
        return mark_id in self._marks

    def learn_marks(self, mark_ids: Collection[str]) -> None:
        if self._marks is not None:
            self._marks.update(mark_ids)

    def catch_up(self, *, upto: int | None = None) -> None:
        """Apply the rows that came since, up to `upto`. Raises Broken on a hole."""
        found = rows_after(self.text_id, self.seq, upto)
        if len(found) > MANY:
            self.run([data for _seq, data in found])
            self.take_stock()
        else:
            self.apply_all([(data, headers.read_update(data)) for _seq, data in found])
        self.seq += len(found)
        self.unshown += found

    def take_unshown(self) -> list[tuple[int, bytes]]:
        """The rows of others to show now, once."""
        found, self.unshown = self.unshown, []
        self.shown = self.seq
        return found


def _elements(item: Any) -> int:
    return 0 if isinstance(item, list) else 1 + sum(map(_elements, item[2]))


def _nodes(node: dict[str, Any]) -> int:
    """Nodes below this one, runs of text left out."""
    return sum(1 + _nodes(child) for child in node.get("content", []) if child["type"] != "text")


def rows_after(text_id: int, seq: int, upto: int | None = None) -> list[tuple[int, bytes]]:
    """Rows above `seq` as (seq, data). Raises Broken on a hole."""
    rows = Update.objects.filter(text_id=text_id, seq__gt=seq).order_by("seq")
    if upto is not None:
        rows = rows.filter(seq__lte=upto)
    found = [(number, bytes(data)) for number, data in rows.values_list("seq", "data")]
    if found and found[-1][0] - seq != len(found):
        raise CopyCorrupted(f"rows of {text_id} are missing after {seq}")
    return found


class TextCopyCache:
    """The texts that one thread holds in memory, loaded when asked."""

    def __init__(self) -> None:
        self.held: dict[int, TextCopy] = {}
        self.shown: dict[int, int] = {}

    def __getitem__(self, text_id: int) -> TextCopy:
        if (copy := self.held.get(text_id)) is None:
            copy = load(text_id)
            copy.shown = self.shown.pop(text_id, copy.seq)
            copy.unshown = rows_after(text_id, copy.shown, copy.seq) if copy.shown < copy.seq else []
            self.held[text_id] = copy
        return copy

    def distrust(self, text_ids: Iterable[int]) -> None:
        """Throw copies away, but not the memory of what was shown: the next load shows the rest."""
        for text_id in text_ids:
            if copy := self.held.pop(text_id, None):
                self.shown[text_id] = copy.shown

    def forget(self, text_id: int) -> None:
        """Nobody looks any more."""
        self.held.pop(text_id, None)
        self.shown.pop(text_id, None)


def load(text_id: int, *, seq: int | None = None, from_rows: bool = False) -> TextCopy:
    """Open a text: the newest snapshot, then the rows above it. `from_rows` trusts the rows alone."""
    copy = TextCopy(text_id)
    snapshots = Snapshot.objects.filter(text_id=text_id).order_by("-upto_seq")
    if seq is not None:
        snapshots = snapshots.filter(upto_seq__lte=seq)
    if not from_rows and (snapshot := snapshots.first()):
        copy.run([bytes(snapshot.data)])
        copy.take_stock()
        copy.seq = snapshot.upto_seq
    copy.catch_up(upto=seq)
    copy.take_unshown()
    return copy
