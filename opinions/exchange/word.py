"""A manuscript as a Word file (.docx): real headings, lists, notes, header rows; recommendations as sheets."""

import io
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from lxml import etree

from assembly.collab.document.grammar import Tree
from opinions.exchange import manuscript as ms
from opinions.exchange.manuscript import (
    APART_STYLE,
    HEAD_STYLE,
    LANGUAGE,
    QUESTION_STYLE,
    SHEET_STYLE,
    Manuscript,
    ManuscriptWriter,
    Run,
)

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


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
FONT = "Calibri"
VIOLET = RGBColor(0x4B, 0x2A, 0x7B)
SIZES = {"Title": 26, "Heading 1": 17, "Heading 2": 14, "Heading 3": 12}
DEEPEST = 3
LINE_WIDTH = 9000  # twentieths of a point between the margins of an A4 page


def to_docx(manuscript: Manuscript, *, created_at: datetime) -> bytes:
    document = docx.Document()
    _dress(document)
    document.core_properties.title = manuscript.title
    document.core_properties.author = manuscript.assembly
    document.core_properties.last_modified_by = manuscript.assembly
    document.core_properties.subject = manuscript.reference
    document.core_properties.language = LANGUAGE
    document.core_properties.comments = manuscript.notice
    document.core_properties.created = document.core_properties.modified = created_at
    writer = WordWriter(manuscript, document)
    writer.opening()
    writer.write_all(ms.blocks(manuscript.tree), WordPlace(writer.body))
    writer.footnotes.keep(document)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _dress(document: Document) -> None:
    """Set the page, the styles and the language, because those of the template are American."""
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.5)
    styles = document.styles
    styles["Normal"].font.name, styles["Normal"].font.size = FONT, Pt(11)
    styles["Normal"].element.get_or_add_rPr().append(el("w:lang", {"w:val": LANGUAGE}))
    for name, size in SIZES.items():
        font = styles[name].font
        font.name, font.size, font.color.rgb = FONT, Pt(size), VIOLET
        fonts = styles[name].element.rPr.rFonts
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
    sheet = styles.add_style(SHEET_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    sheet.base_style, sheet.next_paragraph_style = styles["Heading 2"], styles["Normal"]
    styles.add_style(APART_STYLE, WD_STYLE_TYPE.PARAGRAPH).base_style = styles["Normal"]
    head = styles.add_style(HEAD_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    head.base_style, head.font.bold = styles["Normal"], True
    question = styles.add_style(QUESTION_STYLE, WD_STYLE_TYPE.PARAGRAPH)
    question.base_style, question.font.bold, question.font.color.rgb = styles["Normal"], True, VIOLET
    question.paragraph_format.keep_with_next, question.paragraph_format.space_after = True, Pt(2)
    note = styles.add_style("Footnote Text", WD_STYLE_TYPE.PARAGRAPH)
    note.base_style, note.font.size = styles["Normal"], Pt(9)
    styles.add_style("Footnote Reference", WD_STYLE_TYPE.CHARACTER).font.superscript = True
    link = styles.add_style("Hyperlink", WD_STYLE_TYPE.CHARACTER)
    link.font.underline, link.font.color.rgb = True, VIOLET


@dataclass(frozen=True)
class WordPlace:
    """Where a block goes: its element, its indent, and the number that its first paragraph carries."""

    element: Any
    depth: int = 0
    number: int | None = None
    quoted: bool = False
    head: bool = False


class WordWriter(ManuscriptWriter):
    def __init__(self, manuscript: Manuscript, document: Document) -> None:
        super().__init__(manuscript)
        self.document = document
        self.body = _Body(document.element.body)
        self.numbering = Numbering(document)
        self.footnotes = Footnotes()

    def opening(self) -> None:
        """Write what precedes the text (« PROJET », title, lines), and the headline on top of each page."""
        header = self.document.sections[0].header
        header.is_linked_to_previous = False
        header.paragraphs[0].text = self.manuscript.headline
        self.document.sections[0].footer.is_linked_to_previous = False
        footer = self.document.sections[0].footer.paragraphs[0]
        footer.text = f"{self.manuscript.assembly}\t\t"
        self.document.sections[0].footer.part.element.find(qn("w:p")).append(page_number())
        if self.manuscript.is_draft:
            self._plain(_("PROJET"), APART_STYLE, bold=True)
            self._plain(self.manuscript.notice, APART_STYLE)
        self._plain(self.manuscript.title, "Title")
        for line in self.manuscript.lines:
            self._plain(line, APART_STYLE)

    def _plain(self, text: str, style: str, *, bold: bool = False) -> None:
        self.body.append(self._paragraph([Run(text, bold=bold)], style))

    def paragraph(self, node: Tree, place: Any) -> None:
        style = "Quote" if place.quoted else "List Paragraph" if place.depth else "Normal"
        place.element.append(self._paragraph(ms.text_runs(node), HEAD_STYLE if place.head else style, place))

    def heading(self, node: Tree, level: int, place: Any) -> None:
        place.element.append(self._paragraph(ms.text_runs(node), f"Heading {min(level, DEEPEST)}", place))

    def listing(self, node: Tree, place: Any) -> None:
        ordered = node["type"] == "orderedList"
        level = min(place.depth, 8)
        number = self.numbering.numbers(level, node["attrs"]["start"]) if ordered else self.numbering.bullets
        for item in ms.blocks(node):
            first, *others = ms.blocks(item)
            self.write(first, replace(place, depth=place.depth + 1, number=number))
            self.write_all(others, replace(place, depth=place.depth + 1, number=None))

    def quotation(self, node: Tree, place: Any) -> None:
        self.write_all(ms.blocks(node), replace(place, quoted=True, number=None))

    def table(self, node: Tree, place: Any) -> None:
        columns = ms.width_of(node)
        share = LINE_WIDTH // columns
        grid = el("w:tblGrid", None, *(el("w:gridCol", {"w:w": share}) for _column in range(columns)))
        table_element = el("w:tbl", None, self._table_properties(), grid)
        starts = {(top, left): (height, width, cell) for top, left, height, width, cell in ms.cells(node)}
        below = {
            (top + down, left): width
            for (top, left), (height, width, _cell) in starts.items()
            for down in range(1, height)
        }
        for top, row in enumerate(ms.blocks(node)):
            heading = ms.is_heading_row(row)
            properties = el("w:trPr", None, el("w:cantSplit"), *([el("w:tblHeader")] if heading else []))
            line = el("w:tr", None, properties)
            left = 0
            while left < columns:
                height, width, cell = starts.get((top, left), (0, below.get((top, left), 1), None))
                line.append(self._cell(cell, height, width, share, merged=(top, left) in below))
                left += width
            table_element.append(line)
        place.element.append(table_element)
        place.element.append(el("w:p"))

    def _table_properties(self) -> Any:
        return el(
            "w:tblPr",
            None,
            el("w:tblStyle", {"w:val": "TableGrid"}),
            el("w:tblW", {"w:w": 5000, "w:type": "pct"}),
            el("w:tblLook", {"w:val": "0020", "w:firstRow": "1"}),
        )

    def _cell(self, cell: Tree | None, height: int, width: int, share: int, *, merged: bool) -> Any:
        properties = el("w:tcPr", None, el("w:tcW", {"w:w": share * width, "w:type": "dxa"}))
        if width > 1:
            properties.append(el("w:gridSpan", {"w:val": width}))
        if height > 1:
            properties.append(el("w:vMerge", {"w:val": "restart"}))
        elif merged:
            properties.append(el("w:vMerge"))
        cell_element = el("w:tc", None, properties)
        if cell is not None:
            self.write_all(ms.blocks(cell), WordPlace(cell_element, head=cell["type"] == "tableHeader"))
        if cell_element[-1].tag != qn("w:p"):
            cell_element.append(el("w:p"))
        return cell_element

    def recommendation(self, node: Tree, place: Any) -> None:
        title, answered = ms.sheet(node)
        number = self.number_of(node)
        runs = [Run(f"{number} – ")] if number else []
        place.element.append(self._paragraph([*runs, *ms.text_runs(title)], SHEET_STYLE))
        for line in self.facts_of(node):
            place.element.append(self._paragraph([Run(line)], APART_STYLE))
        for question, answer in answered:
            place.element.append(self._paragraph([Run(question)], QUESTION_STYLE))
            self.write_all(answer, place)

    def _paragraph(self, runs: Any, style: str, place: WordPlace | None = None) -> Any:
        identifier = self.document.styles[style].style_id
        properties = el("w:pPr", None, el("w:pStyle", {"w:val": identifier}))
        if place and place.number is not None:
            level = el("w:ilvl", {"w:val": min(place.depth - 1, 8)})
            properties.append(el("w:numPr", None, level, el("w:numId", {"w:val": place.number})))
        elif place and place.depth:
            properties.append(el("w:ind", {"w:left": place.depth * STEP}))
        return el("w:p", None, properties, *self._runs(runs))

    def _runs(self, runs: Any) -> Iterator[Any]:
        for run in runs:
            if run.note:
                yield self.footnotes.call(run.note)
            elif run.is_break:
                yield el("w:r", None, el("w:br"))
            elif run.href:
                target = self.document.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                yield el("w:hyperlink", {"r:id": target}, self._run(run, "Hyperlink"))
            else:
                yield self._run(run)

    def _run(self, run: Run, style: str = "") -> Any:
        properties = el("w:rPr")
        if style:
            properties.append(el("w:rStyle", {"w:val": style}))
        if run.bold:
            properties.append(el("w:b"))
        if run.italic:
            properties.append(el("w:i"))
        return el("w:r", None, properties, text_element(run.text))


class _Body:
    """The body of a document, whose last child is always the properties of the page."""

    def __init__(self, element: Any) -> None:
        self.element = element

    def append(self, child: Any) -> None:
        self.element.sectPr.addprevious(child)
