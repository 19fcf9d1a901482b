"""Authorship: the log replayed, each character with the account of the row in which it first appears.

Editors split, wrap and merge by deleting text and writing it again, so the rows alone would credit the person who
pressed Enter. Here the characters before and after a row are compared instead: unchanged ones have the same author,
and words that come back (moved, cut and pasted) come back with theirs.
"""

import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any

from pycrdt import Doc

from assembly.collab.document import comparing, grammar, reading, writing
from assembly.collab.document.grammar import NODES, Tree
from assembly.collab.document.schema import merged_runs
from assembly.collab.document.settling import ISOLATED

# Shorter passages come back by chance; within one row less is needed to be sure.
LONG_ENOUGH = 12
LONG_ENOUGH_AT_ONCE = 4
REMEMBERED = 200
MAX_TOKENS = 4_000_000
LONGEST_WORD = 100
LIKE_ENOUGH = 0.6

_TOKENS = re.compile(r"\w+|\s+|.", re.DOTALL)


def block_moves(old: str, new: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield the ranges of two texts side by side, in order: equal ones, and old ones with what replaces them."""
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    yield 0, head, 0, head
    yield from _middle(old[head : len(old) - tail], new[head : len(new) - tail], head)
    yield len(old) - tail, len(old), len(new) - tail, len(new)


def _common(old: str, new: str) -> int:
    """Return how many characters both begin with, by bisection, which is quick on long texts."""
    low, high = 0, min(len(old), len(new))
    if old[:high] == new[:high]:
        return high
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _middle(old: str, new: str, place: int) -> Iterator[tuple[int, int, int, int]]:
    tokens, others = _TOKENS.findall(old), _TOKENS.findall(new)
    if not old or not new or len(tokens) * len(others) > MAX_TOKENS:
        yield place, place + len(old), place, place + len(new)
        return
    starts, new_starts = _starts(tokens, place), _starts(others, place)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, tokens, others, autojunk=False).get_opcodes():
        if tag == "replace":
            yield from _letters("".join(tokens[i1:i2]), "".join(others[j1:j2]), starts[i1], new_starts[j1])
        else:
            yield starts[i1], starts[i2], new_starts[j1], new_starts[j2]


def _letters(old: str, new: str, place: int, new_place: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield corrected words letter by letter, and replaced words as a whole except for their common ends."""
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(old), len(new)) <= LONGEST_WORD and matcher.ratio() >= LIKE_ENOUGH:
        for _tag, i1, i2, j1, j2 in matcher.get_opcodes():
            yield place + i1, place + i2, new_place + j1, new_place + j2
        return
    head = new.index(old) if old in new else 0
    if head:
        yield place, place, new_place, new_place + head
        yield place, place + len(old), new_place + head, new_place + head + len(old)
        yield place + len(old), place + len(old), new_place + head + len(old), new_place + len(new)
        return
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    ends = [(0, head, 0, head), (head, len(old) - tail, head, len(new) - tail)]
    for i1, i2, j1, j2 in [*ends, (len(old) - tail, len(old), len(new) - tail, len(new))]:
        yield place + i1, place + i2, new_place + j1, new_place + j2


def _starts(tokens: Sequence[str], place: int) -> list[int]:
    starts = [place]
    for token in tokens:
        starts.append(starts[-1] + len(token))
    return starts


class Moves:
    """Passages that were deleted, with their authors: those of this row, and the last ones before it."""

    def __init__(self) -> None:
        self._now: list[tuple[str, list[Any]]] = []
        self._before: deque[tuple[str, list[Any]]] = deque(maxlen=REMEMBERED)

    def begin(self) -> None:
        """Begin a new row."""
        self._before.extend(passage for passage in self._now if len(passage[0]) >= LONG_ENOUGH)
        self._now = []

    def take(self, text: str, authors: list[Any]) -> None:
        """Store text that was deleted from its place."""
        if text:
            self._now.append((text, authors))

    def bring(self, text: str, author: Any) -> list[Any]:
        """Return the authors of added text: the former ones as far as it was deleted somewhere."""
        for passages, least in ((self._now, LONG_ENOUGH_AT_ONCE), (self._before, LONG_ENOUGH)):
            for passage, authors in reversed(passages):
                if match := _place(text, passage, least):
                    start, there, size = match
                    return [
                        *self.bring(text[:start], author),
                        *authors[there : there + size],
                        *self.bring(text[start + size :], author),
                    ]
        return [author] * len(text)


