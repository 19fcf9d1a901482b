"""Clean HTML from the sanitizer as blocks of a tree: markup that no tree holds is counted and becomes plain text."""

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from assembly.collab.document import grammar
from assembly.collab.document.grammar import Tree

BOLD, ITALIC = {"b", "strong"}, {"i", "em"}
DRESS = {"u", "s", "ins", "del", "sub", "sup"}
CALL = re.compile(r"#((?:foot|end)note-\d+)")
BACK = re.compile(r"#((?:foot|end)note)-ref-(\d+)")
DEEPEST_HEADING = 4
BLOCKS = {"p", "ul", "ol", "blockquote", "table", "h2", "h3", "h4", "h5", "h6"}


class Markup:
    """One reading of an HTML text. `lost` counts the links and character styles that became plain text."""

    def __init__(self, html: str) -> None:
        xml = html.replace("<br>", "<br/>")
        self.root = ET.fromstring(f"<div>{xml}</div>")  # noqa: S314 -- written by our sanitizer: no doctype, no entity
        self.lost: Counter[str] = Counter()
        self.notes = self._take_notes()

    def blocks(self) -> list[Tree]:
        return [block for child in self.root for block in self._block(child)]

    def _take_notes(self) -> dict[str, str]:
        """Take the notes out of the text: they are in a last list, each with an arrow back to its call."""
        notes: dict[str, str] = {}
        for parent in list(self.root.iter()):
            for listing in [child for child in parent if child.tag == "ol"]:
                for item in list(listing):
                    back = next((BACK.fullmatch(link.get("href", "")) for link in item.iter("a")), None)
                    if back:
                        text = "".join(item.itertext()).replace("↑", "")
                        notes[f"{back[1]}-{back[2]}"] = " ".join(text.split())[: grammar.MAX_FOOTNOTE]
                        listing.remove(item)
                if not len(listing):
                    parent.remove(listing)
        return notes

    def _block(self, element: ET.Element) -> Iterator[Tree]:
        tag = element.tag
        if tag == "p":
            yield self._text_block("paragraph", element)
        elif tag in {"ul", "ol"}:
            yield self._list(element)
        elif tag == "blockquote":
            yield grammar.node("blockquote", content=self._children(element))
        elif tag == "table":
            yield from self._table(element)
        elif tag.startswith("h") and tag[1:].isdecimal():
            level = min(max(int(tag[1:]), 2), DEEPEST_HEADING)
            yield self._text_block("heading", element, {"level": level})
        else:
            yield from self._children(element)

    def _text_block(self, kind: str, element: ET.Element, attrs: dict[str, int] | None = None) -> Tree:
        return grammar.node(kind, attrs, content=trimmed_inline(list(self._inline(element, []))))

    def _children(self, element: ET.Element) -> list[Tree]:
        """Return the blocks of an item, a cell or a quotation; bare text around them becomes paragraphs."""
        blocks: list[Tree] = []
        bare: list[Tree] = list(self._text_nodes(element.text, []))
        for child in element:
            if child.tag in BLOCKS:
                blocks += [*_paragraph(bare), *self._block(child)]
                bare = list(self._text_nodes(child.tail, []))
            else:
                bare += [*self._piece(child, []), *self._text_nodes(child.tail, [])]
        blocks += _paragraph(bare)
        return blocks or [grammar.node("paragraph")]

    def _list(self, element: ET.Element) -> Tree:
        ordered = element.tag == "ol"
        items = []
        for child in element:
            content = self._children(child)
            if content[0]["type"] != "paragraph":
                content.insert(0, grammar.node("paragraph"))
            items.append(grammar.node("listItem", content=content))
        return grammar.node("orderedList" if ordered else "bulletList", content=items)

    def _table(self, element: ET.Element) -> Iterator[Tree]:
        for caption in element.iter("caption"):
            yield self._text_block("paragraph", caption)
        rows = []
        for row in element.iter("tr"):
            cells = [self._cell(cell) for cell in row if cell.tag in {"td", "th"}]
            if cells:
                rows.append(grammar.node("tableRow", content=cells))
        if rows:
            yield grammar.node("table", content=rows)

    def _cell(self, element: ET.Element) -> Tree:
        spans = {name: int(element.get(name, 1)) for name in ("colspan", "rowspan")}
        kind = "tableHeader" if element.tag == "th" else "tableCell"
        return grammar.node(kind, spans, content=self._children(element))

    def _inline(self, element: ET.Element, marks: list[Tree]) -> Iterator[Tree]:
        yield from self._text_nodes(element.text, marks)
        for child in element:
            yield from self._piece(child, marks)
            yield from self._text_nodes(child.tail, marks)

    def _piece(self, element: ET.Element, marks: list[Tree]) -> Iterator[Tree]:
        tag = element.tag
        if note := self._note(element):
            yield grammar.node("footnote", {"text": note})
        elif tag == "br":
            yield grammar.node("hardBreak")
        elif tag in BOLD:
            yield from self._inline(element, [*marks, {"type": "bold"}])
        elif tag in ITALIC:
            yield from self._inline(element, [*marks, {"type": "italic"}])
        elif tag == "a" and (link := grammar.mark("link", {"href": element.get("href")})):
            yield from self._inline(element, [*marks, link])
        else:
            self.lost["links"] += tag == "a"
            self.lost["dress"] += tag in DRESS
            yield from self._inline(element, marks)

    def _note(self, element: ET.Element) -> str:
        """Return the text of the note that is called here, if this is a call."""
        link = element if element.tag == "a" else element.find("a") if element.tag == "sup" else None
        call = CALL.fullmatch(link.get("href", "")) if link is not None else None
        return self.notes.get(call[1], "") if call else ""

    def _text_nodes(self, text: str | None, marks: list[Tree]) -> Iterator[Tree]:
        if text and (cleaned := grammar.clean_text(text.replace("\n", " "))):
            yield grammar.text_run(cleaned, grammar.ordered(marks) or None)


def _paragraph(bare: list[Tree]) -> list[Tree]:
    content = trimmed_inline(bare)
    return [grammar.node("paragraph", content=content)] if content else []


def trimmed_inline(content: list[Tree]) -> list[Tree]:
    """Return the inline content without blank ends, as a person would have typed it."""
    nodes = list(content)
    while nodes and _is_blank(nodes[0]):
        nodes.pop(0)
    while nodes and _is_blank(nodes[-1]):
        nodes.pop()
    if nodes and nodes[0]["type"] == "text":
        nodes[0] = {**nodes[0], "text": nodes[0]["text"].lstrip()}
    if nodes and nodes[-1]["type"] == "text":
        nodes[-1] = {**nodes[-1], "text": nodes[-1]["text"].rstrip()}
    return nodes


def _is_blank(node: Tree) -> bool:
    return node["type"] == "hardBreak" or (node["type"] == "text" and not node["text"].strip())
