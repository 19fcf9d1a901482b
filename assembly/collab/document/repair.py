"""Texts made whole: what two hands left half done at the same moment is put right before the server writes it.

Editors merge what people do without asking the schema: a recommendation may come out with seven fields, a copy with
the id of its model. `schema.check` refuses such a text; `whole` keeps every word of it.
"""

from typing import Any

from assembly.collab.document import grammar
from assembly.collab.document.grammar import NODES, PROMPTS, Tree
from assembly.collab.document.recommendations import distinct
from assembly.collab.document.schema import canonical, merged_runs

HELD = frozenset({"doc", "tableCell", "tableHeader", "blockquote", "recommendationField"})


def repaired(tree: Any) -> Tree:
    """The canonical tree in which every node has what it needs, and every recommendation its own id."""
    made = canonical(tree)
    blocks = [block for block in (_whole(block) for block in made["content"]) if block]
    return distinct({**made, "content": blocks or [grammar.node("paragraph")]})


def _whole(node: Tree) -> Tree | None:
    kind = node["type"]
    if kind == "recommendation":
        return _recommendation(node)
    if kind == "text" or NODES[kind].is_text_block or not NODES[kind].children:
        return node
    content = [child for child in (_whole(child) for child in node.get("content", [])) if child]
    if not content and kind in HELD:
        content = [grammar.node("paragraph")]
    if kind == "listItem" and (not content or content[0]["type"] != "paragraph"):
        content.insert(0, grammar.node("paragraph"))
    return {**node, "content": content} if content else None


def _recommendation(node: Tree) -> Tree:
    """One title and the six questions in their order; what was written twice stands together."""
    titles = [child for child in node.get("content", []) if child["type"] == "recommendationTitle"]
    words = merged_runs([run for title in titles for run in title.get("content", [])])
    title = {**(titles[0] if titles else grammar.node("recommendationTitle")), "content": words}
    if not words:
        del title["content"]
    return {**node, "content": [title, *(_field(node, prompt) for prompt in PROMPTS)]}


def _field(node: Tree, prompt: str) -> Tree:
    found = [
        child
        for child in node.get("content", [])
        if child["type"] == "recommendationField" and child["attrs"]["prompt"] == prompt
    ]
    blocks = [block for field in found for child in field.get("content", []) if (block := _whole(child))]
    if len(found) > 1:
        blocks = [block for block in blocks if block.get("content")] or blocks[:1]
    made = found[0] if found else grammar.node("recommendationField", {"prompt": prompt})
    return {**made, "content": blocks or [grammar.node("paragraph")]}
