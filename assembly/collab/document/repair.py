"""Repair of texts: what two concurrent edits left incomplete is completed before the server writes it.

Editors merge edits without checking the schema: a recommendation may come out with seven fields, a copy with the id of
its original. `schema.check` refuses such a text; `repaired` keeps every word of it.
"""

from typing import Any

from assembly.collab.document import grammar
from assembly.collab.document.grammar import NODES, PROMPTS, Tree
from assembly.collab.document.recommendations import distinct
from assembly.collab.document.schema import canonical, merged_runs

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
