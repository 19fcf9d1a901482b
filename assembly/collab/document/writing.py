"""Conversion of a tree to the shared document, as y-tiptap writes it; only whole nodes of the schema are ever written.

Unchanged parts are not touched, so that concurrent edits of others merge and authors keep their passages. The tree of
a person or a file goes through `schema.check` first. Editors merge edits without checking the schema: a recommendation
may come out with seven fields, a copy with the id of its original. `schema.check` refuses such a text; `repaired`
keeps every word of it.
"""

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable
from difflib import SequenceMatcher
from hashlib import sha256
from typing import Any

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from assembly.collab.document import comparing, grammar, reading
from assembly.collab.document.grammar import NODES, PROMPTS, Tree
from assembly.collab.document.recommendations import distinct
from assembly.collab.document.schema import canonical, merged_runs

OVERLAPPING = frozenset({"comment", "modification"})
_TOKENS = re.compile(r"\w+|\s+|.", re.DOTALL)
_WORD = re.compile(r"\w+")

Group = Tree | list[Tree]
Parent = XmlFragment | XmlElement


def fill_empty(doc: Doc, tree: Tree) -> None:
    """Write the first content of an empty document; raises ValueError when it has some already."""
    if len(reading.root(doc).children):
        raise ValueError("this document has content already")
    append_blocks(doc, tree)


def append_blocks(doc: Doc, tree: Tree) -> None:
    """Add the blocks of a tree after the content of the document."""
    root = reading.root(doc)
    with doc.transaction():
        for group in _groups(repaired(tree)):
            _insert(root, len(root.children), group)


def replace_all(doc: Doc, tree: Tree) -> None:
    """Change the document to this tree by the smallest edits that can be found."""
    root = reading.root(doc)
    with doc.transaction():
        _reconcile(root, _groups(repaired(tree)))


def _groups(node: Tree) -> list[Group]:
    """Return the children of a node as the document has them: each run of text is one item."""
    groups: list[Group] = []
    for child in node.get("content", []):
        if child["type"] != "text":
            groups.append(child)
        elif groups and isinstance(groups[-1], list):
            groups[-1].append(child)
        else:
            groups.append([child])
    return groups


def _insert(parent: Parent, index: int, group: Group) -> None:
    if isinstance(group, list):
        text = parent.children.insert(index, XmlText(""))
        for run in group:
            text.insert(len(text), run["text"], _formats(run))
        return
    element = parent.children.insert(index, XmlElement(group["type"]))
    for name, value in _attributes(group).items():
        element.attributes[name] = value
    for child in _groups(group):
        _insert(element, len(element.children), child)


def _attributes(node: Tree) -> dict[str, Any]:
    attrs = {name: value for name, value in node.get("attrs", {}).items() if value is not None}
    if marks := node.get("marks"):
        attrs["marks"] = json.dumps(marks, ensure_ascii=False, separators=(",", ":"))
    return attrs


def _formats(run: Tree) -> dict[str, Any]:
    return {_format_name(mark): mark.get("attrs", {}) for mark in run.get("marks", [])}


def _format_name(mark: Tree) -> str:
    """Return the name of a mark as a format: those that may overlap have the hash of y-tiptap."""
    if mark["type"] not in OVERLAPPING:
        return mark["type"]
    digest = bytearray(sha256(_any({"type": mark["type"], "attrs": mark["attrs"]})).digest())
    for index in range(6, len(digest)):
        digest[index % 6] ^= digest[index]
    return f"{mark['type']}--{b64encode(digest[:6]).decode()}"


def _any(value: Any) -> bytes:
    """Return a JSON value in the encoding of lib0, from which the browsers compute the hash."""
    if value is None:
        return b"\x7e"
    if isinstance(value, bool):
        return b"\x78" if value else b"\x79"
    if isinstance(value, int):
        return b"\x7d" + _signed(value)
    if isinstance(value, list):
        return b"\x75" + _unsigned(len(value)) + b"".join(_any(item) for item in value)
    if isinstance(value, dict):
        return b"\x76" + _unsigned(len(value)) + b"".join(_string(key) + _any(item) for key, item in value.items())
    return b"\x77" + _string(str(value))


def _string(text: str) -> bytes:
    data = text.encode()
    return _unsigned(len(data)) + data


