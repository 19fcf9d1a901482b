"""Comparison of two states of a text: which blocks were added, removed or changed, then which words.

Blocks are aligned first: the equal ones, then those that share words.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from django.utils.translation import gettext as _

from assembly.collab.document import plain_text
from assembly.collab.document.grammar import NODES, Tree
from assembly.collab.document.html import element, escaped, marked_change
from assembly.collab.document.projection import settled

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


Kind = Literal["kept", "added", "removed", "changed"]
Part = tuple[Literal["same", "added", "removed"], str]

_TOKENS = re.compile(r"\w+|\s+|.", re.DOTALL)
TAGS = {"listItem": "li", "recommendationTitle": "h3", "tableRow": "p", "paragraph": "p"}


@dataclass(frozen=True)
class ComparedLine:
    """One line of a compared text: its kind, its place, its words."""

    kind: str
    text: str
    level: int = 0
    prompt: str = ""
    recommendation_id: str = ""


@dataclass(frozen=True)
class LineChange:
    """One line that is unchanged, added, removed or changed: its words in `parts`, the line before and after.

    A line that only changed its kind (a paragraph become a heading) is changed, with the same words.
    """

    kind: Kind
    parts: tuple[Part, ...]
    old: ComparedLine | None = None
    new: ComparedLine | None = None

    @property
    def line(self) -> ComparedLine:
        """Return the new line, or the old one when it was removed."""
        line = self.new or self.old
        if line is None:
            raise ValueError("a change without a line")
        return line


def compare(old: Tree, new: Tree) -> list[LineChange]:
    """Return the lines from the old text to the new one, in order; suggestions are left out of both."""
    before, after = compared_lines(settled(old, accept=False)), compared_lines(settled(new, accept=False))
    old_counts = [Counter(_WORD.findall(line.text)) for line in before]
    new_counts = [Counter(_WORD.findall(line.text)) for line in after]

    def likeness(i: int, j: int) -> float:
        old_line, new_line = before[i], after[j]
        if (old_line.prompt, old_line.recommendation_id) != (new_line.prompt, new_line.recommendation_id):
            return word_similarity(old_counts[i], new_counts[j]) / 2
        same_kind = 0.1 if old_line.kind == new_line.kind else 0.0
        return same_kind + word_similarity(old_counts[i], new_counts[j])

    return [
        _change(None if i is None else before[i], None if j is None else after[j])
        for i, j in pairs(before, after, likeness)
    ]


def _change(old: ComparedLine | None, new: ComparedLine | None) -> LineChange:
    if old is None and new is not None:
        return LineChange("added", (("added", new.text),), None, new)
    if new is None and old is not None:
        return LineChange("removed", (("removed", old.text),), old, None)
    if old is None or new is None:
        raise ValueError("a change without a line")
    if old == new:
        return LineChange("kept", (("same", new.text),), old, new)
    return LineChange("changed", tuple(_parts(old.text, new.text)), old, new)


def _parts(old: str, new: str) -> Iterator[Part]:
    """Yield words from the old line to the new; a space between two changes does not separate them when read aloud."""
    before, after = _TOKENS.findall(old), _TOKENS.findall(new)
    removed = added = ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for position, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        old_text, new_text = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag != "equal" or (0 < position < len(opcodes) - 1 and not _WORD.search(old_text)):
            removed, added = removed + old_text, added + new_text
            continue
        yield from _pair(removed, added)
        yield "same", old_text
        removed = added = ""
    yield from _pair(removed, added)


def _pair(removed: str, added: str) -> Iterator[Part]:
    if removed:
        yield "removed", removed
    if added:
        yield "added", added


def compared_lines(tree: Tree) -> list[ComparedLine]:
    """Return the lines of a settled tree: paragraphs, headings, first lines of items, rows, titles; no empty ones."""
    return list(_lines(tree, "", ""))


def _lines(node: Tree, prompt: str, recommendation: str) -> Iterator[ComparedLine]:
    kind, attrs = node["type"], node.get("attrs", {})
    if kind == "recommendation":
        recommendation = attrs["id"]
    if kind == "recommendationField":
        prompt = attrs["prompt"]
    if kind == "tableRow":
        text = " | ".join(
            plain_text.to_text({"type": "doc", "content": [cell]}, suggestions="shown") for cell in _cells(node)
        )
        yield ComparedLine(kind, text.replace("\n", " "), 0, prompt, recommendation)
    elif NODES[kind].is_text_block:
        if text := plain_text.line_text(node):
            yield ComparedLine(kind, text, attrs.get("level", 0), prompt, recommendation)
    else:
        yield from _below(node, prompt, recommendation)


def _cells(row: Tree) -> list[Tree]:
    return [{"type": "blockquote", "content": cell.get("content", [])} for cell in row.get("content", [])]


def _below(node: Tree, prompt: str, recommendation: str) -> Iterator[ComparedLine]:
    for index, child in enumerate(node.get("content", [])):
        for position, line in enumerate(_lines(child, prompt, recommendation)):
            if node["type"] == "listItem" and not index and not position:
                line = ComparedLine("listItem", line.text, 0, prompt, recommendation)
            yield line


def is_same(changes: list[LineChange]) -> bool:
    """Return whether no line changed."""
    return all(change.kind == "kept" for change in changes)


def to_html(changes: list[LineChange]) -> str:
    """Return the comparison as HTML: additions and deletions are marked, and named in visually hidden text."""
    out: list[str] = []
    question, in_list = ("", ""), False
    for change in changes:
        line = change.line
        if in_list and line.kind != "listItem":
            out.append("</ul>")
        if line.prompt and question != (line.recommendation_id, line.prompt):
            out.append(element("h4", escaped(plain_text.question_label(line.prompt))))
        if line.kind == "listItem" and (not in_list or question != (line.recommendation_id, line.prompt)):
            out.append("<ul>" if not in_list else "</ul><ul>")
        in_list = line.kind == "listItem"
        question = (line.recommendation_id, line.prompt)
        out.append(_line_html(change))
    return "".join(out + (["</ul>"] if in_list else []))


def _line_html(change: LineChange) -> str:
    line = change.line
    tag = f"h{line.level}" if line.kind == "heading" else TAGS.get(line.kind, "p")
    inner = "".join(_part_html(kind, text) for kind, text in change.parts)
    return element(tag, inner + _note(change), {"class": f"change-{change.kind}"} if change.kind != "kept" else None)


def _part_html(kind: str, text: str) -> str:
    if kind == "same":
        return escaped(text)
    if kind == "added":
        before, after = marked_change("ins", _("ajouté, début :"), _("fin de l’ajout"))
    else:
        before, after = marked_change("del", _("supprimé, début :"), _("fin de la suppression"))
    return before + escaped(text) + after


def _note(change: LineChange) -> str:
    """Return a note when something else than the words changed."""
    if change.kind != "changed" or any(kind != "same" for kind, _text in change.parts):
        return ""
    return element("small", escaped(_(" (mise en forme ou place changée)")))
