"""Trees as HTML, everything escaped, nothing but the elements named here.

`to_html` is the editing schema, identical to the output of the editor's `getHTML`; `to_page` is the text for a page or
for print: questions, numbers and notes in words, no anchors of comments, nothing invisible.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from assembly.collab.document import plain_text
from assembly.collab.document.grammar import NODES, PROMPTS, Tree, is_safe_link
from assembly.collab.document.plain_text import Path, Shown, visible, with_suggestions

REL = "noopener noreferrer nofollow"

_TEXT = {ord("&"): "&amp;", ord("<"): "&lt;", ord(">"): "&gt;", 0xA0: "&nbsp;"}
_ATTRIBUTE = {**_TEXT, ord('"'): "&quot;"}


def escaped(text: str) -> str:
    """Return text escaped for a place between two tags."""
    return text.translate(_TEXT)


def html_attribute(name: str, value: str) -> str:
    """Return one attribute, with the space before it."""
    return f' {name}="{value.translate(_ATTRIBUTE)}"'


def element(tag: str, inner: str, attrs: Mapping[str, str] | None = None) -> str:
    """Return an element around HTML that is escaped already."""
    return f"<{tag}{''.join(html_attribute(name, value) for name, value in (attrs or {}).items())}>{inner}</{tag}>"


def outgoing_link(href: str) -> tuple[str, str]:
    """Return the tags of a link that leads out of the site; an address that is not allowed becomes empty."""
    return f"<a{html_attribute('href', href if is_safe_link(href) else '')}{html_attribute('rel', REL)}>", "</a>"


def laid(node: Tree) -> list[Tree]:
    """Return the marks of a node."""
    return node.get("marks", [])


def spread(
    nodes: Iterable[Tree],
    mark: Callable[[Tree], tuple[str, str]],
    render: Callable[[Tree], str],
    marks_of: Callable[[Tree], list[Tree]] = laid,
) -> str:
    """Return nodes as HTML; a mark that neighbours share is opened once around them, as ProseMirror does."""
    out: list[str] = []
    active: list[Tree] = []
    for node in nodes:
        marks = marks_of(node)
        shared = 0
        while shared < min(len(active), len(marks)) and active[shared] == marks[shared]:
            shared += 1
        out += [mark(item)[1] for item in reversed(active[shared:])]
        out += [mark(item)[0] for item in marks[shared:]]
        out.append(render(node))
        active = marks
    return "".join(out + [mark(item)[1] for item in reversed(active)])


def unless_one(attrs: Mapping[str, Any], *names: str) -> dict[str, str]:
    """Return the counts other than 1, as attributes."""
    return {name: str(attrs[name]) for name in names if attrs[name] != 1}


TAGS = {
    "paragraph": "p",
    "bulletList": "ul",
    "orderedList": "ol",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
    "tableHeader": "th",
    "tableCell": "td",
    "recommendation": "section",
    "recommendationTitle": "h3",
}


def to_html(
    tree: Tree,
    *,
    suggestions: Shown = "shown",
    numbers: Mapping[str, str] | None = None,
    alineas: bool = False,
) -> str:
    """Return the HTML of the editing schema; with `numbers` or `alineas`, the one to be read (see `to_page`)."""
    if numbers is not None or alineas:
        return to_page(tree, suggestions=suggestions, numbers=numbers, alineas=alineas)
    return _content(with_suggestions(tree, suggestions))


def _content(node: Tree) -> str:
    return spread(node.get("content", []), _mark, _node)


def _node(node: Tree) -> str:
    kind, attrs = node["type"], node.get("attrs", {})
    match kind:
        case "text":
            return escaped(node["text"])
        case "hardBreak":
            return "<br>"
        case "footnote":
            return element("small", escaped(attrs["text"]), {"data-footnote": ""})
        case "heading":
            return element(f"h{attrs['level']}", _content(node))
        case "table":
            return element("table", element("tbody", _content(node)))
        case "recommendationField":
            question = element("dt", escaped(str(PROMPTS[attrs["prompt"]])))
            return element("dl", question + element("dd", _content(node)), {"data-prompt": attrs["prompt"]})
        case _:
            return element(TAGS[kind], _content(node), _attributes(kind, attrs))


def _attributes(kind: str, attrs: Mapping[str, Any]) -> dict[str, str]:
    match kind:
        case "orderedList":
            return unless_one(attrs, "start")
        case "tableHeader" | "tableCell":
            return unless_one(attrs, "colspan", "rowspan")
        case "recommendation":
            return {"data-recommendation": attrs["id"]}
        case "recommendationTitle":
            return {"data-recommendation-title": ""}
        case _:
            return {}


def _mark(mark: Tree) -> tuple[str, str]:
    attrs = mark.get("attrs", {})
    match mark["type"]:
        case "bold":
            return "<strong>", "</strong>"
        case "italic":
            return "<em>", "</em>"
        case "link":
            return outgoing_link(attrs["href"])
        case "comment":
            return f"<mark{html_attribute('data-comment', attrs['id'])}>", "</mark>"
        case "insertion":
            return f"<ins{html_attribute('data-id', attrs['id'])}>", "</ins>"
        case "deletion":
            return f"<del{html_attribute('data-id', attrs['id'])}>", "</del>"
        case _:
            return _modification(attrs)


def _modification(attrs: Mapping[str, Any]) -> tuple[str, str]:
    named = {"data-type": "modification", "data-id": attrs["id"], "data-mod-type": attrs["type"]}
    if attrs["attrName"] is not None:
        named["data-mod-attr"] = attrs["attrName"]
    named["data-mod-prev-val"] = _json(attrs["previousValue"])
    named["data-mod-new-val"] = _json(attrs["newValue"])
    return f"<span{''.join(html_attribute(name, value) for name, value in named.items())}>", "</span>"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


# A browser accepts only items in a list and only cells in a row, so that suggestions go inside those.
INWARD = frozenset({"listItem", "tableRow", "tableHeader", "tableCell"})


def to_page(
    tree: Tree,
    *,
    suggestions: Shown = "original",
    numbers: Mapping[str, str] | None = None,
    alineas: bool = False,
    heading_shift: int = 0,
    anchor: str = "",
) -> str:
    """Return the HTML to read: questions in words, notes in a list at the end, no comment anchors, nothing invisible.

    `numbers` gives the number after « Préconisation » by the id of the node; `alineas` prints the number of each
    passage (those of `alineas` for the same tree); `heading_shift` moves headings down; `anchor` begins every id
    when several texts share a page. With suggestions="shown", hidden text marks where a suggestion begins and ends.
    """
    shown = with_suggestions(tree, suggestions)
    numbers_by_path = {alinea.path: alinea.number for alinea in plain_text.alineas(shown)} if alineas else {}
    page = _Page(numbers or {}, numbers_by_path, heading_shift, anchor)
    body = page.children(shown, ())
    return body + page.list_of_notes()


def inner_html(blocks: list[Tree]) -> str:
    """Return some blocks of a settled text as they are read, notes in brackets after the words."""
    page = _Page({}, {}, 0, "", has_list=False)
    return page.children({"type": "doc", "content": blocks}, ())


@dataclass
class _Page:
    numbers: Mapping[str, str]
    alineas: Mapping[Path, int]
    shift: int
    anchor: str
    has_list: bool = True
    notes: list[str] = field(default_factory=list)

    def children(self, node: Tree, path: Path) -> str:
        """Return the HTML of a node's children; runs without a visible character are left out, with their marks."""
        content = [
            (index, child)
            for index, child in enumerate(node.get("content", []))
            if child["type"] != "text" or visible(child["text"])
        ]
        indexes = iter(index for index, _child in content)
        return spread(
            [child for _index, child in content],
            self.mark,
            lambda child: self.node(child, (*path, next(indexes))),
            lambda child: [] if child["type"] in INWARD else laid(child),
        )

    def node(self, node: Tree, path: Path) -> str:
        match node["type"]:
            case "text":
                return escaped(visible(node["text"]))
            case "hardBreak":
                return "<br>"
            case "footnote":
                return self.footnote(node)
            case kind:
                return self.blocks.get(kind, self.block)(node, path)

    @property
    def blocks(self) -> Mapping[str, Callable[[Tree, Path], str]]:
        return {
            "paragraph": self.paragraph,
            "heading": self.heading,
            "listItem": self.item,
            "table": self.table,
            "recommendation": self.recommendation,
        }

    def mark(self, mark: Tree) -> tuple[str, str]:
        match mark["type"]:
            case "bold":
                return "<strong>", "</strong>"
            case "italic":
                return "<em>", "</em>"
            case "link" if is_safe_link(mark["attrs"]["href"]):
                return outgoing_link(mark["attrs"]["href"])
            case "insertion":
                return marked_change("ins", _("début de l’ajout proposé"), _("fin de l’ajout proposé"))
            case "deletion":
                return marked_change("del", _("début de la suppression proposée"), _("fin de la suppression proposée"))
            case _:
                return "", ""

    def footnote(self, node: Tree) -> str:
        note = visible(node["attrs"]["text"]).strip()
        if not note:
            return ""
        if not self.has_list:
            return escaped(f" ({note})")
        self.notes.append(note)
        number = len(self.notes)
        call = {"href": f"#{self.anchor}note-{number}", "id": f"{self.anchor}appel-{number}"}
        return element("sup", element("a", f"{hidden(_('note '))}{number}", call), {"class": "footnote-call"})

    def list_of_notes(self) -> str:
        if not self.notes:
            return ""
        items = "".join(self.note(number, note) for number, note in enumerate(self.notes, 1))
        return element("section", element("ol", items), {"class": "footnotes", "aria-label": _("Notes")})

    def note(self, number: int, note: str) -> str:
        label = _("Retour au texte, note %(number)s") % {"number": number}
        back = element("a", escaped(label), {"href": f"#{self.anchor}appel-{number}"})
        return element("li", f"{escaped(note)} {back}", {"id": f"{self.anchor}note-{number}"})

    def number(self, path: Path) -> str:
        if (number := self.alineas.get(path)) is None:
            return ""
        return element("span", f"{hidden(_('alinéa '))}{number}", {"class": "alinea-number"}) + " "

    def place(self, path: Path) -> dict[str, str]:
        number = self.alineas.get(path)
        return {} if number is None else {"id": f"{self.anchor}alinea-{number}"}

    def block(self, node: Tree, path: Path) -> str:
        tag = {"bulletList": "ul", "orderedList": "ol", "blockquote": "blockquote"}[node["type"]]
        attrs = unless_one(node["attrs"], "start") if node["type"] == "orderedList" else {}
        return element(tag, self.children(node, path), attrs)

    def paragraph(self, node: Tree, path: Path) -> str:
        inner = self.children(node, path)
        number = self.number(path) or (self.number(path[:-1]) if path[-1] == 0 else "")
        return element("p", number + inner, self.place(path)) if inner or number else ""

    def heading(self, node: Tree, path: Path) -> str:
        inner = self.children(node, path)
        tag = f"h{min(node['attrs']['level'] + self.shift, 6)}"
        return element(tag, self.number(path) + inner, self.place(path)) if inner else ""

    def item(self, node: Tree, path: Path) -> str:
        return element("li", self.inward(node, self.children(node, path)), self.place(path))

    def inward(self, node: Tree, inner: str) -> str:
        tags = [self.mark(mark) for mark in node.get("marks", [])]
        return "".join(tag[0] for tag in tags) + inner + "".join(tag[1] for tag in reversed(tags))

    def table(self, node: Tree, path: Path) -> str:
        rows = node.get("content", [])
        cells = rows[0].get("content", []) if rows else []
        is_headed = all(cell["type"] == "tableHeader" and cell["attrs"]["rowspan"] == 1 for cell in cells)
        html_rows = [self.row(row, (*path, rank), is_head=is_headed and not rank) for rank, row in enumerate(rows)]
        if is_headed and len(html_rows) > 1:
            return element("table", element("thead", html_rows[0]) + element("tbody", "".join(html_rows[1:])))
        return element("table", element("tbody", "".join(html_rows)))

    def row(self, node: Tree, path: Path, *, is_head: bool) -> str:
        cells = []
        for rank, cell in enumerate(node.get("content", [])):
            inner = self.children(cell, (*path, rank))
            inner = self.inward(node, self.inward(cell, inner)) if inner else ""
            attrs = unless_one(cell["attrs"], "colspan", "rowspan")
            if cell["type"] == "tableHeader":
                attrs["scope"] = "col" if is_head else "row"
            number = self.number(path) if not rank else ""
            cells.append(element("th" if "scope" in attrs else "td", number + inner, attrs))
        return element("tr", "".join(cells), self.place(path))

    def recommendation(self, node: Tree, path: Path) -> str:
        identity = node["attrs"]["id"]
        eyebrow = ""
        if number := self.numbers.get(identity):
            eyebrow = element("p", escaped(_("Préconisation %(number)s") % {"number": number}), {"class": "over"})
        title, answers = "", []
        for rank, child in enumerate(node.get("content", [])):
            if child["type"] == "recommendationTitle":
                title += self.title(child, (*path, rank))
            else:
                answers.append(self.answer(child, (*path, rank)))
        attrs = {"class": "recommendation", "id": f"{self.anchor}preconisation-{identity}"}
        return element("section", eyebrow + title + element("dl", "".join(answers)), attrs)

    def title(self, node: Tree, path: Path) -> str:
        inner = self.children(node, path) or escaped(_("Titre à écrire"))
        return element(f"h{min(3 + self.shift, 6)}", self.number(path) + inner, self.place(path))

    def answer(self, node: Tree, path: Path) -> str:
        inner = self.children(node, path)
        if not plain_text.line_text(_flat(node)):
            inner = element(
                "p", self.number((*path, 0)) + escaped(_("Pas encore de réponse.")), self.place((*path, 0))
            )
        return element("dt", escaped(plain_text.question_label(node["attrs"]["prompt"]))) + element("dd", inner)


def _flat(node: Tree) -> Tree:
    """Return all the text of a node as one line."""
    if NODES[node["type"]].is_text_block:
        return node
    leaf_nodes = [leaf for child in node.get("content", []) for leaf in _flat(child).get("content", [])]
    return {"type": "paragraph", "content": leaf_nodes}


def hidden(sentence: str) -> str:
    """Return visually hidden text, for screen readers."""
    return element("span", escaped(sentence), {"class": "vh"})


def marked_change(tag: str, before: str, after: str) -> tuple[str, str]:
    """Return the tags around added or deleted text, with hidden text that announces it."""
    return f"<{tag}>{hidden(before + ' ')}", f"{hidden(' ' + after)}</{tag}>"
