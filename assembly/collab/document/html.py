"""Trees as HTML, everything escaped, nothing but the elements named here.

`to_html` is the editing schema, identical to the output of the editor's `getHTML`; `to_page` is the text for a page or
for print: questions, numbers and notes in words, no anchors of comments, nothing invisible.
"""

import json
from collections.abc import Mapping
from typing import Any

from assembly.collab.document.grammar import PROMPTS, Tree
from assembly.collab.document.markup import element, escaped, html_attribute, outgoing_link, spread, unless_one
from assembly.collab.document.page import to_page
from assembly.collab.document.plain_text import Shown, with_suggestions

__all__ = ["to_html", "to_page"]

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
