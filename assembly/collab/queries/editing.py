"""The page of a text written together, before any script runs."""

from dataclasses import dataclass
from typing import Any

from assembly.collab import rules
from assembly.collab.document import html, recommendations
from assembly.collab.enums import TextRight, TextState
from assembly.collab.models import SharedText
from assembly.collab.queries.sidebar import Sidebar, sidebar_of
from assembly.collab.queries.texts import tree_of

MODES = {"read": TextRight.READ, "suggest": TextRight.SUGGEST, "write": TextRight.WRITE}


@dataclass(frozen=True)
class Mode:
    """One way to work in the text: its name in the script, its label on the screen."""

    value: str
    label: str


@dataclass(frozen=True)
class Coediting:
    """A text as one person opens it: `html` is the text to read, `first_number` that of its first recommendation."""

    text: SharedText
    user: Any
    right: TextRight
    html: str
    first_number: int
    sidebar: Sidebar

    @property
    def modes(self) -> list[Mode]:
        return [Mode(value, str(right.label)) for value, right in MODES.items() if self.right >= right]

    @property
    def can_comment(self) -> bool:
        return self.right >= TextRight.COMMENT

    @property
    def may_write(self) -> bool:
        return self.right >= TextRight.WRITE

    @property
    def is_live(self) -> bool:
        return self.text.state != TextState.FROZEN


def coediting(text: SharedText, user: Any, *, first_number: int = 1) -> Coediting:
    """Return what `collab/page.html` needs; the caller has checked that `user` may read the text."""
    tree = tree_of(text)
    numbers = {item.node_id: str(number) for number, item in enumerate(recommendations.read_all(tree), first_number)}
    page = html.to_page(tree, suggestions="shown", numbers=numbers)
    granted = rules.granted_right(user, text)
    right, sidebar = rules.within(granted, text.state), sidebar_of(text, user, tree, granted)
    return Coediting(text, user, right, page, first_number, sidebar)
