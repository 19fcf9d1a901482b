"""A letter as a document: for the page and the mail, as plain words, as HTML and Word to save."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from assembly.collab.document import building, grammar
from assembly.collab.document.grammar import Tree
from assembly.collab.document.page import to_page
from mission.letters.models import LetterRow
from opinions.exchange.manuscript import Manuscript
from opinions.exchange.word import to_docx

ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)»]")


def tree_of(body: str) -> Tree:
    """The letter as a document: `## ` and `### ` begin headings, `- ` an item of a list, an empty line a paragraph."""
    return building.tree_document(*_blocks(body))


def _blocks(body: str) -> Iterator[Tree]:
    for kind, lines in groupby(grammar.clean_text(body).splitlines(), key=_kind_of):
        texts = [line.strip() for line in lines]
        if kind == "paragraph":
            yield grammar.node("paragraph", content=[run for line in texts for run in _line(line)][:-1])
        elif kind == "list":
            yield building.bullets([text[2:] for text in texts])
        elif kind:
            yield from (building.heading(text.lstrip("# "), len(kind)) for text in texts)


def _kind_of(line: str) -> str:
    if found := re.match(r"(##|###) ", line):
        return found[1]
    return "list" if line.startswith("- ") else "paragraph" if line.strip() else ""


def _line(line: str) -> Iterator[Tree]:
    """Words and links of a line, then its break."""
    place = 0
    for found in ADDRESS.finditer(line):
        if found.start() > place:
            yield grammar.text_run(line[place : found.start()])
        link = grammar.mark("link", {"href": found[0]})
        yield grammar.text_run(found[0], [link] if link else None)
        place = found.end()
    if place < len(line):
        yield grammar.text_run(line[place:])
    yield grammar.node("hardBreak")


def plain_letter(body: str) -> str:
    """The letter in a mail without HTML: the signs of headings left out."""
    return re.sub(r"(?m)^#{2,3} ", "", body)


def letter_page(letter: LetterRow, *, heading_shift: int = 0) -> SafeString:
    """The letter as it is read; `heading_shift`: below how many headings of the page."""
    return mark_safe(to_page(tree_of(letter.body), heading_shift=heading_shift))  # noqa: S308 -- to_page escapes all but the elements it writes


def letter_content(letter: LetterRow) -> dict[str, Any]:
    """What the mail tells of it."""
    return {"title": letter.name, "page": letter_page(letter), "text": plain_letter(letter.body)}


def html_letter(letter: LetterRow) -> bytes:
    """The letter as one file that any browser opens: the mail’s own template."""
    context = letter_content(letter) | {"assembly": letter.assembly}
    return render_to_string("mission/mail/letter.html", context).encode()


def word_letter(letter: LetterRow) -> bytes:
    manuscript = Manuscript(
        letter.name, tree_of(letter.body), assembly=letter.assembly.name, reference=letter.reference
    )
    return to_docx(manuscript, made_at=letter.sent_at or timezone.now())