def _place(text: str, passage: str, least: int) -> tuple[int, int, int] | None:
    """Return where the longest common run begins in each, and its length; None when it is short."""
    if text == passage:
        return 0, 0, len(text)
    if min(len(text), len(passage)) < least:
        return None
    if passage in text:
        return text.index(passage), 0, len(passage)
    if text in passage:
        return 0, passage.index(text), len(text)
    if len(text) * len(passage) > MAX_TOKENS:
        return None
    match = SequenceMatcher(None, text, passage, autojunk=False).find_longest_match()
    return (match.a, match.b, match.size) if match.size >= least else None


Author = Any
Passage = tuple[Author, int, int]
Passages = list[list[Passage]]

# Runs of blocks up to this product of their lengths are compared word by word across blocks.
SHORT = 6_000_000


@dataclass
class _Block:
    """One block of the text: its characters and the author of each."""

    node: Tree
    text: str
    authors: list[Author]


class Attribution:
    """The authors of a document while its rows are applied, in their order."""

    def __init__(self) -> None:
        self.doc: Doc = Doc()
        self.root = reading.root(self.doc)
        self._reader = reading.DocumentReader()
        self._blocks: list[_Block] = []
        self._moves = Moves()

    @classmethod
    def resumed(cls, doc: Doc, passages: Passages) -> "Attribution":
        """Continue from a document whose passages are known; this object owns the document from then on."""
        attribution = cls()
        attribution.doc, attribution.root = doc, reading.root(doc)
        nodes = attribution._reader.tree(doc)["content"]
        for node, ranges in zip(nodes, passages, strict=True):
            authors = [author for author, start, stop in ranges for _position in range(start, stop)]
            attribution._blocks.append(_Block(node, characters(node), authors))
        return attribution

    def apply(self, author: Author, rows: Iterable[bytes]) -> None:
        """Apply rows of one author."""
        with self.doc.transaction():
            for data in rows:
                self.doc.apply_update(data)
        self._follow(self._reader.tree(self.doc)["content"], author)

    def _follow(self, nodes: Sequence[Tree], author: Author) -> None:
        old, shortest = self._blocks, min(len(self._blocks), len(nodes))
        head = 0
        while head < shortest and old[head].node is nodes[head]:
            head += 1
        tail = 0
        while tail < shortest - head and old[-1 - tail].node is nodes[-1 - tail]:
            tail += 1
        gone, fresh = old[head : len(old) - tail], nodes[head : len(nodes) - tail]
        texts = [characters(node) for node in fresh]
        authors = self._authors(gone, texts, author)
        blocks, offset = [], 0
        for node, text in zip(fresh, texts, strict=True):
            blocks.append(_Block(node, text, authors[offset : offset + len(text)]))
            offset += len(text)
        self._blocks = old[:head] + blocks + old[len(old) - tail :]

    def _authors(self, gone: Sequence[_Block], texts: Sequence[str], author: Author) -> list[Author]:
        """Return the author of each character of the blocks that a row put in place of others."""
        self._moves.begin()
        owners: list[Author] = []
        additions: list[tuple[int, str]] = []
        for blocks, new in _stretches(gone, texts):
            text = "".join(block.text for block in blocks)
            authors = [owner for block in blocks for owner in block.authors]
            for start, stop, new_start, new_stop in block_moves(text, new):
                if text[start:stop] == new[new_start:new_stop]:
                    owners += authors[start:stop]
                    continue
                self._moves.take(text[start:stop], authors[start:stop])
                additions.append((len(owners), new[new_start:new_stop]))
                owners += [author] * (new_stop - new_start)
        for offset, addition in additions:
            owners[offset : offset + len(addition)] = self._moves.bring(addition, author)
        return owners

    @property
    def passages(self) -> Passages:
        """Return, for each block of the current tree, who wrote it: (author, start, end) in characters."""
        return [_ranges(block.authors) for block in self._blocks]


