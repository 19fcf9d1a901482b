"""Alignment of the blocks of an old and a new text: equal ones first, then those that share words."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher
from typing import Any

LIKE_ENOUGH = 0.4
MAX_COMPARISONS = 40_000

_WORD = re.compile(r"\w+")

Pair = tuple[int | None, int | None]
Likeness = Callable[[int, int], float]


def word_similarity(old: Counter[str], new: Counter[str]) -> float:
    """Return the share of the words that two passages have in common, from 0 to 1; two empty ones are alike."""
    total = old.total() + new.total()
    return 2 * (old & new).total() / total if total else 1.0


def pairs_by_word_similarity(old: Sequence[str], new: Sequence[str]) -> list[Pair]:
    """Return the pairs of two lists of passages, by the words they share."""
    before, after = ([Counter(_WORD.findall(text)) for text in side] for side in (old, new))
    return pairs(old, new, lambda i, j: word_similarity(before[i], after[j]))


def pairs(old: Sequence[Any], new: Sequence[Any], likeness: Likeness) -> list[Pair]:
    """Return the steps from old to new, in order: (i, j) unchanged or changed, (i, None) removed, (None, j) added.

    `old` and `new` are hashable keys, equal when nothing changed; `likeness(i, j)` is the similarity of two others.
    """
    steps: list[Pair] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            steps.extend(zip(range(i1, i2), range(j1, j2), strict=True))
        else:
            steps.extend(_gap(range(i1, i2), range(j1, j2), likeness))
    return steps


def _gap(old: range, new: range, likeness: Likeness) -> list[Pair]:
    """Return the best ordered pairing of two runs that have no block in common."""
    if len(old) * len(new) > MAX_COMPARISONS:
        return [(i, None) for i in old] + [(None, j) for j in new]
    scores = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    alike = [[likeness(i, j) for j in new] for i in old]
    for a in range(len(old) - 1, -1, -1):
        for b in range(len(new) - 1, -1, -1):
            together = alike[a][b] + scores[a + 1][b + 1] if alike[a][b] >= LIKE_ENOUGH else 0.0
            scores[a][b] = max(scores[a + 1][b], scores[a][b + 1], together)
    return _path(old, new, alike, scores)


def _path(old: range, new: range, alike: list[list[float]], scores: list[list[float]]) -> list[Pair]:
    steps: list[Pair] = []
    a = b = 0
    while a < len(old) and b < len(new):
        if alike[a][b] >= LIKE_ENOUGH and scores[a][b] == alike[a][b] + scores[a + 1][b + 1]:
            steps.append((old[a], new[b]))
            a, b = a + 1, b + 1
        elif scores[a][b] == scores[a + 1][b]:
            steps.append((old[a], None))
            a += 1
        else:
            steps.append((None, new[b]))
            b += 1
    return steps + [(i, None) for i in old[a:]] + [(None, j) for j in new[b:]]
