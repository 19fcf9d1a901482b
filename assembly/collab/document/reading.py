"""Conversion of the shared document to its tree, as y-tiptap reads it; what is not in the schema is left out.

`raw` is the same content before it is checked: quick to read and to compare, for a check of each frame.
"""

import json
import re
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment
from pycrdt._pycrdt import XmlText as CoreText

from assembly.collab.document import grammar
from assembly.collab.document.grammar import NODES, Tree
from assembly.collab.document.schema import canonical_marks, merged_runs

ROOT = "default"
RawText = list[tuple[Any, dict[str, Any] | None]]
RawNode = tuple[str, dict[str, Any], list[Any]]

_HASHED = re.compile(r"(.+)--[a-zA-Z0-9+/=]{8}")


def root(doc: Doc) -> XmlFragment:
    """Return the fragment that holds the text; call it before a transaction begins."""
    return doc.get(ROOT, type=XmlFragment)


def raw(doc: Doc) -> list[RawNode | RawText]:
    """Return the blocks of the document: (tag, attributes, children), a text being a list of (string, formats)."""
    fragment = root(doc)
    with doc.transaction() as transaction:
        # The wrappers of pycrdt open a transaction for each call: four times slower, at every frame.
        inner = transaction._txn  # noqa: SLF001 -- the calls below need the bare transaction
        return [_raw(child, inner, 1) for child in fragment.integrated.children(inner)]


def _raw(item: Any, inner: Any, depth: int) -> RawNode | RawText:
    if isinstance(item, CoreText):
        return item.diff(inner)
    children = item.children(inner) if depth < grammar.MAX_DEPTH else []
    return item.tag(), dict(item.attributes(inner)), [_raw(child, inner, depth + 1) for child in children]


def tree(doc: Doc) -> Tree:
    """Return the tree of a shared document, canonical: an empty one has one empty paragraph."""
    return doc_of(raw(doc))


def doc_of(items: list[RawNode | RawText]) -> Tree:
    """Return the whole tree of what `raw` returned."""
    blocks = [block for block in nodes_of(items) if block["type"] in NODES["doc"].children]
    return grammar.node("doc", content=blocks or [grammar.node("paragraph")])


def nodes_of(items: list[RawNode | RawText]) -> list[Tree]:
    """Return the nodes of some raw content, each canonical in itself."""
    nodes: list[Tree] = []
    for item in items:
        if isinstance(item, list):
            nodes.extend(_runs(item))
        elif (node := node_of(item)) is not None:
            nodes.append(node)
    return merged_runs(nodes)


def read_node(element: XmlElement) -> Tree | None:
    """Return one element of a document as a node; None when it is not in the schema."""
    with element.doc.transaction() as transaction:
        item = _raw(element.integrated, transaction._txn, 1)  # noqa: SLF001 -- see raw
    return None if isinstance(item, list) else node_of(item)


def node_of(item: RawNode) -> Tree | None:
    """Return one raw element as a node; None when it is not in the schema."""
    tag, attrs, children = item
    if tag not in NODES:
        return None
    content = [child for child in nodes_of(children) if child["type"] in NODES[tag].children]
    try:
        return grammar.node(tag, attrs, node_marks(attrs.get("marks")), merged_runs(content))
    except ValueError:
        return None


def node_marks(written: Any) -> list[Tree]:
    """Return the marks of an element, which its attribute `marks` holds as JSON."""
    try:
        return canonical_marks(json.loads(written)) if isinstance(written, str) else []
    except ValueError:
        return []


def text_marks(formats: dict[str, Any] | None) -> list[Tree]:
    """Return the marks of a run; the names of marks that may overlap have a hash appended."""
    if not formats:
        return []
    marks = [grammar.mark(mark_name(name), attrs) for name, attrs in formats.items()]
    return grammar.ordered([mark for mark in marks if mark])


def mark_name(name: str) -> str:
    """Return the name of a mark without the hash that distinguishes overlapping ones."""
    match = None if name in grammar.MARKS else _HASHED.fullmatch(name)
    return match.group(1) if match else name


def _runs(item: RawText) -> list[Tree]:
    return [
        grammar.text_run(grammar.clean_text(text), text_marks(formats))
        for text, formats in item
        if isinstance(text, str)
    ]


class DocumentReader:
    """Reader of one document again and again: unchanged blocks are the same objects as before, without conversion."""

    def __init__(self) -> None:
        self._raw: list[RawNode | RawText] = []
        self._nodes: list[Tree | None] = []

    def tree(self, doc: Doc) -> Tree:
        """Return the tree of the document, as the function `tree` does."""
        items = raw(doc)
        if any(isinstance(item, list) for item in items):
            return doc_of(items)
        nodes = self._known(items)
        self._raw, self._nodes = items, nodes
        blocks = [node for node in nodes if node and node["type"] in NODES["doc"].children]
        return grammar.node("doc", content=blocks or [grammar.node("paragraph")])

    def _known(self, raw_nodes: list[RawNode | RawText]) -> list[Tree | None]:
        shortest = min(len(raw_nodes), len(self._raw))
        head = 0
        while head < shortest and raw_nodes[head] == self._raw[head]:
            head += 1
        tail = 0
        while tail < shortest - head and raw_nodes[-1 - tail] == self._raw[-1 - tail]:
            tail += 1
        fresh = [node_of(item) for item in raw_nodes[head : len(raw_nodes) - tail] if not isinstance(item, list)]
        return self._nodes[:head] + fresh + self._nodes[len(self._nodes) - tail :]
