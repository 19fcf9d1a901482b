"""Reader of the content of an update (Yjs format v1) without applying it: its clients, its clocks, its dependencies.

pycrdt shows neither these nor whether a document holds parts that depend on missing ones. An update with a missing
dependency is a gap: storing it would add text that nobody sees.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from assembly.collab.engine.frames import ByteReader, Malformed


class Spans:
    """Disjoint ranges in order, joined when they touch."""

    def __init__(self, ranges: Iterable[tuple[int, int, int]] = ()) -> None:
        self.starts: dict[int, list[int]] = {}
        self.ends: dict[int, list[int]] = {}
        for span in ranges:
            self.add(*span)

    def add(self, client: int, start: int, length: int) -> None:
        end = start + length
        starts, ends = self.starts.setdefault(client, []), self.ends.setdefault(client, [])
        first, last = bisect_left(ends, start), bisect_right(starts, end)
        if first < last:
            start, end = min(start, starts[first]), max(end, ends[last - 1])
        starts[first:last] = [start]
        ends[first:last] = [end]

    def covers(self, client: int, start: int, length: int) -> bool:
        """Return whether the whole range is contained."""
        starts = self.starts.get(client)
        if not starts:
            return False
        at = bisect_right(starts, start) - 1
        return at >= 0 and self.ends[client][at] >= start + length


ORIGIN, RIGHT_ORIGIN, PARENT_SUB, CONTENT = 0x80, 0x40, 0x20, 0x1F
GC, DELETED, JSON, BINARY, STRING, EMBED, FORMAT, TYPE, ANY = range(9)
SKIP = 10
XML_ELEMENT, XML_HOOK, XML_TEXT, TYPES = 3, 5, 6, 7
NAMED_TYPES = {XML_ELEMENT, XML_HOOK}
MOST_DEPTH = 20
MOST_PARTS = 100_000  # A paste of 500 kB has a fifth of that.
LAST_CLOCK = 2**31


@dataclass(slots=True)
class Header:
    """The content of one update. Clocks are positions in what one client (a tab) has written."""

    runs: dict[int, list[tuple[int, int]]] = field(default_factory=dict)
    needs: dict[int, int] = field(default_factory=dict)
    deletes: list[tuple[int, int, int]] = field(default_factory=list)
    formats: list[tuple[str, str]] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    roots: set[str] = field(default_factory=set)
    types: set[int] = field(default_factory=set)
    written: int = 0
    parts: int = 0

    def ends(self) -> dict[int, int]:
        """Return the clock at which each client's part ends."""
        return {client: runs[-1][1] for client, runs in self.runs.items() if runs}

    def has_gap(self, known: Mapping[int, int]) -> bool:
        """Return whether a dependency is neither known nor in the update itself."""
        after: dict[int, int] = {}
        for client, runs in self.runs.items():
            reached = known.get(client, 0)
            for start, end in runs:
                if start > reached:
                    return True
                reached = max(reached, end)
            after[client] = reached
        dependencies = [(client, clock + 1) for client, clock in self.needs.items()]
        dependencies += [(client, clock + length) for client, clock, length in self.deletes]
        return any(end > after.get(client, known.get(client, 0)) for client, end in dependencies)

    def is_tangled(self, known: Mapping[int, int]) -> bool:
        """Return whether parts of several clients depend on one another here: only applying them shows the rest."""
        return any(clock >= known.get(client, 0) for client, clock in self.needs.items())

    def is_new(self, known: Mapping[int, int], deleted: Spans) -> bool:
        """Return whether any part is not known yet."""
        if any(end > known.get(client, 0) for client, end in self.ends().items()):
            return True
        return any(not deleted.covers(*span) for span in self.deletes)


def read_update(data: bytes) -> Header:
    """Read a whole update, to the last byte; raises Malformed when it is not one."""
    reader, header = ByteReader(data), Header()
    for _client in range(reader.uint()):
        _read_client(reader, header)
    for _client in range(reader.uint()):
        client = reader.uint()
        for _span in range(reader.uint()):
            clock, length = reader.uint(), reader.uint()
            if length == 0 or clock + length > LAST_CLOCK:
                raise Malformed("an empty deletion, or one of what nobody wrote")
            header.deletes.append((client, clock, length))
    reader.finish()
    return header


