"""The letter: its first text, what it names, and the same as a document and as plain words."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from assembly.collab.document import building, grammar
from assembly.collab.document.grammar import Tree
from assembly.ui.words import date_words
from mission.watch.enums import WatchKind
from mission.watch.models import WatchItem

ADDRESS = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)»]")


def composed_text(items: Iterable[WatchItem]) -> str:
    """The first text of a letter: a heading a nature, then each item with its summary, day, territory and link."""
    order = {str(kind): rank for rank, kind in enumerate(WatchKind)}
    ranked = sorted(items, key=lambda item: (order[item.kind], item.relevance, item.name))
    parts = []
    for kind, found in groupby(ranked, key=lambda item: item.kind):
        parts.append(f"## {str(WatchKind(kind).label).capitalize()}")
        for item in found:
            told = [item.source.name if item.source else "", item.territory]
            told.append(
                date_words(item.due_on or item.published_on, weekday=False) if item.due_on or item.published_on else ""
            )
            parts += [f"### {item.name}", item.summary, " · ".join(filter(None, told)), item.link]
    return "\n\n".join(part for part in parts if part)


def names_item(body: str, item: WatchItem) -> bool:
    """Whether a letter still speaks of this item: its link or its title stands there."""
    return bool(item.link and item.link in body) or item.name in body


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
