"""Text that moves from one place to another, so that its author stays the same."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import Any

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
