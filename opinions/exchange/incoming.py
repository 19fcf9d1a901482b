"""A Word file from outside as a tree of the site, with the account of what is retained and what is left out."""

import json
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree as ET

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _, ngettext_lazy

from assembly.collab.document import grammar
from assembly.collab.document.grammar import LINK_SCHEMES, PROMPTS, Tree
from assembly.collab.document.schema import check
from assembly.documents.pdf import sanitizer
from assembly.files import child_process
from assembly.text import printable
from opinions.exchange.word_child import DEEP, DONE

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


REFERENCE = re.compile(r"^\s*[A-Z]{1,4}\d*-\d{4}-\d{2}-P\d{1,3}\s*[–—:-]\s*")
MAX_TITLE = 300
TAKEN = {"paragraph", "bulletList", "orderedList"}


def text_of(node: Tree) -> str:
    """Return the plain text of a node."""
    if node["type"] == "text":
        return str(node["text"])
    return "".join(text_of(child) for child in node.get("content", ()))


def _key(question: str) -> str:
    """Return a question in comparable form, without accents, capitals, punctuation and repeated spaces."""
    plain = unicodedata.normalize("NFD", question).replace("’", "'")
    letters = "".join(letter for letter in plain.casefold() if unicodedata.category(letter) != "Mn")
    return " ".join(re.sub(r"[^a-z' ]", " ", letters).split())


def question_of(node: Tree) -> str:
    """Return which of the six questions this block is; empty for any other block."""
    if node["type"] not in {"paragraph", "heading"}:
        return ""
    asked = _key(text_of(node))
    return next((prompt for prompt, question in PROMPTS.items() if asked == _key(str(question))), "")


def gather_recommendations(blocks: list[Tree]) -> list[Tree]:
    """Return the blocks, with each title followed by the questions made a recommendation of the schema."""
    nodes: list[Tree] = []
    place = 0
    while place < len(blocks):
        if question_of(blocks[place]):
            title = nodes.pop() if nodes and _may_be_title(nodes[-1]) else None
            end = _end(blocks, place)
            nodes.append(_sheet(title, blocks[place:end]))
            place = end
        else:
            nodes.append(blocks[place])
            place += 1
    return nodes


def _may_be_title(node: Tree) -> bool:
    return node["type"] in {"heading", "paragraph"} and 0 < len(text_of(node).strip()) <= MAX_TITLE


def _end(blocks: list[Tree], start: int) -> int:
    """Return where the recommendation that begins here ends: at a heading, or before the title of the next one."""
    asked: set[str] = set()
    for place in range(start, len(blocks)):
        question = question_of(blocks[place])
        if question in asked:
            is_titled = place > start + 1 and not question_of(blocks[place - 1]) and _may_be_title(blocks[place - 1])
            return place - 1 if is_titled else place
        if not question and blocks[place]["type"] == "heading":
            return place
        if question:
            asked.add(question)
    return len(blocks)


def _sheet(title: Tree | None, blocks: list[Tree]) -> Tree:
    fields: dict[str, list[Tree]] = {}
    current = ""
    for block in blocks:
        if question := question_of(block):
            current = question
        else:
            fields.setdefault(current, []).extend(_plain(block))
    title_text = REFERENCE.sub("", " ".join(text_of(title).split())) if title else ""
    return grammar.recommendation(title_text, dict(fields))


def _plain(block: Tree) -> Iterator[Tree]:
    """Yield the blocks that an answer may hold: quotations and tables give their paragraphs."""
    if block["type"] in TAKEN:
        yield block
    elif block["type"] == "heading":
        yield {key: value for key, value in block.items() if key != "attrs"} | {"type": "paragraph"}
    else:
        for child in block.get("content", ()):
            yield from _plain(child)


WALL_SECONDS = 80
SHOWN_SIGNS = 10
SHOWN_LETTERS = 120
OTHER_LINKS = re.compile(r'<a href="(?!https?:|mailto:|#)', re.IGNORECASE)

