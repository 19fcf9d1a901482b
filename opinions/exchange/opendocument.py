"""A manuscript as an OpenDocument text (.odt): the same structure as the Word file, for free word processors."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from odfdo import Document, Element

from assembly.collab.document.grammar import Tree
from opinions.exchange import manuscript as ms
from opinions.exchange.manuscript import QUESTION_STYLE, SHEET_STYLE, Manuscript, ManuscriptWriter, Run

OPEN_DOCUMENT = "application/vnd.oasis.opendocument.text"
VIOLET = "#4b2a7b"
BODY, HEADING, QUOTE = "Text_20_body", "Heading_20_{level}", "Quotations"
DEEPEST = 3
LIST_LEVELS = 10
STEP = 0.75  # centimetres
NAMES = {SHEET_STYLE: "Preconisation", QUESTION_STYLE: "Question"}


def el(tag: str, attrs: Mapping[str, Any] | None = None, *children: Any) -> Any:
    """Build an element of the format; children are elements or texts."""
    element = Element.from_tag(tag)
    for name, value in (attrs or {}).items():
        element.set_attribute(name, str(value))
    for child in children:
        element.append(child)
    return element


def to_odt(manuscript: Manuscript, *, created_at: datetime) -> bytes:
    document = Document("odt")
    _dress(document, manuscript)
    document.meta.title = manuscript.title
    document.meta.subject = manuscript.reference
    document.meta.creator = manuscript.assembly
    document.meta.language = ms.LANGUAGE
    document.meta.creation_date = document.meta.date = created_at
    body = document.body
    body.clear()
    writer = OdtWriter(manuscript)
    writer.opening(body)
    writer.write_all(ms.blocks(manuscript.tree), OdtPlace(body))
    for style in writer.list_styles:
        document.insert_style(style, automatic=True)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _dress(document: Document, manuscript: Manuscript) -> None:
    """Set the styles, the language, the header and the footer of each page."""
    for style in _styles():
        document.insert_style(style)
    for style in _inline_styles():
        document.insert_style(style, automatic=True)
    styles = document.styles
    for default in styles.get_elements("//style:default-style/style:text-properties"):
        default.set_attribute("fo:language", "fr")
        default.set_attribute("fo:country", "FR")
    for level in styles.get_elements("//text:outline-level-style"):  # the template numbers headings
        for name in ("style:num-format", "style:num-suffix", "loext:num-list-format"):
            level.set_attribute(name, "")
    for layout in styles.get_elements("//style:page-layout"):
        _set_page(layout)
    for master in styles.get_elements("//style:master-page"):
        number = el("text:page-number", {"text:select-page": "current"}, "1")
        master.append(el("style:header", None, el("text:p", None, manuscript.headline)))
        master.append(el("style:footer", None, el("text:p", None, f"{manuscript.assembly} · ", number)))


def _set_page(layout: Any) -> None:
    """Set A4, with space for a header and a footer."""
    page = layout.get_element("style:page-layout-properties")
    if page is not None:
        page.set_attribute("fo:page-width", "21cm")
        page.set_attribute("fo:page-height", "29.7cm")
    for kind, side in (("header", "fo:margin-bottom"), ("footer", "fo:margin-top")):
        for former in layout.get_elements(f"style:{kind}-style"):
            layout.delete(former)
        space = el("style:header-footer-properties", {"fo:min-height": "0.8cm", side: "0.4cm"})
        layout.append(el(f"style:{kind}-style", None, space))


def _styles() -> Iterator[Any]:
    def paragraph(name: str, parent: str, display: str, *properties: Any) -> Any:
        attrs = {
            "style:family": "paragraph",
            "style:name": name,
            "style:display-name": display,
            "style:parent-style-name": parent,
        }
        return el("style:style", attrs, *properties)

    bold = {"fo:font-weight": "bold", "fo:color": VIOLET}
    yield paragraph(
        NAMES[SHEET_STYLE],
        HEADING.format(level=2),
        SHEET_STYLE,
        el("style:paragraph-properties", {"fo:margin-top": "0.6cm", "fo:keep-with-next": "always"}),
    )
    yield paragraph(
        NAMES[QUESTION_STYLE],
        BODY,
        QUESTION_STYLE,
        el("style:paragraph-properties", {"fo:margin-bottom": "0.05cm", "fo:keep-with-next": "always"}),
        el("style:text-properties", bold),
    )
    yield paragraph(
        QUOTE,
        BODY,
        "Quotations",
        el("style:paragraph-properties", {"fo:margin-left": "1cm", "fo:margin-right": "1cm"}),
    )
    yield paragraph("Title", "Heading", "Title", el("style:text-properties", {"fo:font-size": "24pt"} | bold))


def _inline_styles() -> Iterator[Any]:
    makes = {
        "B": {"fo:font-weight": "bold"},
        "I": {"fo:font-style": "italic"},
        "BI": {"fo:font-weight": "bold", "fo:font-style": "italic"},
    }
    for name, properties in makes.items():
        attrs = {"style:family": "text", "style:name": name}
        yield el("style:style", attrs, el("style:text-properties", properties))
    around = el("style:table-properties", {"fo:margin-top": "0.1cm", "fo:margin-bottom": "0.35cm"})
    yield el("style:style", {"style:family": "table", "style:name": "Tableau"}, around)
    border = {"fo:border": "0.5pt solid #857b6d", "fo:padding": "0.1cm"}
    cell = el("style:table-cell-properties", border)
    yield el("style:style", {"style:family": "table-cell", "style:name": "Case"}, cell)


@dataclass(frozen=True)
class OdtPlace:
    """Where a block goes: its element, the depth in lists, the style of its plain paragraphs."""

    element: Element
    depth: int = 0
    style: str = BODY
    bold: bool = False


class OdtWriter(ManuscriptWriter):
    def __init__(self, manuscript: Manuscript) -> None:
        super().__init__(manuscript)
        self.list_styles: list[Any] = [self._bullets()]
        self.notes = self.tables = 0

    def opening(self, body: Element) -> None:
        if self.manuscript.is_draft:
            body.append(el("text:p", {"text:style-name": NAMES[QUESTION_STYLE]}, _("PROJET")))
            body.append(el("text:p", {"text:style-name": BODY}, self.manuscript.notice))
        body.append(el("text:p", {"text:style-name": "Title"}, self.manuscript.title))
        for line in self.manuscript.lines:
            body.append(el("text:p", {"text:style-name": BODY}, line))

    def paragraph(self, node: Tree, place: Any) -> None:
        place.element.append(
            self._line("text:p", {"text:style-name": place.style}, ms.text_runs(node, bold=place.bold))
        )

    def heading(self, node: Tree, level: int, place: Any) -> None:
        rank = min(level, DEEPEST)
        if place.depth:  # a list item contains no heading in this format
            place.element.append(self._line("text:p", {"text:style-name": NAMES[QUESTION_STYLE]}, ms.text_runs(node)))
            return
        attrs = {"text:outline-level": rank, "text:style-name": HEADING.format(level=rank)}
        place.element.append(self._line("text:h", attrs, ms.text_runs(node)))

    def listing(self, node: Tree, place: Any) -> None:
        style = self._numbers(node["attrs"]["start"]) if node["type"] == "orderedList" else "Puces"
        list_element = el("text:list", {"text:style-name": style})
        for item in ms.blocks(node):
            line = el("text:list-item")
            self._item(ms.blocks(item), replace(place, element=line, depth=place.depth + 1))
            list_element.append(line)
        place.element.append(list_element)

    def _item(self, nodes: Any, place: OdtPlace) -> None:
        """Write the text of tables and quotations as paragraphs: a list item may only hold paragraphs and lists."""
        for node in nodes:
            if node["type"] == "table":
                for _top, _left, _height, _width, cell in ms.cells(node):
                    self._item(ms.blocks(cell), place)
            else:
                self.write(node, place)

    def quotation(self, node: Tree, place: Any) -> None:
        self.write_all(ms.blocks(node), replace(place, style=QUOTE))

    def table(self, node: Tree, place: Any) -> None:
        self.tables += 1
        columns = ms.width_of(node)
        name = _("Tableau %(number)s") % {"number": self.tables}
        table_element = el("table:table", {"table:name": name, "table:style-name": "Tableau"})
        table_element.append(el("table:table-column", {"table:number-columns-repeated": columns}))
        starts = {(top, left): (height, width, cell) for top, left, height, width, cell in ms.cells(node)}
        covered = {
            (top + down, left + across)
            for (top, left), (height, width, _cell) in starts.items()
            for down in range(height)
            for across in range(width)
        } - set(starts)
        rows = ms.blocks(node)
        headings = 0
        while headings < len(rows) and ms.is_heading_row(rows[headings]):
            headings += 1
        head = el("table:table-header-rows")
        for top in range(len(rows)):
            line = el("table:table-row")
            for left in range(columns):
                line.append(self._cell(starts.get((top, left)), covered=(top, left) in covered))
            (head if top < headings else table_element).append(line)
            if top == headings - 1:
                table_element.append(head)
        place.element.append(table_element)

    def _cell(self, grid_cell: tuple[int, int, Tree] | None, *, covered: bool) -> Element:
        if grid_cell is None:
            return el("table:covered-table-cell" if covered else "table:table-cell")
        height, width, cell = grid_cell
        attrs: dict[str, Any] = {"table:style-name": "Case", "office:value-type": "string"}
        if height > 1:
            attrs["table:number-rows-spanned"] = height
        if width > 1:
            attrs["table:number-columns-spanned"] = width
        cell_element = el("table:table-cell", attrs)
        self.write_all(ms.blocks(cell), OdtPlace(cell_element, bold=cell["type"] == "tableHeader"))
        return cell_element

    def recommendation(self, node: Tree, place: Any) -> None:
        title, answered = ms.sheet(node)
        number = self.number_of(node)
        runs = [Run(f"{number} – ")] if number else []
        attrs = {"text:outline-level": 2, "text:style-name": NAMES[SHEET_STYLE]}
        place.element.append(self._line("text:h", attrs, [*runs, *ms.text_runs(title)]))
        for line in self.facts_of(node):
            place.element.append(el("text:p", {"text:style-name": BODY}, line))
        for question, answer in answered:
            place.element.append(el("text:p", {"text:style-name": NAMES[QUESTION_STYLE]}, question))
            self.write_all(answer, place)

    def _line(self, tag: str, attrs: Mapping[str, Any], runs: Any) -> Element:
        return el(tag, attrs, *(piece for run in runs for piece in self._pieces(run)))

    def _pieces(self, run: Run) -> Iterator[Any]:
        if run.note:
            self.notes += 1
            body = el("text:note-body", None, el("text:p", {"text:style-name": "Footnote"}, run.note))
            citation = el("text:note-citation", None, str(self.notes))
            yield el("text:note", {"text:id": f"ftn{self.notes}", "text:note-class": "footnote"}, citation, body)
        elif run.is_break:
            yield el("text:line-break")
        elif run.href:
            yield el("text:a", {"xlink:href": run.href, "xlink:type": "simple"}, *self._dressed(run))
        else:
            yield from self._dressed(run)

    def _dressed(self, run: Run) -> Iterator[Any]:
        make = ("B" if run.bold else "") + ("I" if run.italic else "")
        pieces = list(_spaced(run.text))
        if make:
            yield el("text:span", {"text:style-name": make}, *pieces)
        else:
            yield from pieces

    def _bullets(self) -> Element:
        style = el("text:list-style", {"style:name": "Puces"})
        for level in range(1, LIST_LEVELS + 1):
            attrs = {"text:level": level, "text:bullet-char": "•–▪"[(level - 1) % 3]}
            style.append(el("text:list-level-style-bullet", attrs, _indent(level)))
        return style

    def _numbers(self, start: int) -> str:
        """Add a list style of its own, since each numbered list has its own first number, and return its name."""
        name = f"Nombres{len(self.list_styles)}"
        style = el("text:list-style", {"style:name": name})
        for level in range(1, LIST_LEVELS + 1):
            attrs = {
                "text:level": level,
                "style:num-format": "1ai"[(level - 1) % 3],
                "style:num-suffix": ".",
                "text:start-value": start,
            }
            style.append(el("text:list-level-style-number", attrs, _indent(level)))
        self.list_styles.append(style)
        return name


def _spaced(text: str) -> Iterator[Any]:
    """Yield the text with repeated spaces as elements: the format reads several plain spaces as one."""
    first, *others = text.split("  ")
    if first:
        yield first
    for other in others:
        yield " "
        yield el("text:s")
        if other:
            yield other


def _indent(level: int) -> Element:
    label = el(
        "style:list-level-label-alignment",
        {
            "text:label-followed-by": "listtab",
            "text:list-tab-stop-position": f"{level * STEP}cm",
            "fo:text-indent": f"-{STEP}cm",
            "fo:margin-left": f"{level * STEP}cm",
        },
    )
    attrs = {"text:list-level-position-and-space-mode": "label-alignment"}
    return el("style:list-level-properties", attrs, label)