def _unsigned(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _signed(number: int) -> bytes:
    size = abs(number)
    first = (128 if size > 63 else 0) | (64 if number < 0 else 0) | size & 63
    return bytes([first]) + (_unsigned(size >> 6) if size > 63 else b"")


def _reconcile(parent: Parent, targets: list[Group]) -> None:
    """Change the children of an element to those of the tree, each in place when it can be."""
    present = [_read(child) for child in parent.children]
    old = [json.dumps(item, sort_keys=True) for item in present]
    new = [json.dumps(item, sort_keys=True) for item in targets]
    old_counts, new_counts = [_count_tokens(item) for item in present], [_count_tokens(item) for item in targets]

    def likeness(i: int, j: int) -> float:
        if _kind(present[i]) != _kind(targets[j]):
            return 0.0
        return 0.5 + comparing.word_similarity(old_counts[i], new_counts[j])

    index = 0
    for i, j in comparing.pairs(old, new, likeness):
        if j is None:
            del parent.children[index]
            continue
        if i is None:
            _insert(parent, index, targets[j])
        elif old[i] != new[j]:
            _change(parent.children[index], present[i], targets[j])
        index += 1


def _read(child: XmlElement | XmlText | XmlFragment) -> Group:
    if isinstance(child, XmlText):
        return reading.nodes_of([child.diff()])
    node = reading.read_node(child) if isinstance(child, XmlElement) else None
    return {"type": "unknown"} if node is None else node


def _kind(group: Group) -> str:
    if isinstance(group, list):
        return "text"
    identity = group.get("attrs", {})
    return f"{group['type']} {identity.get('id', '')}{identity.get('prompt', '')}"


def _count_tokens(group: Group) -> Counter[str]:
    return Counter(_iter_tokens(group if isinstance(group, list) else [group]))


def _iter_tokens(nodes: Iterable[Tree]) -> Iterable[str]:
    for node in nodes:
        yield from _WORD.findall(node.get("text", ""))
        yield from _iter_tokens(node.get("content", []))


def _change(child: XmlElement | XmlText | XmlFragment, present: Group, target: Group) -> None:
    if isinstance(child, XmlText):
        _change_text(child, target if isinstance(target, list) else [])
    elif isinstance(child, XmlElement) and not isinstance(target, list) and not isinstance(present, list):
        _change_attributes(child, present, target)
        _reconcile(child, _groups(target))


def _change_attributes(element: XmlElement, present: Tree, target: Tree) -> None:
    before, after = _attributes(present), _attributes(target)
    for name in before.keys() - after.keys():
        del element.attributes[name]
    for name, value in after.items():
        if before.get(name) != value:
            element.attributes[name] = value


def _change_text(text: XmlText, runs: list[Tree]) -> None:
    parts = text.diff()
    if any(not isinstance(text_part, str) for text_part, _formats in parts):
        text.clear()
        parts = []
    _replace_text(text, "".join(text_part for text_part, _formats in parts), "".join(run["text"] for run in runs))
    _change_formats(text, runs)


def _replace_text(text: XmlText, old: str, new: str) -> None:
    """Change the text from the end, so that earlier offsets stay valid; the offsets of pycrdt are bytes."""
    old_tokens, new_tokens = _TOKENS.findall(old), _TOKENS.findall(new)
    starts = [0]
    for token in old_tokens:
        starts.append(starts[-1] + len(token.encode()))
    steps = SequenceMatcher(None, old_tokens, new_tokens, autojunk=False).get_opcodes()
    for tag, i1, i2, j1, j2 in reversed(steps):
        if tag != "equal":
            _exchange(text, starts[i1], "".join(old_tokens[i1:i2]), "".join(new_tokens[j1:j2]))


def _exchange(text: XmlText, start: int, old: str, new: str) -> None:
    """Replace text at an offset in bytes, without touching how old and new begin and end."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    start += len(old[:head].encode())
    gone = len(old[head : len(old) - tail].encode())
    if gone:
        del text[start : start + gone]
    if insertion := new[head : len(new) - tail]:
        text.insert(start, insertion, {})


def _change_formats(text: XmlText, runs: list[Tree]) -> None:
    targets = [(len(run["text"].encode()), run) for run in runs]
    offset, done = 0, 0
    for text_part, formats in text.diff():
        left = len(text_part.encode())
        while left:
            size = min(left, targets[0][0] - done)
            if changes := _format_changes(formats or {}, targets[0][1]):
                text.format(offset, offset + size, changes)
            offset, left, done = offset + size, left - size, done + size
            if done == targets[0][0]:
                targets, done = targets[1:], 0


def _format_changes(present: dict[str, Any], run: Tree) -> dict[str, Any]:
    """Return the format changes that give a range exactly the marks of a run; empty when it has them."""
    marks = run.get("marks", [])
    if reading.text_marks(present) == marks and len(present) == len(marks):
        return {}
    after = _formats(run)
    gone: dict[str, Any] = {name: None for name in present if name not in after}
    return gone | {name: value for name, value in after.items() if present.get(name) != value}


NEVER_EMPTY = frozenset({"doc", "tableCell", "tableHeader", "blockquote", "recommendationField"})


def repaired(tree: Any) -> Tree:
    """Return the canonical tree in which every node has what it needs, and every recommendation its own id."""
    doc = canonical(tree)
    blocks = [block for block in (_whole(block) for block in doc["content"]) if block]
    return distinct({**doc, "content": blocks or [grammar.node("paragraph")]})


def _whole(node: Tree) -> Tree | None:
    kind = node["type"]
    if kind == "recommendation":
        return _recommendation(node)
    if kind == "text" or NODES[kind].is_text_block or not NODES[kind].children:
        return node
    content = [child for child in (_whole(child) for child in node.get("content", [])) if child]
    if not content and kind in NEVER_EMPTY:
        content = [grammar.node("paragraph")]
    if kind == "listItem" and (not content or content[0]["type"] != "paragraph"):
        content.insert(0, grammar.node("paragraph"))
    return {**node, "content": content} if content else None


def _recommendation(node: Tree) -> Tree:
    """Return one title and the six questions in their order; what was written twice is put together."""
    titles = [child for child in node.get("content", []) if child["type"] == "recommendationTitle"]
    runs = merged_runs([run for title in titles for run in title.get("content", [])])
    title = {**(titles[0] if titles else grammar.node("recommendationTitle")), "content": runs}
    if not runs:
        del title["content"]
    return {**node, "content": [title, *(_field(node, prompt) for prompt in PROMPTS)]}


def _field(node: Tree, prompt: str) -> Tree:
    fields = [
        child
        for child in node.get("content", [])
        if child["type"] == "recommendationField" and child["attrs"]["prompt"] == prompt
    ]
    blocks = [block for field in fields for child in field.get("content", []) if (block := _whole(child))]
    if len(fields) > 1:
        blocks = [block for block in blocks if block.get("content")] or blocks[:1]
    target = fields[0] if fields else grammar.node("recommendationField", {"prompt": prompt})
    return {**target, "content": blocks or [grammar.node("paragraph")]}
