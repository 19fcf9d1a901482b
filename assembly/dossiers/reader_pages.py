"""The page on which a reader opens a row: one ordered table for each model, beside its rules."""

from collections.abc import Callable
from operator import attrgetter
from typing import Any

from django.urls import reverse

# The rule of a page, its route, and the attributes of the row in its address (without any: its key).
type ReaderPage = tuple[Callable[[Any, Any], bool], str, *tuple[str, ...]]


class ReaderPages:
    """The pages of a row, in the order in which a reader with several roles is led there."""

    def __init__(self, *pages: ReaderPage) -> None:
        self.pages = pages

    def page_for(self, row: Any, user: Any) -> str:
        """Return the address of the first page whose rule lets `user` open it; empty without any."""
        for rule, route, *names in self.pages:
            if rule(user, row):
                return reverse(route, args=[attrgetter(name)(row) for name in names or ["pk"]])
        return ""


def is_any_reader(_user: Any, _row: Any) -> bool:
    """Return True: the page is open to everybody who may see the row."""
    return True


def is_published(_user: Any, row: Any) -> bool:
    """Return whether the row has a public page."""
    return row.published_at is not None