def _stretches(gone: Sequence[_Block], texts: Sequence[str]) -> Iterator[tuple[Sequence[_Block], str]]:
    """Yield blocks with the characters that replace them, few at a time, so that comparing them is quick."""
    old = [block.text for block in gone]
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, texts, autojunk=False).get_opcodes():
        new = "".join(texts[j1:j2])
        if tag != "replace" or len(new) * sum(len(text) for text in old[i1:i2]) <= SHORT:
            yield gone[i1:i2], new
            continue
        for i, j in comparing.pairs_by_word_similarity(old[i1:i2], texts[j1:j2]):
            yield ([] if i is None else [gone[i1 + i]]), ("" if j is None else texts[j1 + j])


def characters(node: Tree) -> str:
    """Return the characters of a block one after the other, as passages count them."""
    if node["type"] == "text":
        return str(node["text"])
    return "".join(characters(child) for child in node.get("content", []))


def _ranges(authors: Sequence[Author]) -> list[Passage]:
    ranges, offset = [], 0
    for author, group in groupby(authors):
        length = sum(1 for _character in group)
        ranges.append((author, offset, offset + length))
        offset += length
    return ranges


def blocks_by_author(rows: Iterable[tuple[Author, bytes]], *, since: tuple[Doc, Passages] | None = None) -> Passages:
    """Return who wrote each block of the text of these rows, in their order: lists of (author, start, end).

    Offsets count the characters of the block's runs of text, joined (`characters`), suggested ones included. `since`
    is a document and its passages to continue from, so that a long log is replayed only once.
    """
    attribution = Attribution() if since is None else Attribution.resumed(*since)
    for author, group in groupby(rows, key=lambda row: row[0]):
        attribution.apply(author, (data for _author, data in group))
    return attribution.passages


def text_by_author(tree: Tree, passages: Passages) -> list[list[tuple[Author, str]]]:
    """Return, for each block of the tree, its text by author, without invisible characters."""
    blocks = []
    for node, ranges in zip(tree["content"], passages, strict=True):
        text = characters(node)
        parts = [(author, text[start:stop].replace(grammar.ZERO_WIDTH, "")) for author, start, stop in ranges]
        blocks.append([(author, text_part) for author, text_part in parts if text_part])
    return blocks


def seeds(tree: Tree, passages: Passages) -> list[tuple[Author, bytes]]:
    """Return rows that make a new document of this tree, one for each author with the characters of that author.

    `passages` has one list of ranges for each block; blocks and lists of several texts may be concatenated.
    """
    sizes: Counter[Author] = Counter()
    for ranges in passages:
        for author, start, stop in ranges:
            sizes[author] += stop - start
    order = [author for author, _size in sizes.most_common()] or [None]
    doc: Doc = Doc()
    reading.root(doc)
    rows = []
    for count, author in enumerate(order, 1):
        before = doc.get_state()
        known = tree if count == len(order) else _part(tree, passages, frozenset(order[:count]))
        writing.replace_all(doc, known)
        rows.append((author, doc.get_update(before)))
    return rows


def _part(tree: Tree, passages: Passages, known: frozenset[Author]) -> Tree:
    """Return the tree with the text of these authors only."""
    content = []
    for node, ranges in zip(tree["content"], passages, strict=True):
        is_known = [author in known for author, start, stop in ranges for _position in range(start, stop)]
        if any(is_known) or not is_known:
            content.append(_filtered(node, iter(is_known)))
    return grammar.node("doc", content=[node for node in content if node] or [grammar.node("paragraph")])


def _filtered(node: Tree, is_known: Any) -> Tree | None:
    """Return the node with the remaining characters; None when it had some and has none any more."""
    if node["type"] == "text":
        text = "".join(letter for letter in node["text"] if next(is_known))
        return {**node, "text": text} if text else None
    had = bool(characters(node))
    content = merged_runs(
        [child for child in (_filtered(child, is_known) for child in node.get("content", [])) if child]
    )
    copy = {**node, "content": content}
    if had and not characters(copy) and node["type"] not in ISOLATED:
        return None
    if not content:
        del copy["content"]
    if not content and NODES[node["type"]].children and not NODES[node["type"]].is_text_block:
        copy["content"] = [grammar.node("paragraph")]
    return copy
