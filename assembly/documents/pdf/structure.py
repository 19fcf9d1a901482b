"""Normalisation of pasted rich text for accessible documents: lists of items, full rows, headings without gaps.

Browsers accept a list item outside of a list, a ragged table, a heading that skips a level; PDF/UA does not.
"""

from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element, SubElement

HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
DEEPEST = 6
BLOCKS = {"p", "ul", "ol", "blockquote", "table", *HEADINGS}
SECTIONS = ("thead", "tbody", "tfoot")
MAX_COLUMNS = 40
MAX_CELLS = 20_000


class TableTooLarge(Exception):
    """A table that no page could show."""


def repair_tree(root: Element, *, top_heading: int) -> None:
    """Repair lists, tables, links and headings of a tree in place."""
    for parent in list(root.iter()):
        if parent.tag in {"ul", "ol"}:
            _wrap_non_items(parent)
        else:
            _wrap_stray_items(parent)
    for table in list(root.iter("table")):
        _repair_table(table)
    _remove_empty(root)
    _number_headings(root, top_heading)
    _wrap_bare_text(root)


def _wrap_non_items(items: Element) -> None:
    """Move children that are no items into the item before them, or into an item of their own."""
    children, items_text = list(items), items.text
    items.text = None
    items[:] = []
    if items_text and items_text.strip():
        SubElement(items, "li").text = items_text
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag == "li":
            items.append(child)
        else:
            (items[-1] if len(items) else SubElement(items, "li")).append(child)
        if tail and tail.strip():
            _append_text(items[-1], tail)


def _wrap_stray_items(parent: Element) -> None:
    """Put items outside of a list into a new list."""
    if not any(child.tag == "li" for child in parent):
        return
    children = list(parent)
    parent[:] = []
    for child in children:
        if child.tag != "li":
            parent.append(child)
            continue
        last = parent[-1] if len(parent) else None
        if last is None or last.tag != "ul" or (last.tail and last.tail.strip()):
            last = SubElement(parent, "ul")
        last.tail, child.tail = child.tail, None
        last.append(child)


