"""Pieces of WordprocessingML that python-docx does not write: footnotes, numbering, links, spans, page numbers."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from lxml import etree

BULLETS = ("•", "–", "▪")
NUMBERS = ("decimal", "lowerLetter", "lowerRoman")
LEVELS = 9
STEP = 425  # twentieths of a point: 7.5 mm a level
BULLET_ABSTRACT, NUMBER_ABSTRACT = 9001, 9002
SEPARATORS = (("separator", -1), ("continuationSeparator", 0))


def el(tag: str, attrs: Mapping[str, Any] | None = None, *children: Any) -> Any:
    """Return an element of the format: `el("w:jc", {"w:val": "center"})`."""
    element = OxmlElement(tag)
    for name, value in (attrs or {}).items():
        element.set(qn(name), str(value))
    element.extend(children)
    return element


def text_element(text: str) -> Any:
    element = el("w:t")
    element.text = text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return element


def page_number() -> Any:
    """Return the field that word processors replace by the number of the page."""
    return el("w:fldSimple", {"w:instr": "PAGE"}, el("w:r", None, text_element("1")))


class Numbering:
    """Lists of a document: bullets share one definition, each numbered list has its own with its first number."""

    def __init__(self, document: Document) -> None:
        self.element = document.part.numbering_part.element
        taken = [int(num.get(qn("w:numId"))) for num in self.element.findall(qn("w:num"))]
        self.free = itertools.count(max(taken, default=0) + 1)
        first = self.element.find(qn("w:num"))
        place = list(self.element).index(first) if first is not None else len(self.element)
        for definition in (self._abstract(BULLET_ABSTRACT, BULLETS), self._abstract(NUMBER_ABSTRACT, NUMBERS)):
            self.element.insert(place, definition)
        self.bullets = self._num(BULLET_ABSTRACT)

    def numbers(self, level: int, start: int) -> int:
        """Add a numbered list with its own numbering, at this depth, from this number."""
        override = el("w:lvlOverride", {"w:ilvl": level}, el("w:startOverride", {"w:val": start}))
        return self._num(NUMBER_ABSTRACT, override)

    def _num(self, abstract: int, *more: Any) -> int:
        number = next(self.free)
        self.element.append(
            el("w:num", {"w:numId": number}, el("w:abstractNumId", {"w:val": abstract}), *more),
        )
        return number

    def _abstract(self, number: int, kinds: Sequence[str]) -> Any:
        levels = [self._level(rank, kinds[rank % len(kinds)], kinds is NUMBERS) for rank in range(LEVELS)]
        return el(
            "w:abstractNum", {"w:abstractNumId": number}, el("w:multiLevelType", {"w:val": "multilevel"}), *levels
        )

    def _level(self, rank: int, kind: str, numbered: bool) -> Any:
        return el(
            "w:lvl",
            {"w:ilvl": rank},
            el("w:start", {"w:val": 1}),
            el("w:numFmt", {"w:val": kind if numbered else "bullet"}),
            el("w:lvlText", {"w:val": f"%{rank + 1}." if numbered else kind}),
            el("w:lvlJc", {"w:val": "left"}),
            el("w:pPr", None, el("w:ind", {"w:left": (rank + 1) * STEP, "w:hanging": STEP})),
        )


class Footnotes:
    """Notes at the foot of the page, written as a part of their own when the document is whole."""

    def __init__(self) -> None:
        self.element = etree.fromstring(f"<w:footnotes {nsdecls('w')}/>")
        for kind, number in SEPARATORS:
            run = el("w:r", None, el(f"w:{kind}"))
            self.element.append(el("w:footnote", {"w:type": kind, "w:id": number}, el("w:p", None, run)))
        self.count = 0

    def call(self, text: str) -> Any:
        """Add a note and return the run that calls it."""
        self.count += 1
        style = el("w:rPr", None, el("w:rStyle", {"w:val": "FootnoteReference"}))
        mark = el("w:r", None, style, el("w:footnoteRef"))
        paragraph = el(
            "w:p",
            None,
            el("w:pPr", None, el("w:pStyle", {"w:val": "FootnoteText"})),
            mark,
            el("w:r", None, text_element(f" {text}")),
        )
        self.element.append(el("w:footnote", {"w:id": self.count}, paragraph))
        style = el("w:rPr", None, el("w:rStyle", {"w:val": "FootnoteReference"}))
        return el("w:r", None, style, el("w:footnoteReference", {"w:id": self.count}))

    def keep(self, document: Document) -> None:
        if not self.count:
            return
        content = etree.tostring(self.element, xml_declaration=True, encoding="UTF-8", standalone=True)
        package = document.part.package
        part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, content, package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
