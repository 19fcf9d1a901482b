"""The schema of a shared text: the one list of nodes and marks, equal in the editor and on the server.

A text is a *tree*: the JSON of ProseMirror as plain dicts, `{"type": "doc", "content": [...]}`; a node may have
`attrs`, `marks` and `content`, a text has `text`. In the shared document (CRDT) a node is an XML element named by its
type, with its attributes; the marks of a text are formats of an XML text; the marks of any other node are its
attribute `marks`, a JSON list.

HTML of the editing schema, which the editor's own `getHTML` gives too (static/js/collab/schema.js; attributes in this
order, the outermost mark is the first of `MARKS`):

- paragraph `<p>`, heading `<h2>` to `<h4>`, `<ul>`, `<ol start="3">` (unless 1), `<li>`, `<blockquote>`, `<br>`;
- table `<table><tbody>…`, `<tr>`, `<th>` and `<td>` with `colspan` and `rowspan` when they are not 1;
- recommendation `<section data-recommendation="ID">`, its title `<h3 data-recommendation-title="">`, a field
  `<dl data-prompt="problem"><dt>Quel est le problème ?</dt><dd>…</dd></dl>`;
- footnote `<small data-footnote="">text</small>`;
- link `<a href="…" rel="noopener noreferrer nofollow">`, bold `<strong>`, italic `<em>`, comment
  `<mark data-comment="id">`, insertion `<ins data-id="id">`, deletion `<del data-id="id">`, modification
  `<span data-type="modification" data-id="id" data-mod-type="attr" data-mod-attr="level" data-mod-prev-val="2"
  data-mod-new-val="3">` (values in JSON), the same inside a line and around blocks.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.collab.document import grammar
from assembly.collab.document.grammar import MARKS, NODES, PROMPTS, Tree

__all__ = [
    "MARKS",
    "NODES",
    "PROMPTS",
    "SCHEMA_VERSION",
    "Tree",
    "canonical",
    "canonical_marks",
    "check",
    "merged_runs",
]

SCHEMA_VERSION = 1


def merged_runs(content: list[Tree]) -> list[Tree]:
    """Return the content with neighbouring runs of the same marks merged and empty runs left out."""
    merged: list[Tree] = []
    for child in content:
        if child["type"] != "text":
            merged.append(child)
        elif child["text"]:
            last = merged[-1] if merged else None
            if last and last["type"] == "text" and last.get("marks") == child.get("marks"):
                merged[-1] = {**last, "text": last["text"] + child["text"]}
            else:
                merged.append(child)
    return merged


def canonical(tree: Any) -> Tree:
    """Return a tree of schema nodes only: unknown, misplaced or too deep ones are left out, defaults are filled in."""
    doc = _canonical(tree, 0) if isinstance(tree, dict) else None
    if doc is None or doc["type"] != "doc":
        doc = grammar.node("doc")
    return doc if doc.get("content") else {**doc, "content": [grammar.node("paragraph")]}


def _canonical(raw_node: Any, depth: int) -> Tree | None:
    kind = str(raw_node.get("type")) if isinstance(raw_node, dict) else ""
    if depth > grammar.MAX_DEPTH:
        return None
    marks = canonical_marks(raw_node.get("marks")) if kind else []
    if kind == "text":
        text = raw_node.get("text")
        return grammar.text_run(grammar.clean_text(text), marks) if isinstance(text, str) else None
    if kind not in NODES:
        return None
    children = raw_node.get("content")
    nodes = [_canonical(child, depth + 1) for child in children] if isinstance(children, list) else []
    content = [child for child in nodes if child and child["type"] in NODES[kind].children]
    try:
        return grammar.node(kind, raw_node.get("attrs"), marks, merged_runs(content))
    except ValueError:
        return None


def canonical_marks(raw_marks: Any) -> list[Tree]:
    """Return the known marks among foreign ones, in the order of the grammar."""
    if not isinstance(raw_marks, list):
        return []
    marks = [grammar.mark(item.get("type", ""), item.get("attrs")) for item in raw_marks if isinstance(item, dict)]
    return grammar.ordered([item for item in marks if item])


class _Inspection:
    """One walk through a foreign tree that stops at the first forbidden part."""

    def __init__(self) -> None:
        self.nodes = self.characters = 0
        self.recommendations: set[str] = set()

    def node(self, raw_node: Any, allowed: frozenset[str], depth: int) -> None:
        kind = raw_node.get("type") if isinstance(raw_node, dict) else None
        if not isinstance(kind, str) or kind not in allowed:
            raise ValidationError(_("Ce texte contient un élément inconnu ou mal placé."), code="unknown")
        self.nodes += 1
        if depth > grammar.MAX_DEPTH:
            raise ValidationError(_("Ce texte contient trop de niveaux les uns dans les autres."), code="deep")
        if self.nodes > grammar.MAX_NODES:
            raise ValidationError(_("Ce texte est trop long."), code="long")
        self.marks(raw_node.get("marks", []))
        if kind == "text":
            self.text(raw_node.get("text"))
        else:
            self.attrs(raw_node)
            self.children(raw_node, depth)

    def text(self, text: Any) -> None:
        if not isinstance(text, str) or not text:
            raise ValidationError(_("Ce texte contient un passage illisible."), code="text")
        self.characters += len(text)
        if self.characters > grammar.MAX_TEXT:
            raise ValidationError(_("Ce texte est trop long."), code="long")
        if grammar.clean_text(text) != text:
            raise ValidationError(_("Ce texte contient des caractères qui ne s’impriment pas."), code="control")

    def attrs(self, node: Tree) -> None:
        try:
            attrs = grammar.clean_attrs(NODES[node["type"]].attrs, node.get("attrs"))
        except ValueError:
            raise ValidationError(_("Ce texte contient un réglage qui n’est pas permis."), code="attribute") from None
        if node["type"] == "recommendation":
            if attrs["id"] in self.recommendations:
                raise ValidationError(_("Deux préconisations portent le même identifiant."), code="twice")
            self.recommendations.add(attrs["id"])

    def marks(self, raw_marks: Any) -> None:
        if not isinstance(raw_marks, list):
            raise ValidationError(_("Ce texte contient une mise en forme inconnue."), code="mark")
        for item in raw_marks:
            name = item.get("type") if isinstance(item, dict) else None
            attrs = item.get("attrs") if isinstance(item, dict) else None
            if name == "link" and not grammar.is_safe_link(attrs.get("href") if isinstance(attrs, dict) else None):
                raise ValidationError(
                    _("Un lien doit commencer par https://, http:// ou mailto: et ne pas contenir d’espace."),
                    code="link",
                )
            if grammar.mark(name, attrs) is None:
                raise ValidationError(_("Ce texte contient une mise en forme inconnue."), code="mark")

    def children(self, node: Tree, depth: int) -> None:
        content = node.get("content", [])
        if not isinstance(content, list):
            raise ValidationError(_("Ce texte contient un passage illisible."), code="text")
        for child in content:
            self.node(child, NODES[node["type"]].children, depth + 1)
        if not _is_whole(node["type"], content):
            raise ValidationError(_is_missing(node["type"]), code="incomplete")


def _is_whole(kind: str, content: list[Tree]) -> bool:
    kinds = [child["type"] for child in content]
    match kind:
        case "listItem":
            return bool(kinds) and kinds[0] == "paragraph"
        case "recommendation":
            prompts = [child["attrs"]["prompt"] for child in content[1:] if child["type"] == "recommendationField"]
            return kinds[:1] == ["recommendationTitle"] and prompts == list(PROMPTS) and len(kinds) == len(PROMPTS) + 1
        case "doc":
            return True
        case _:
            return bool(kinds) or NODES[kind].is_text_block or not NODES[kind].children


def _is_missing(kind: str) -> str:
    if kind == "recommendation":
        return _("Une préconisation a un titre, puis ses six questions, chacune une fois et dans l’ordre.")
    if kind == "listItem":
        return _("Chaque élément d’une liste commence par un paragraphe.")
    return _("Ce texte contient un tableau, une liste ou une citation sans contenu.")


def check(tree: Any) -> Tree:
    """Return the canonical form of a foreign tree; raises ValidationError with a French sentence when forbidden."""
    inspection = _Inspection()
    if not isinstance(tree, dict):
        raise ValidationError(_("Ce texte est illisible."), code="text")
    inspection.node(tree, frozenset({"doc"}), 0)
    return canonical(tree)