def _append_text(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _repair_table(table: Element) -> None:
    """Repair a table: one caption first, at most one head, rows of equal width, headers with their scope."""
    captions = [child for child in table if child.tag == "caption"]
    groups = _groups(table)
    table.text = None
    table[:] = captions[:1] + groups
    for child in table:
        child.tail = None
    width = max((_lay_out(group) for group in groups), default=0)
    for group in groups:
        _pad(group, width)
        for number, row in enumerate(group):
            for column, cell in enumerate(row):
                if cell.tag == "th" and not cell.get("scope"):
                    in_head = group.tag == "thead" or (number == 0 and column > 0) or width == 1
                    cell.set("scope", "col" if in_head else "row")


def _groups(table: Element) -> list[Element]:
    """Return row groups with only rows, rows with only cells; a second head or foot becomes body."""
    groups: list[Element] = []
    seen: set[str] = set()
    for child in table:
        if child.tag not in SECTIONS:
            continue
        child.text = None
        child[:] = [row for row in child if row.tag == "tr" and len(row)]
        for row in child:
            row.text = row.tail = None
            row[:] = [cell for cell in row if cell.tag in {"td", "th"}]
            for cell in row:
                cell.tail = None
        if child.tag in seen and child.tag != "tbody":
            child.tag = "tbody"
        seen.add(child.tag)
        if len(child):
            groups.append(child)
    return groups


def _span(cell: Element, name: str, limit: int) -> int:
    span = max(min(int(cell.get(name, "1")), limit), 1)
    if span == 1:
        cell.attrib.pop(name, None)
    else:
        cell.set(name, str(span))
    return span


def _lay_out(group: Element) -> int:
    """Cut spans that leave the group; return the number of columns that it takes."""
    return max(_row_widths(group), default=0)


def _row_widths(group: Element) -> Iterator[int]:
    """Yield the number of columns of each row, its own cells and those that span down from above."""
    hanging: dict[int, int] = {}
    for number, row in enumerate(group):
        column = 0
        below: dict[int, int] = {position: left - 1 for position, left in hanging.items() if left > 1}
        taken = set(hanging)
        for cell in row:
            while column in taken:
                column += 1
            rows = _span(cell, "rowspan", len(group) - number)
            columns = _span(cell, "colspan", _free(taken, column))
            for position in range(column, column + columns):
                taken.add(position)
                if rows > 1:
                    below[position] = rows - 1
            column += columns
        hanging = below
        width = max(taken, default=-1) + 1
        if width > MAX_COLUMNS:
            raise TableTooLarge
        yield width


def _free(taken: set[int], column: int) -> int:
    """Return how many columns are free from this one on, before a cell that spans down from above."""
    return min((position for position in taken if position > column), default=column + MAX_COLUMNS + 1) - column


def _pad(group: Element, width: int) -> None:
    if len(group) * width > MAX_CELLS:
        raise TableTooLarge
    for row, taken in zip(list(group), list(_row_cells(group)), strict=True):
        for _missing in range(width - taken):
            SubElement(row, "td")


def _row_cells(group: Element) -> Iterator[int]:
    """Yield the number of columns really covered in each row."""
    hanging: list[int] = []
    for row in group:
        covered = len(hanging)
        below = [left - 1 for left in hanging if left > 1]
        for cell in row:
            columns = int(cell.get("colspan", "1"))
            covered += columns
            rows = int(cell.get("rowspan", "1"))
            if rows > 1:
                below.extend([rows - 1] * columns)
        hanging = below
        yield covered


def _has_text(element: Element) -> bool:
    return any(text.strip() for text in element.itertext())


def _remove_empty(root: Element) -> None:
    """Remove headings, links, lists and tables without text, which screen readers announce all the same."""
    for parent in list(root.iter()):
        for child in list(parent):
            hollow = child.tag in {*HEADINGS, "ul", "ol", "li", "table", "caption", "a"} and not _has_text(child)
            if hollow:
                _remove(parent, child)
            elif child.tag == "a" and not child.get("href"):
                _unwrap(parent, child)


def _remove(parent: Element, child: Element) -> None:
    index = list(parent).index(child)
    parent.remove(child)
    _give_text(parent, index, child.tail)


def _give_text(parent: Element, place: int, text: str | None) -> None:
    if not text:
        return
    if place:
        parent[place - 1].tail = (parent[place - 1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


def _unwrap(parent: Element, child: Element) -> None:
    index = list(parent).index(child)
    inner = list(child)
    parent.remove(child)
    _give_text(parent, index, child.text)
    parent[index:index] = inner
    _give_text(parent, index + len(inner), child.tail)


def _number_headings(root: Element, top: int) -> None:
    """Give the first heading the level `top`, and let none skip a level going down."""
    path: list[int] = []
    for element in root.iter():
        if element.tag not in HEADINGS:
            continue
        level = HEADINGS[element.tag]
        while path and path[-1] >= level:
            path.pop()
        path.append(level)
        element.tag = f"h{min(top + len(path) - 1, DEEPEST)}"


def _wrap_bare_text(root: Element) -> None:
    """Wrap text at the top level in a paragraph."""
    children, text = list(root), root.text
    root[:] = []
    root.text = None
    paragraph: Element | None = None
    if text and text.strip():
        paragraph = SubElement(root, "p")
        paragraph.text = text
    for child in children:
        tail, child.tail = child.tail, None
        if child.tag in BLOCKS:
            root.append(child)
            paragraph = None
        else:
            paragraph = SubElement(root, "p") if paragraph is None else paragraph
            paragraph.append(child)
        if tail and (paragraph is not None or tail.strip()):
            paragraph = SubElement(root, "p") if paragraph is None else paragraph
            _append_text(paragraph, tail)


def serialise(root: Element) -> str:
    """Return the children of a tree as HTML."""
    return "".join([escape(root.text or "", quote=False), *(part for child in root for part in _write(child))]).strip()


def _write(element: Element) -> Iterator[str]:
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in sorted(element.attrib.items()))
    yield f"<{element.tag}{attributes}>"
    if element.tag != "br":
        yield escape(element.text or "", quote=False)
        for child in element:
            yield from _write(child)
        yield f"</{element.tag}>"
    yield escape(element.tail or "", quote=False)
