"""The reader of updates agrees with the engine, and no bytes make it do anything but say « malformed »."""

import pytest
from hypothesis import given, settings, strategies as st
from pycrdt import Doc, Map, XmlElement, XmlFragment, XmlText, merge_updates

from assembly.collab.engine import frames, headers, storage
from assembly.collab.engine.frames import ByteReader, Malformed, Presence, write_text, write_uint
from assembly.collab.engine.headers import Spans

WORDS = st.text(min_size=1, max_size=8)
EDITS = st.lists(
    st.tuples(st.sampled_from(["insert", "cut", "format", "block", "attribute"]), st.integers(0, 1000), WORDS),
    max_size=25,
)


def apply(doc, edit):
    """Apply one change at a place of the document."""
    kind, place, words = edit
    root = doc.get("default", type=XmlFragment)
    with doc.transaction():
        if kind == "block" or not len(root.children):
            root.children.append(XmlElement("paragraph", {}, [XmlText(words)]))
            return
        block = root.children[place % len(root.children)]
        text = block.children[0]
        size = len(str(text).encode()) if kind == "insert" else 0
        if kind == "insert":
            text.insert(size, words, {"insertion": {"id": "1-a"}} if place % 2 else None)
        elif kind == "cut" and len(root.children) > 1:
            del root.children[place % len(root.children)]
        elif kind == "attribute":
            block.attributes["level"] = place
        elif kind == "format" and len(text):
            text.format(0, len(text), {"bold": {}})


def known_by(updates):
    """Return the state that the headers of a log give, and whether they have a gap."""
    known, deleted, gap = {}, Spans(), False
    for data in updates:
        header = headers.read_update(data)
        gap = gap or header.has_gap(known)
        for client, end in header.ends().items():
            known[client] = max(end, known.get(client, 0))
        for span in header.deletes:
            deleted.add(*span)
    return known, deleted, gap


def session(edits):
    """Return the updates of two people who see each other's edits."""
    docs = [Doc(client_id=300), Doc(client_id=70_000)]
    for doc in docs:
        doc.get("default", type=XmlFragment)
    updates = []
    for number, edit in enumerate(edits):
        mine, other = docs[number % 2], docs[(number + 1) % 2]
        before = mine.get_state()
        apply(mine, edit)
        data = mine.get_update(before)
        if headers.read_update(data).is_new(*known_by(updates)[:2]):
            other.apply_update(data)
            updates.append(data)
    return docs[0], updates


@settings(deadline=None, max_examples=60)
@given(EDITS)
def test_headers_follow_a_session_as_the_engine_does(edits):
    doc, updates = session(edits)
    known, deleted, gap = known_by(updates)
    assert gap is False
    assert known == headers.state_vector(doc.get_state())
    own = headers.read_update(doc.get_update(doc.get_state()))
    assert all(deleted.covers(*span) for span in own.deletes)
    for data in updates:
        assert headers.read_update(data).is_new(known, deleted) is False


@settings(deadline=None, max_examples=60)
@given(EDITS, st.data())
def test_a_missing_update_is_a_gap_or_makes_no_difference(edits, data):
    _doc, updates = session(edits)
    if len(updates) < 2:
        return
    lost = data.draw(st.integers(0, len(updates) - 2))
    kept = updates[:lost] + updates[lost + 1 :]
    known, _deleted, gap = known_by(kept)
    rebuilt = Doc()
    rebuilt.get("default", type=XmlFragment)
    for update in kept:
        rebuilt.apply_update(update)
    held = headers.state_vector(rebuilt.get_state())
    assert gap or all(held.get(client, 0) >= clock for client, clock in known.items())


@settings(deadline=None, max_examples=40)
@given(EDITS)
def test_merged_updates_read_the_same(edits):
    doc, updates = session(edits)
    if updates:
        merged = headers.read_update(merge_updates(*updates))
        assert merged.ends() == headers.state_vector(doc.get_state())


@settings(deadline=None, max_examples=300)
@given(st.binary(max_size=200))
def test_no_bytes_do_harm(data):
    for read in (headers.read_update, frames.parse, headers.state_vector, storage.check_update):
        try:
            read(data)
        except Malformed:
            continue


@settings(deadline=None, max_examples=150)
@given(EDITS, st.data())
def test_no_altered_update_does_harm(edits, data):
    _doc, updates = session(edits or [("block", 0, "a")])
    places = st.integers(0, 10_000)
    good = bytearray(updates[data.draw(places) % len(updates)])
    for place, value in data.draw(st.lists(st.tuples(places, st.integers(0, 255)), min_size=1, max_size=3)):
        good[place % len(good)] = value
    cut = bytes(good[: data.draw(places) % (len(good) + 1)])
    for altered in (bytes(good), cut):
        try:
            storage.check_update(altered)
        except Malformed:
            continue


def test_texts_count_as_in_javascript():
    doc = Doc()
    root = doc.get("default", type=XmlFragment)
    root.children.append(XmlText("été 🌳"))
    assert list(headers.read_update(doc.get_update()).ends().values()) == [1 + 6]


def test_values_of_any_kind_are_passed_over():
    doc = Doc()
    held = doc.get("map", type=Map)
    for value in (None, True, False, 3, -70000, 1.5, "é", [1, [2, {"a": None}]], {"a": {"b": [b"x"]}}, b"bytes"):
        held["value"] = value
    assert headers.read_update(doc.get_update()).ends()


def test_a_part_may_not_stand_on_what_comes_after_it():
    itself = b"\x01\x01\x05\x00\x84\x05\x00\x01a\x00"
    with pytest.raises(Malformed):
        headers.read_update(itself)


def test_spans_join_and_cover():
    spans = Spans([(1, 0, 2), (1, 4, 2), (1, 2, 2), (2, 9, 1)])
    assert (spans.starts, spans.ends) == ({1: [0], 2: [9]}, {1: [6], 2: [10]})
    assert [spans.covers(1, 0, 6), spans.covers(1, 5, 2), spans.covers(3, 0, 1), spans.covers(2, 8, 2)] == [
        True,
        False,
        False,
        False,
    ]


@given(st.integers(0, 2**53 - 1), st.text(max_size=50))
def test_numbers_and_strings_come_back(number, text):
    reader = ByteReader(write_uint(number) + write_text(text))
    assert (reader.uint(), reader.text()) == (number, text)
    reader.finish()


@given(st.lists(st.tuples(st.integers(0, 2**32), st.integers(0, 2**20), st.text(max_size=20)), max_size=5))
def test_presences_come_back(said):
    presences = [Presence(*one) for one in said]
    assert frames.parse(frames.awareness(presences)).presences == tuple(presences)
