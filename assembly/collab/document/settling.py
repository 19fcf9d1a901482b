"""A text once suggestions are decided: some or all of them, accepted or refused.

A suggestion marks words or whole blocks. Where a suggestion ends one paragraph and begins the next, the break between
them is part of it: deleting it joins the two, lists and quotations included.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile

from assembly.collab.document import grammar
from assembly.collab.document.grammar import NODES, SUGGESTIONS, ZERO_WIDTH, Tree
from assembly.collab.document.schema import merged_runs

# A join never crosses the border of these nodes: the cell, the title, the field are each a text of their own.
ISOLATED = frozenset({"tableCell", "tableHeader", "recommendationTitle", "recommendationField"})
# Containers that stay when their content is gone, with an empty paragraph.
NEVER_EMPTY = frozenset({"doc", "tableCell", "tableHeader", "recommendationField"})


def decided(tree: Tree, ids: Collection[str] | None, *, accept: bool) -> Tree:
    """Return the tree with these suggestions accepted or refused; None means all, and removes zero-width marks."""
    return _Settlement(ids, accept).settle(tree)


@dataclass
class _Line:
    """A paragraph, heading or title being settled, or a block that is removed whole (`is_gone`).

    `fates` holds for each leaf the suggestion that removes it, "" when it stays.
    """

    node: Tree
    above: tuple[Tree, ...] = ()
    fates: Sequence[str] = ()
    is_gone: bool = False

    @property
    def goes(self) -> bool:
        """Return whether nothing of the line stays."""
        return all(self.fates)

    @property
    def container(self) -> int:
        """Return which isolated text the line belongs to."""
        return next((id(node) for node in reversed(self.above) if node["type"] in ISOLATED), 0)


@dataclass
class _Settlement:
    ids: Collection[str] | None
    accept: bool
    lines: list[_Line] = field(default_factory=list)

    def settle(self, tree: Tree) -> Tree:
        settled = self.block(tree, ())
        # From the end: a line that a join moves has already received the lines that join it.
        for before, line in reversed(list(self.joins())):
            if before is None:
                _remove(line)
            else:
                _join(before, line)
        return _tidied(settled) or grammar.node("doc", content=[grammar.node("paragraph")])

    def concerns(self, mark: Tree) -> bool:
        return mark["type"] in SUGGESTIONS and (self.ids is None or mark["attrs"]["id"] in self.ids)

    def goes(self, node: Tree) -> str:
        """Return the id of the suggestion that removes this node or text, "" when none does."""
        kind = "deletion" if self.accept else "insertion"
        for mark in node.get("marks", []):
            if mark["type"] == kind and self.concerns(mark):
                return str(mark["attrs"]["id"])
        return ""

    def stripped(self, node: Tree) -> Tree:
        """Return the node without the marks that are decided, and in its previous form when they are refused."""
        marks = node.get("marks", [])
        decided_marks = [mark for mark in marks if self.concerns(mark)]
        if not decided_marks:
            return dict(node)
        copy = {**node, "marks": [mark for mark in marks if mark not in decided_marks]}
        if not self.accept:
            for mark in decided_marks:
                if mark["type"] == "modification":
                    copy = _reverted(copy, mark["attrs"])
        return copy

    def block(self, node: Tree, above: tuple[Tree, ...]) -> Tree:
        copy = self.stripped(node)
        below = (*above, copy)
        if NODES[node["type"]].is_text_block:
            self.line(node, copy, above)
            return copy
        content = []
        for child in node.get("content", []):
            if self.goes(child):
                self.lines.append(_Line(child, below, is_gone=True))
            else:
                content.append(self.block(child, below) if child["type"] != "text" else child)
        copy["content"] = content
        return copy

    def line(self, node: Tree, copy: Tree, above: tuple[Tree, ...]) -> None:
        leaf_nodes = node.get("content", [])
        remaining = [self.leaf(leaf) for leaf in leaf_nodes if not self.goes(leaf)]
        copy["content"] = remaining
        fates = [self.goes(leaf) for leaf in leaf_nodes if self.goes(leaf) or not _is_unseen(leaf)]
        self.lines.append(_Line(copy, above, fates))

    def leaf(self, leaf: Tree) -> Tree:
        copy = self.stripped(leaf)
        if not copy.get("marks"):
            copy.pop("marks", None)
        if leaf["type"] == "text" and (self.ids is None or copy.get("marks") != leaf.get("marks")):
            copy["text"] = leaf["text"].replace(ZERO_WIDTH, "")
        return copy

    def joins(self) -> Iterator[tuple[_Line | None, _Line]]:
        """Yield pairs of lines of which the second joins the first; None with a line that goes with its surroundings.

        A break is removed when one suggestion removes something on both of its sides, with nothing between that stays.
        """
        before, after = _runs(self.lines), _runs(self.lines[::-1], backwards=True)[::-1]
        for index, line in enumerate(self.lines):
            if line.is_gone or not before[index]:
                continue
            passed: list[_Line] = []
            for position in range(index + 1, len(self.lines)):
                other = self.lines[position]
                if other.container == line.container and not other.is_gone:
                    if before[index] & after[position]:
                        yield from ((None, between) for between in passed)
                        yield line, other
                    break
                if not other.goes:
                    break
                passed += [] if other.is_gone else [other]


def _runs(lines: Sequence[_Line], *, backwards: bool = False) -> list[frozenset[str]]:
    """Return, for each line, the suggestions that remove its end, and those before it while nothing stays."""
    suggestions: list[frozenset[str]] = []
    run: frozenset[str] = frozenset()
    for line in lines:
        fates = line.fates[::-1] if not backwards else line.fates
        end = frozenset(takewhile(bool, fates))
        run = run | end if line.goes else end
        suggestions.append(run)
    return suggestions


def _is_unseen(leaf: Tree) -> bool:
    """Return whether the leaf is a zero-width character, which only marks the place of a suggested break."""
    return leaf["type"] == "text" and not leaf["text"].strip(ZERO_WIDTH)


def _reverted(node: Tree, change: Tree) -> Tree:
    """Return a block before a change of kind, attribute or mark."""
    before = change["previousValue"]
    if change["type"] == "nodeType" and before in NODES:
        return {"type": before, **{key: node[key] for key in ("content", "marks", "attrs") if key in node}}
    if change["type"] == "attr" and change["attrName"]:
        return {**node, "attrs": {**node.get("attrs", {}), change["attrName"]: before}}
    if change["type"] == "mark":
        after = change["newValue"]
        other_marks = [
            mark for mark in node.get("marks", []) if not isinstance(after, dict) or mark["type"] != after.get("type")
        ]
        old = grammar.mark(before.get("type", ""), before.get("attrs")) if isinstance(before, dict) else None
        return {**node, "marks": grammar.ordered([*other_marks, old] if old else other_marks)}
    return node


def _join(first: _Line, line: _Line) -> None:
    """Join a line to the one before, and its siblings to the siblings of that one."""
    first.node["content"] = first.node["content"] + line.node["content"]
    _take_out(line.above[-1], line.node)
    shared = 0
    while shared < min(len(first.above), len(line.above)) and first.above[shared] is line.above[shared]:
        shared += 1
    for target, source in reversed(list(zip(first.above[shared:], line.above[shared:], strict=False))):
        if target["type"] == source["type"] and len(first.above) == len(line.above):
            target["content"] = target["content"] + source["content"]
            source["content"] = []
    _prune(line)


def _remove(line: _Line) -> None:
    """Remove a line of which nothing is left, with the cell, field or item around it."""
    _take_out(line.above[-1], line.node)
    _prune(line)


def _prune(line: _Line) -> None:
    for outer, inner in reversed(list(zip(line.above, line.above[1:], strict=False))):
        if not inner["content"]:
            _take_out(outer, inner)


def _take_out(parent: Tree, child: Tree) -> None:
    parent["content"] = [node for node in parent["content"] if node is not child]


def _tidied(node: Tree) -> Tree | None:
    """Return a node in its canonical form; None for a list, quotation or table without content."""
    kind, content = node["type"], []
    for child in node.get("content", []):
        tidy_child = child if child["type"] == "text" else _tidied(child)
        if tidy_child is not None:
            content.append(tidy_child)
    if not content and kind in NEVER_EMPTY:
        content = [grammar.node("paragraph")]
    if not content and not NODES[kind].is_text_block and NODES[kind].children:
        return None
    if kind == "listItem" and content[0]["type"] != "paragraph":
        content.insert(0, grammar.node("paragraph"))
    try:
        return grammar.node(kind, node.get("attrs"), node.get("marks"), merged_runs(content))
    except ValueError:
        return grammar.node("paragraph")
