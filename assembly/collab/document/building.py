"""Nodes for whoever writes a text without an editor: outlines, seeds, imports."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from assembly.collab.document import grammar
from assembly.collab.document.grammar import PROMPTS, Tree


def paragraph(words: str = "") -> Tree:
    """A paragraph of plain words; a line end in them becomes a line break."""
    content: list[Tree] = []
    for rank, line in enumerate(words.split("\n")):
        if rank:
            content.append(grammar.node("hardBreak"))
        if cleaned := grammar.clean_text(line):
            content.append(grammar.text_run(cleaned))
    return grammar.node("paragraph", content=content)


def heading(words: str, level: int = 2) -> Tree:
    """A heading of level 2 to 4."""
    cleaned = grammar.clean_text(words)
    return grammar.node("heading", {"level": level}, content=[grammar.text_run(cleaned)] if cleaned else None)


def bullets(items: Sequence[str]) -> Tree:
    """A list of at least one plain item."""
    return grammar.node("bulletList", content=[grammar.node("listItem", content=[paragraph(item)]) for item in items])


def tree_document(*blocks: Tree) -> Tree:
    """A whole tree of these blocks, an empty paragraph when there are none."""
    return grammar.node("doc", content=list(blocks) or [paragraph()])


def recommendation(
    title: str = "", fields: Mapping[str, str | list[Tree]] | None = None, id: str | None = None
) -> Tree:
    """A recommendation with its six questions; a field is plain words or a list of paragraphs and lists."""
    given = fields or {}
    cleaned = grammar.clean_text(title).replace("\n", " ")
    heads = [grammar.node("recommendationTitle", content=[grammar.text_run(cleaned)] if cleaned else None)]
    return grammar.node(
        "recommendation",
        {"id": id or str(uuid4())},
        content=heads + [_field(prompt, given.get(prompt, "")) for prompt in PROMPTS],
    )


def _field(prompt: str, given: str | list[Tree]) -> Tree:
    blocks = [paragraph(line) for line in given.split("\n\n")] if isinstance(given, str) else given
    return grammar.node("recommendationField", {"prompt": prompt}, content=blocks or [paragraph()])
