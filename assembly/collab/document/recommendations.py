"""The recommendations of a text, by the id of their node, whatever their place or number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from assembly.collab.document.grammar import PROMPTS, Tree
from assembly.collab.document.html import inner_html
from assembly.collab.document.plain_text import Path, line_text, to_text
from assembly.collab.document.projection import settled


@dataclass(frozen=True)
class RecommendationText:
    """One recommendation without suggestions: `fields` has plain text by question, `html` its markup.

    `path` leads to `node` in the settled tree, which is the given tree when that has no suggestion.
    """

    node_id: str
    title: str
    fields: Mapping[str, str]
    html: Mapping[str, str]
    path: Path
    node: Tree = field(repr=False)

    @property
    def missing(self) -> list[str]:
        """Return the questions that have no answer yet."""
        return [prompt for prompt in PROMPTS if not self.fields[prompt].strip()]


def read_all(tree: Tree) -> list[RecommendationText]:
    """Return the recommendations in their order; a question that two people wrote at once is read as one."""
    content = settled(tree, accept=False)["content"]
    return [_read(node, (index,)) for index, node in enumerate(content) if node["type"] == "recommendation"]


def _read(node: Tree, path: Path) -> RecommendationText:
    title = " ".join(filter(None, (line_text(child) for child in _kind(node, "recommendationTitle"))))
    blocks: dict[str, list[Tree]] = {prompt: [] for prompt in PROMPTS}
    for child in _kind(node, "recommendationField"):
        blocks[child["attrs"]["prompt"]] += child.get("content", [])
    fields = {
        prompt: to_text({"type": "doc", "content": content}, suggestions="shown") for prompt, content in blocks.items()
    }
    html = {prompt: inner_html(content) for prompt, content in blocks.items()}
    return RecommendationText(node["attrs"]["id"], title, fields, html, path, node)


def _kind(node: Tree, kind: str) -> list[Tree]:
    return [child for child in node.get("content", []) if child["type"] == kind]


def distinct(tree: Tree) -> Tree:
    """Return the tree with a new id for each recommendation that repeats one above it (a copied passage)."""
    seen: set[str] = set()
    content = []
    for node in tree.get("content", []):
        if node["type"] == "recommendation":
            if node["attrs"]["id"] in seen:
                node = {**node, "attrs": {**node["attrs"], "id": str(uuid4())}}
            seen.add(node["attrs"]["id"])
        content.append(node)
    return {**tree, "content": content}
