"""The smallest pieces of HTML, escaped as browsers write it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from assembly.collab.document.grammar import Tree, is_safe_link

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