# Content that has no place in a text of the site, in order of importance.
LOST = {
    "pictures": ngettext_lazy("%(count)s image n’est pas reprise.", "%(count)s images ne sont pas reprises.", "count"),
    "boxes": ngettext_lazy(
        "%(count)s zone de texte : ses mots passent dans le texte, ou sont laissés.",
        "%(count)s zones de texte : leurs mots passent dans le texte, ou sont laissés.",
        "count",
    ),
    "formulas": ngettext_lazy(
        "%(count)s formule n’est pas reprise.", "%(count)s formules ne sont pas reprises.", "count"
    ),
    "comments": ngettext_lazy(
        "%(count)s commentaire n’est pas repris.", "%(count)s commentaires ne sont pas repris.", "count"
    ),
    "deletions": ngettext_lazy(
        "%(count)s passage barré par le suivi des modifications est laissé de côté ; les ajouts sont repris.",
        "%(count)s passages barrés par le suivi des modifications sont laissés de côté ; les ajouts sont repris.",
        "count",
    ),
    "headers": ngettext_lazy(
        "%(count)s en-tête ou pied de page n’est pas repris.",
        "%(count)s en-têtes ou pieds de page ne sont pas repris.",
        "count",
    ),
    "controls": ngettext_lazy(
        "%(count)s champ ou sommaire automatique devient du texte simple.",
        "%(count)s champs ou sommaires automatiques deviennent du texte simple.",
        "count",
    ),
    "apart": ngettext_lazy(
        "%(count)s ligne au style « Hors texte » n’est pas reprise.",
        "%(count)s lignes au style « Hors texte » ne sont pas reprises.",
        "count",
    ),
    "links": ngettext_lazy(
        "%(count)s lien devient du texte simple : son adresse n’est pas une page web.",
        "%(count)s liens deviennent du texte simple : leur adresse n’est pas une page web.",
        "count",
    ),
    "dress": ngettext_lazy(
        "%(count)s passage souligné, barré, en indice ou en exposant devient du texte simple.",
        "%(count)s passages soulignés, barrés, en indice ou en exposant deviennent du texte simple.",
        "count",
    ),
}


@dataclass(frozen=True)
class Incoming:
    """A valid tree, the number of things in it by kind, and a sentence for each thing left out."""

    tree: Tree
    counts: Mapping[str, int] = field(default_factory=dict)
    lost: tuple[str, ...] = ()


def read_docx(content: bytes) -> Incoming:
    """Read a Word file that passed the checks of uploads; raise ValidationError with the message to show."""
    answer = _opened(content)
    html = printable.clean_text(answer["html"])
    lost: Counter[str] = Counter(answer["lost"])
    signs = printable.unprintable(html)
    for sign in signs:
        html = html.replace(sign, "")
    lost["links"] = len(OTHER_LINKS.findall(html))
    markup = Markup(sanitizer.clean_html(html, top_heading=2, schemes=frozenset(LINK_SCHEMES)))
    blocks = gather_recommendations(markup.blocks())
    lost += markup.lost
    if not any(text_of(block).strip() for block in blocks):
        raise ValidationError(_("Ce fichier ne contient aucun texte que nous puissions reprendre."), code="empty")
    tree = check({"type": "doc", "content": blocks})
    return Incoming(tree, count_items(tree), tuple(_sentences(lost, signs, answer["title"])))


def _opened(content: bytes) -> dict[str, Any]:
    """Return the output of the process that opens files, whatever the file did to that process."""
    try:
        run = child_process.run_module("opinions.exchange.word_child", content=content, seconds=WALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise ValidationError(_too_heavy(), code="heavy") from None
    if run.returncode < 0:
        raise ValidationError(_too_heavy(), code="heavy")
    if run.returncode == DEEP:
        raise sanitizer.too_deep()
    if run.returncode != DONE:
        raise ValidationError(
            _("Ce fichier Word est abîmé : nous ne pouvons pas le lire. Enregistrez-le à nouveau, puis réessayez."),
            code="broken",
        )
    return json.loads(run.stdout)


def _too_heavy() -> str:
    return _("Ce fichier est trop lourd à lire. Coupez-le en plusieurs fichiers, puis réessayez.")


def count_items(tree: Tree) -> dict[str, int]:
    """Count the things of each kind in a tree, by name: words, paragraphs, headings, lists and so on."""
    counts: Counter[str] = Counter()

    def walk(node: Tree) -> None:
        kind = node["type"]
        if kind == "text":
            counts["words"] += len(node["text"].split())
            counts["link"] += any(mark["type"] == "link" for mark in node.get("marks", ()))
        elif kind != "paragraph" or node.get("content"):
            counts[kind] += 1
        for child in node.get("content", ()):
            walk(child)

    walk(tree)
    names = {
        "words": ("words",),
        "headings": ("heading",),
        "paragraphs": ("paragraph",),
        "lists": ("bulletList", "orderedList"),
        "tables": ("table",),
        "links": ("link",),
        "notes": ("footnote",),
        "recommendations": ("recommendation",),
    }
    return {name: sum(counts[kind] for kind in kinds) for name, kinds in names.items()}


def _sentences(lost: Counter[str], signs: list[str], title: str) -> list[str]:
    """List what is left out as sentences, in order of importance."""
    sentences = []
    if title:
        message = _("Le titre « %(title)s » n’est pas repris dans le texte : celui de l’avis se change sur sa page.")
        sentences.append(message % {"title": title[:SHOWN_LETTERS]})
    sentences += [str(sentence % {"count": lost[kind]}) for kind, sentence in LOST.items() if lost[kind]]
    if signs:
        shown = " ".join(signs[:SHOWN_SIGNS])
        sentences.append(
            _("Des signes que nos documents ne savent pas imprimer sont retirés : %(signs)s.") % {"signs": shown}
        )
    return sentences
