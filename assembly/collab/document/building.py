"""Nodes for code that writes a text without an editor: outlines, seeds, imports."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

from assembly.collab.document import grammar
from assembly.collab.document.grammar import PROMPTS, Tree


def paragraph(text: str = "") -> Tree:
    """Return a paragraph of plain text; a line end becomes a line break."""
    content: list[Tree] = []
    for rank, line in enumerate(text.split("\n")):
        if rank:
            content.append(grammar.node("hardBreak"))
        if cleaned := grammar.clean_text(line):
            content.append(grammar.text_run(cleaned))
    return grammar.node("paragraph", content=content)


def heading(text: str, level: int = 2) -> Tree:
    """Return a heading of level 2 to 4."""
    cleaned = grammar.clean_text(text)
    return grammar.node("heading", {"level": level}, content=[grammar.text_run(cleaned)] if cleaned else None)


def bullets(items: Sequence[str]) -> Tree:
    """Return a list of at least one plain item."""
    return grammar.node("bulletList", content=[grammar.node("listItem", content=[paragraph(item)]) for item in items])


def tree_document(*blocks: Tree) -> Tree:
    """Return a whole tree of these blocks; an empty paragraph when there are none."""
    return grammar.node("doc", content=list(blocks) or [paragraph()])


def recommendation(
    title: str = "", fields: Mapping[str, str | list[Tree]] | None = None, id: str | None = None
) -> Tree:
    """Return a recommendation with its six questions; a field is plain text or a list of paragraphs and lists."""
    answers = fields or {}
    cleaned = grammar.clean_text(title).replace("\n", " ")
    titles = [grammar.node("recommendationTitle", content=[grammar.text_run(cleaned)] if cleaned else None)]
    return grammar.node(
        "recommendation",
        {"id": id or str(uuid4())},
        content=titles + [_field(prompt, answers.get(prompt, "")) for prompt in PROMPTS],
    )


def _field(prompt: str, content: str | list[Tree]) -> Tree:
    blocks = [paragraph(line) for line in content.split("\n\n")] if isinstance(content, str) else content
    return grammar.node("recommendationField", {"prompt": prompt}, content=blocks or [paragraph()])
