"""The rich text that people may write, and nothing else; each refusal is a French sentence, for use while editing."""

import re
from functools import cache
from xml.etree import ElementTree as ET

import nh3
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.documents.pdf import structure
from assembly.text import printable

MAX_BYTES = 1_500_000
MAX_DEPTH = 40
MAX_RAW_DEPTH = 400
MAX_SPAN = 20
MAX_REOPENED = 500_000

BLOCKS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote"}
TABLES = {"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td"}
INLINE = {"a", "b", "strong", "i", "em", "u", "s", "ins", "del", "sub", "sup", "br"}
ATTRIBUTES = {
    "a": {"href"},
    "th": {"scope", "colspan", "rowspan"},
    "td": {"colspan", "rowspan"},
}
SCOPES = {"col", "row"}
SCHEMES = frozenset({"https", "mailto"})
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# When left open, the parser reopens these in every block that follows: the HTML form of a decompression bomb.
REOPENED_TAGS = {"a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"}
CLOSED_BY_THEMSELVES = {
    *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"),
    *("body", "head", "html", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"),
}


class HtmlRefused(ValidationError):
    """Rich text that cannot be printed as it is; the message gives the reason."""


class HtmlTooLarge(HtmlRefused):
    """More text than one field or one document may hold."""


class HtmlTooDeep(HtmlRefused):
    """Lists in lists in quotes, deeper than anything a person writes."""


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in {"colspan", "rowspan"}:
        return str(min(int(value), MAX_SPAN)) if value.isdecimal() and int(value) > 1 else None
    if name == "scope":
        return value if value in SCOPES else None
    if name == "href":
        return value.strip().replace("<", "%3C").replace(">", "%3E")
    return None


@cache
def cleaner(schemes: frozenset[str]) -> nh3.Cleaner:
    """Return a cleaner that removes all elements except the allowed ones, and links with another scheme."""
    return nh3.Cleaner(
        tags=BLOCKS | TABLES | INLINE,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=set(schemes),
        link_rel=None,
        strip_comments=True,
    )


CLEANER = cleaner(SCHEMES)


def _refuse_large(html: str) -> None:
    size = len(html.encode("utf-8", "replace"))
    if size > MAX_BYTES:
        raise HtmlTooLarge(
            _("Ce texte est trop long (%(size)s Mo, la limite est de 1,5 Mo) : coupez-le en plusieurs parties.")
            % {"size": f"{size / 1_000_000:.1f}".replace(".", ",")},
            code="too_large",
        )


def _refuse_bombs(html: str) -> None:
    """Refuse deep nesting before the parser runs: its own time grows with the square of the depth."""
    opened = reopened = depth = 0
    for match in TAG.finditer(html):
        reopened += opened
        name, step = match[2].lower(), -1 if match[1] else 1
        if name in REOPENED_TAGS:
            opened = max(opened + step, 0)
        elif name not in CLOSED_BY_THEMSELVES:
            depth = max(depth + step, 0)
        if reopened > MAX_REOPENED or depth > MAX_RAW_DEPTH:
            raise too_deep()


def too_deep() -> HtmlTooDeep:
    sentence = _("Ce texte contient trop de niveaux imbriqués : collez-le sans sa mise en forme.")
    return HtmlTooDeep(sentence, code="too_deep")


def _refuse_deep(html: str) -> None:
    depth = 0
    for match in TAG.finditer(html):
        if match[2] != "br":
            depth += -1 if match[1] else 1
        if depth > MAX_DEPTH:
            raise too_deep()


def _tree(html: str) -> ET.Element:
    """Parse the output of the sanitizer: balanced tags, no doctype, one void element."""
    xml = html.replace("<br>", "<br/>").replace("&nbsp;", "\u00a0")
    return ET.fromstring(f"<div>{xml}</div>")  # noqa: S314 -- written by nh3: no doctype and no entity can be in it


def clean_html(html: str, *, top_heading: int = 3, schemes: frozenset[str] = SCHEMES) -> str:
    """Return rich text with only what documents can hold, its lists, tables and headings put in order.

    Raises HtmlTooLarge, HtmlTooDeep or UnprintableText. `top_heading` is the level of the first heading: those below
    follow without a gap, as accessible documents must. Links keep their address when it begins with one of `schemes`.
    """
    _refuse_large(html)
    _refuse_bombs(html)
    cleaned = cleaner(schemes).clean(printable.clean_text(html))
    _refuse_deep(cleaned)
    root = _tree(cleaned)
    try:
        structure.repair_tree(root, top_heading=top_heading)
    except structure.TableTooLarge as error:
        raise HtmlTooLarge(
            _("Un tableau de ce texte est trop grand : 40 colonnes et 20 000 cases au plus."), code="table_too_large"
        ) from error
    printable.check_text(" ".join(root.itertext()))
    return structure.serialise(root)