def _read_client(reader: ByteReader, header: Header) -> None:
    count, client, clock = reader.uint(), reader.uint(), reader.uint()
    if count == 0 or client in header.runs:
        raise Malformed("a client without parts, or twice")
    header.parts += count
    if header.parts > MOST_PARTS:
        raise Malformed("too many parts")
    runs = header.runs[client] = []
    start = clock
    for _struct in range(count):
        info = reader.byte()
        if info == SKIP:
            if clock > start:
                runs.append((start, clock))
            clock += _length(reader)
            start = clock
        elif info & CONTENT == GC:
            clock += _length(reader)
        else:
            clock += _read_item(reader, header, client, clock, info)
    if clock > LAST_CLOCK:
        raise Malformed("a clock that nobody reaches by writing")
    if clock > start:
        runs.append((start, clock))


def _length(reader: ByteReader) -> int:
    if length := reader.uint():
        return length
    raise Malformed("a part of no length")


def _read_item(reader: ByteReader, header: Header, client: int, clock: int, info: int) -> int:
    """Read one part and return its length in clocks."""
    for flag in (ORIGIN, RIGHT_ORIGIN):
        if info & flag:
            _add_dependency(header, reader.uint(), reader.uint(), client, clock)
    if not info & (ORIGIN | RIGHT_ORIGIN):
        if reader.uint() == 1:
            header.roots.add(reader.text())
        else:
            _add_dependency(header, reader.uint(), reader.uint(), client, clock)
        if info & PARENT_SUB:
            reader.bytes()
    return _read_content(reader, header, info & CONTENT)


def _add_dependency(header: Header, on: int, at: int, client: int, clock: int) -> None:
    if on != client:
        if at > header.needs.get(on, -1):
            header.needs[on] = at
    elif at >= clock:
        raise Malformed("a part that stands on what comes after it")


def _read_content(reader: ByteReader, header: Header, kind: int) -> int:
    if kind == STRING:
        raw = reader.bytes()
        header.written += len(raw)
        return _utf16_length(raw)
    if kind == FORMAT:
        header.formats.append((reader.text(), reader.text()))
        return 1
    if kind == DELETED:
        return _length(reader)
    if kind == TYPE:
        if (reference := reader.uint()) >= TYPES:
            raise Malformed("an unknown type")
        header.types.add(reference)
        if reference in NAMED_TYPES:
            header.elements.add(reader.text())
        return 1
    if kind in {JSON, ANY}:
        return _skip_values(reader, reader.bytes if kind == JSON else partial(_skip_any, reader))
    if kind in {BINARY, EMBED}:
        reader.bytes()
        return 1
    raise Malformed("an unknown content")


def _skip_values(reader: ByteReader, skip: Callable[[], object]) -> int:
    """Skip a list of values, each by `skip`; return its length in clocks."""
    count = _length(reader)
    for _value in range(count):
        skip()
    return count


def _utf16_length(raw: bytes) -> int:
    """Return how many clocks a text takes: JavaScript counts UTF-16 units."""
    if not raw:
        raise Malformed("an empty text")
    if raw.isascii():
        return len(raw)
    try:
        return len(raw.decode().encode("utf-16-le")) // 2
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None


def _skip_any(reader: ByteReader, depth: int = 0) -> None:
    if depth > MOST_DEPTH:
        raise Malformed("values too deep")
    kind = reader.byte()
    if kind in {119, 116}:
        reader.bytes()
    elif kind == 125:
        while reader.byte() & 0x80:
            pass
    elif kind in {124, 123, 122}:
        reader.skip(4 if kind == 124 else 8)
    elif kind in {118, 117}:
        for _entry in range(reader.uint()):
            if kind == 118:
                reader.bytes()
            _skip_any(reader, depth + 1)
    elif kind not in {127, 126, 121, 120}:
        raise Malformed("an unknown value")


def state_vector(data: bytes) -> dict[int, int]:
    """Read a state vector: the known clock of each client."""
    reader = ByteReader(data)
    clocks = {reader.uint(): reader.uint() for _client in range(reader.uint())}
    reader.finish()
    return clocks
