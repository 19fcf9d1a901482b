"""Suggestions in a text: listed, described, accepted or refused by their ids."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _, gettext_lazy
from pycrdt import Doc

from assembly.collab.document import grammar, reading, settling, writing
from assembly.collab.document.grammar import ZERO_WIDTH, Tree
from assembly.collab.document.plain_text import visible

AROUND = 40
KINDS = {
    "paragraph": gettext_lazy("paragraphe"),
    "heading": gettext_lazy("titre"),
    "bulletList": gettext_lazy("liste à puces"),
    "orderedList": gettext_lazy("liste numérotée"),
    "blockquote": gettext_lazy("citation"),
    "table": gettext_lazy("tableau"),
}


@dataclass(frozen=True)
class MarkedSuggestion:
    """One suggestion: `kind` is insertion, deletion, replacement or modification; the inserted and the deleted text.

    `context` is a few words before and after it on its line, with « … » in its place.
    """

    id: str
    kind: str
    inserted: str
    deleted: str
    context: str


def accept_in_tree(doc: Doc, ids: Collection[str]) -> None:
    """Make these suggestions part of the text; others stay."""
    _decide(doc, ids, accept=True)


def reject_in_tree(doc: Doc, ids: Collection[str]) -> None:
    """Restore the text as it was before these suggestions; others stay."""
    _decide(doc, ids, accept=False)


def _decide(doc: Doc, ids: Collection[str], *, accept: bool) -> None:
    writing.replace_all(doc, settling.decided(reading.tree(doc), frozenset(ids), accept=accept))


def suggestions_in_order(tree: Tree) -> list[MarkedSuggestion]:
    """Return the suggestions of a tree, in the order in which they begin."""
    reader = _Reader()
    reader.read(tree, {})
    return [gathered.to_suggestion() for gathered in reader.by_id.values()]


@dataclass
class _Gathered:
    """One suggestion while the tree is read: its words by line, its changes, the line where it begins."""

    id: str
    inserted: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    before: list[str] = field(default_factory=list)
    after: list[str] = field(default_factory=list)
    changes: list[Tree] = field(default_factory=list)
    lines: int = 0
    anchor: str = ""

    def to_suggestion(self) -> MarkedSuggestion:
        inserted, deleted = _passage(self.inserted), _passage(self.deleted)
        if self.changes and not (inserted or deleted):
            deleted, inserted = self.change()
            return MarkedSuggestion(self.id, "modification", inserted, deleted, self.context())
        if not (inserted or deleted):
            inserted = _("un passage à la ligne") if self.inserted else ""
            deleted = _("un passage à la ligne") if self.deleted else ""
        kind = "replacement" if inserted and deleted else "insertion" if inserted else "deletion"
        return MarkedSuggestion(self.id, kind, inserted, deleted, self.context())

    def context(self) -> str:
        if self.changes and not (self.inserted or self.deleted):
            return self.anchor[: 2 * AROUND]
        before, after = "".join(self.before), "".join(self.after)
        return visible(f"{_tail(before)}…{_head(after)}").strip()

    def change(self) -> tuple[str, str]:
        """Return the old and the new form of a changed block."""
        attrs = self.changes[0]
        old, new = attrs["previousValue"], attrs["newValue"]
        if attrs["type"] == "nodeType":
            return _kind(old), _kind(new)
        if attrs["type"] == "attr" and attrs["attrName"] == "level":
            level = _("titre de niveau %(level)s")
            return level % {"level": old}, level % {"level": new}
        return _("mise en forme actuelle"), _("autre mise en forme")


def _kind(name: object) -> str:
    return str(KINDS.get(str(name), _("passage")))


def _passage(lines: list[str]) -> str:
    return visible(" ".join(line for line in lines if visible(line).strip())).strip()


def _tail(text: str) -> str:
    return text[-AROUND:].split(" ", 1)[-1] if len(text) > AROUND else text


def _head(text: str) -> str:
    return text[:AROUND].rsplit(" ", 1)[0] if len(text) > AROUND else text


class _Reader:
    def __init__(self) -> None:
        self.by_id: dict[str, _Gathered] = {}
        self.line = 0

    def read(self, node: Tree, above: dict[str, str]) -> None:
        ids_by_kind = dict(above)
        for mark in node.get("marks", []):
            if mark["type"] not in grammar.SUGGESTIONS:
                continue
            gathered = self.by_id.setdefault(mark["attrs"]["id"], _Gathered(mark["attrs"]["id"]))
            if mark["type"] == "modification":
                gathered.changes.append(mark["attrs"])
                gathered.anchor = gathered.anchor or _original_text(node)
            else:
                ids_by_kind[mark["type"]] = mark["attrs"]["id"]
        if grammar.NODES[node["type"]].is_text_block:
            self.line += 1
            self.read_line(node, ids_by_kind)
        else:
            for child in node.get("content", []):
                self.read(child, ids_by_kind)

    def read_line(self, node: Tree, above: dict[str, str]) -> None:
        """Add each suggestion of a line, with the words before and after it there."""
        pieces = [(_leaf_text(leaf), self.leaf_marks(leaf, above)) for leaf in node.get("content", [])]
        here: set[str] = set()
        for leaf_text, ids in pieces:
            for kind, identity in ids.items():
                gathered = self.by_id[identity]
                side = gathered.inserted if kind == "insertion" else gathered.deleted
                if gathered.lines != self.line or not side:
                    side.append("")
                gathered.lines = self.line
                side[-1] += leaf_text
                if identity not in here and not gathered.before and not gathered.after:
                    here.add(identity)
        for identity in here:
            gathered = self.by_id[identity]
            indexes = [index for index, (_text, ids) in enumerate(pieces) if identity in ids.values()]
            gathered.before = [text for text, ids in pieces[: indexes[0]] if "insertion" not in ids]
            gathered.after = [text for text, ids in pieces[indexes[-1] + 1 :] if "insertion" not in ids]

    def leaf_marks(self, leaf: Tree, above: dict[str, str]) -> dict[str, str]:
        ids_by_kind = dict(above)
        for mark in leaf.get("marks", []):
            if mark["type"] in ("insertion", "deletion"):
                identity = mark["attrs"]["id"]
                self.by_id.setdefault(identity, _Gathered(identity))
                ids_by_kind[mark["type"]] = identity
        return ids_by_kind


def _leaf_text(leaf: Tree) -> str:
    if leaf["type"] == "text":
        return leaf["text"].replace(ZERO_WIDTH, "")
    return f" ({leaf['attrs']['text']})" if leaf["type"] == "footnote" else " "


def _original_text(node: Tree) -> str:
    if grammar.NODES[node["type"]].is_text_block:
        return "".join(_leaf_text(leaf) for leaf in node.get("content", []))
    return " ".join(
        filter(None, (_original_text(child) for child in node.get("content", []) if child["type"] != "text"))
    )
