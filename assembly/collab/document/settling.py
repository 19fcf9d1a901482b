"""A text as it reads once suggestions are decided: some or all of them, accepted or refused.

A suggestion lies on words, or on whole blocks. Where a suggestion ends one paragraph and begins the next, the break
between them is part of it: taking it away joins the two, lists and quotations included.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from assembly.collab.document import grammar
from assembly.collab.document.grammar import NODES, SUGGESTIONS, ZERO_WIDTH, Tree
from assembly.collab.document.schema import merged_runs

# What a join never reaches into or out of: the cell, the title, the field are each a text of their own.
ISOLATED = frozenset({"tableCell", "tableHeader", "recommendationTitle", "recommendationField"})
# Containers that stay when all they held is gone, with an empty paragraph.
KEPT = frozenset({"doc", "tableCell", "tableHeader", "recommendationField"})


def decided(tree: Tree, ids: Collection[str] | None, *, accept: bool) -> Tree:
    """The tree with these suggestions accepted or refused; None means all, and then no zero-width mark is left."""
    return _Settlement(ids, accept).settle(tree)


@dataclass
class _Line:
    """A paragraph, heading or title on the way, or a block that goes whole (`is_gone`).

    `fates` says of each leaf which suggestion takes it away, "" when it stays.
    """

    node: Tree
    above: tuple[Tree, ...] = ()
    fates: Sequence[str] = ()
    is_gone: bool = False

    @property
    def goes(self) -> bool:
        """Whether nothing of it stays."""
        return all(self.fates)

    @property
    def room(self) -> int:
        """Which isolated text it belongs to."""
        return next((id(node) for node in reversed(self.above) if node["type"] in ISOLATED), 0)


@dataclass
class _Settlement:
    ids: Collection[str] | None
    accept: bool
    lines: list[_Line] = field(default_factory=list)

    def settle(self, tree: Tree) -> Tree:
        made = self.block(tree, ())
        # From the end, so that what a join moves has already received what flows into it.
        for before, line in reversed(list(self.joins())):
            if before is None:
                _remove(line)
            else:
                _join(before, line)
        return _tidied(made) or grammar.node("doc", content=[grammar.node("paragraph")])

    def concerns(self, mark: Tree) -> bool:
        return mark["type"] in SUGGESTIONS and (self.ids is None or mark["attrs"]["id"] in self.ids)

    def goes(self, node: Tree) -> str:
        """The id of the suggestion that takes this node or these words away, if one does."""
        kind = "deletion" if self.accept else "insertion"
        for mark in node.get("marks", []):
            if mark["type"] == kind and self.concerns(mark):
                return str(mark["attrs"]["id"])
        return ""

    def stripped(self, node: Tree) -> Tree:
        """The node as decided in itself: without the marks that are settled, back to what it was when refused."""
        marks = node.get("marks", [])
        mine = [mark for mark in marks if self.concerns(mark)]
        if not mine:
            return dict(node)
        made = {**node, "marks": [mark for mark in marks if mark not in mine]}
        if not self.accept:
            for mark in mine:
                if mark["type"] == "modification":
                    made = _reverted(made, mark["attrs"])
        return made

    def block(self, node: Tree, above: tuple[Tree, ...]) -> Tree:
        made = self.stripped(node)
        below = (*above, made)
        if NODES[node["type"]].is_text_block:
            self.line(node, made, above)
            return made
        content = []
        for child in node.get("content", []):
            if self.goes(child):
                self.lines.append(_Line(child, below, is_gone=True))
            else:
                content.append(self.block(child, below) if child["type"] != "text" else child)
        made["content"] = content
        return made

    def line(self, node: Tree, made: Tree, above: tuple[Tree, ...]) -> None:
        leaves = node.get("content", [])
        kept = [self.leaf(leaf) for leaf in leaves if not self.goes(leaf)]
        made["content"] = kept
        fates = [self.goes(leaf) for leaf in leaves if self.goes(leaf) or not _is_unseen(leaf)]
        self.lines.append(_Line(made, above, fates))

    def leaf(self, leaf: Tree) -> Tree:
        made = self.stripped(leaf)
        if not made.get("marks"):
            made.pop("marks", None)
        if leaf["type"] == "text" and (self.ids is None or made.get("marks") != leaf.get("marks")):
            made["text"] = leaf["text"].replace(ZERO_WIDTH, "")
        return made

    def joins(self) -> Iterator[tuple[_Line | None, _Line]]:
        """Pairs of lines of which the second flows into the first; None with a line that goes with what is around.

        A break goes when one suggestion takes away something on both of its sides, with nothing between that stays.
        """
        before, after = _runs(self.lines), _runs(self.lines[::-1], backwards=True)[::-1]
        for index, line in enumerate(self.lines):
            if line.is_gone or not before[index]:
                continue
            passed: list[_Line] = []
            for place in range(index + 1, len(self.lines)):
                other = self.lines[place]
                if other.room == line.room and not other.is_gone:
                    if before[index] & after[place]:
                        yield from ((None, between) for between in passed)
                        yield line, other
                    break
                if not other.goes:
                    break
                passed += [] if other.is_gone else [other]


def _runs(lines: Sequence[_Line], *, backwards: bool = False) -> list[frozenset[str]]:
    """For each line, the suggestions that take away its end, and what is before as far as nothing stays."""
    found: list[frozenset[str]] = []
    run: frozenset[str] = frozenset()
    for line in lines:
        fates = line.fates[::-1] if not backwards else line.fates
        end = frozenset(takewhile(bool, fates))
        run = run | end if line.goes else end
        found.append(run)
    return found


def _is_unseen(leaf: Tree) -> bool:
    """A zero-width character, which only holds the place of a suggested break."""
    return leaf["type"] == "text" and not leaf["text"].strip(ZERO_WIDTH)


def _reverted(node: Tree, change: Tree) -> Tree:
    """A block before a change of kind, attribute or mark."""
    before = change["previousValue"]
    if change["type"] == "nodeType" and before in NODES:
        return {"type": before, **{key: node[key] for key in ("content", "marks", "attrs") if key in node}}
    if change["type"] == "attr" and change["attrName"]:
        return {**node, "attrs": {**node.get("attrs", {}), change["attrName"]: before}}
    if change["type"] == "mark":
        after = change["newValue"]
        kept = [
            mark for mark in node.get("marks", []) if not isinstance(after, dict) or mark["type"] != after.get("type")
        ]
        old = grammar.mark(before.get("type", ""), before.get("attrs")) if isinstance(before, dict) else None
        return {**node, "marks": grammar.ordered([*kept, old] if old else kept)}
    return node


def _join(first: _Line, line: _Line) -> None:
    """Let a line flow into the one before, and its siblings into the siblings of that one."""
    first.node["content"] = first.node["content"] + line.node["content"]
    _take_out(line.above[-1], line.node)
    shared = 0
    while shared < min(len(first.above), len(line.above)) and first.above[shared] is line.above[shared]:
        shared += 1
    for here, there in reversed(list(zip(first.above[shared:], line.above[shared:], strict=False))):
        if here["type"] == there["type"] and len(first.above) == len(line.above):
            here["content"] = here["content"] + there["content"]
            there["content"] = []
    _prune(line)


def _remove(line: _Line) -> None:
    """Take out a line of which nothing is left, with the cell, field or item around it."""
    _take_out(line.above[-1], line.node)
    _prune(line)


def _prune(line: _Line) -> None:
    for outer, inner in reversed(list(zip(line.above, line.above[1:], strict=False))):
        if not inner["content"]:
            _take_out(outer, inner)


def _take_out(parent: Tree, child: Tree) -> None:
    parent["content"] = [node for node in parent["content"] if node is not child]


def _tidied(node: Tree) -> Tree | None:
    """A node in its canonical form; None for a list, quotation or table that holds nothing any more."""
    kind, content = node["type"], []
    for child in node.get("content", []):
        kept = child if child["type"] == "text" else _tidied(child)
        if kept is not None:
            content.append(kept)
    if not content and kind in KEPT:
        content = [grammar.node("paragraph")]
    if not content and not NODES[kind].is_text_block and NODES[kind].children:
        return None
    if kind == "listItem" and content[0]["type"] != "paragraph":
        content.insert(0, grammar.node("paragraph"))
    try:
        return grammar.node(kind, node.get("attrs"), node.get("marks"), merged_runs(content))
    except ValueError:
        return grammar.node("paragraph")
