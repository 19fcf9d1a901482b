"""Formats of a letter: for the page and the mail, as plain text, as HTML and Word files."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from assembly.collab.document import grammar
from assembly.collab.document.grammar import Tree
from assembly.collab.document.html import to_page
from mission.letters.models import LetterRow
from opinions.exchange.manuscript import Manuscript
from opinions.exchange.word import to_docx

ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)»]")


def tree_of(body: str) -> Tree:
    """Parse a letter: `## ` and `### ` begin headings, `- ` an item of a list, an empty line a paragraph."""
    return grammar.tree_document(*_blocks(body))


def _blocks(body: str) -> Iterator[Tree]:
    for kind, lines in groupby(grammar.clean_text(body).splitlines(), key=_kind_of):
        texts = [line.strip() for line in lines]
        if kind == "paragraph":
            yield grammar.node("paragraph", content=[run for line in texts for run in _line(line)][:-1])
        elif kind == "list":
            yield grammar.bullets([text[2:] for text in texts])
        elif kind:
            yield from (grammar.heading(text.lstrip("# "), len(kind)) for text in texts)


def _kind_of(line: str) -> str:
    if match := re.match(r"(##|###) ", line):
        return match[1]
    return "list" if line.startswith("- ") else "paragraph" if line.strip() else ""


def _line(line: str) -> Iterator[Tree]:
    """Yield the text and the links of a line, then its line break."""
    position = 0
    for match in ADDRESS.finditer(line):
        if match.start() > position:
            yield grammar.text_run(line[position : match.start()])
        link = grammar.mark("link", {"href": match[0]})
        yield grammar.text_run(match[0], [link] if link else None)
        position = match.end()
    if position < len(line):
        yield grammar.text_run(line[position:])
    yield grammar.node("hardBreak")


def plain_letter(body: str) -> str:
    """Return the letter for a mail without HTML: the signs of headings are left out."""
    return re.sub(r"(?m)^#{2,3} ", "", body)


def letter_page(letter: LetterRow, *, heading_shift: int = 0) -> SafeString:
    """Return the letter as HTML; `heading_shift`: how many levels of headings are above it."""
    return mark_safe(to_page(tree_of(letter.body), heading_shift=heading_shift))  # noqa: S308 -- to_page escapes all but the elements it writes


def letter_content(letter: LetterRow) -> dict[str, Any]:
    """Return the context of the template of the mail."""
    return {"title": letter.name, "page": letter_page(letter), "text": plain_letter(letter.body)}


def html_letter(letter: LetterRow) -> bytes:
    """Return the letter as one file that any browser opens, made with the template of the mail."""
    context = letter_content(letter) | {"assembly": letter.assembly}
    return render_to_string("mission/letters/mail/letter.html", context).encode()


def word_letter(letter: LetterRow) -> bytes:
    manuscript = Manuscript(
        letter.name, tree_of(letter.body), assembly=letter.assembly.name, reference=letter.reference
    )
    return to_docx(manuscript, created_at=letter.sent_at or timezone.now())
