"""Passage that a reader rewrote in place (static/js/ui/in_text.js): the text before and after.

The browser sends ids and texts. This module computes which words were removed and added; whether the passage is still
in the text is checked by the module that stores that text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile
from typing import Self

from django.http import HttpRequest

from assembly.text.printable import clean_text

# Smallest unit of a change: « l’après-midi », « 12,5 », else one character.
WORD = re.compile(r"\w+(?:[-'’.,]\w+)*|[^\w\s]")
MOST_NEIGHBOURS = 12


def without_spaces(text: str) -> str:
    """Return the text without spaces, for comparison: screens use no-break spaces, phones plain ones."""
    return "".join(text.split())


def is_same_text(one: str, other: str) -> bool:
    return without_spaces(one) == without_spaces(other)


@dataclass(frozen=True)
class Rewriting:
    """Passage before and after, as its reader saw it and left it."""

    was: str
    now: str

    @classmethod
    def from_request(cls, request: HttpRequest) -> Self | None:
        """Read what a form opened in a text sent; return None for any other form."""
        if "rewritten" not in request.POST:
            return None
        was, now = request.POST.get("was", ""), request.POST["rewritten"]
        return cls(clean_text(was).strip(), clean_text(now).strip())

    @property
    def is_same(self) -> bool:
        return is_same_text(self.was, self.now)

    def span(self, left: int = 0, right: int = 0) -> tuple[str, str]:
        """Return the words removed and added, from the first that differ to the last, with so many neighbours."""
        before, after = self._tokens
        head, tail = self._shared
        left, right = max(head - left, 0), max(tail - right, 0)
        return _without(self.was, before, left, right), _without(self.now, after, left, right)

    def wider_spans(self) -> Iterator[tuple[str, str]]:
        """Yield the span with one, two… neighbours on both sides, until it is unique in the text."""
        for more in range(1, min(MOST_NEIGHBOURS, max(self._shared)) + 1):
            yield self.span(more, more)

    @cached_property
    def _tokens(self) -> tuple[list[re.Match[str]], list[re.Match[str]]]:
        return list(WORD.finditer(self.was)), list(WORD.finditer(self.now))

    @cached_property
    def _shared(self) -> tuple[int, int]:
        """Count the words that are the same at the start, then at the end."""
        before, after = ([word[0] for word in matches] for matches in self._tokens)
        head = _alike(before, after)
        return head, _alike(before[head:][::-1], after[head:][::-1])


def _alike(one: list[str], other: list[str]) -> int:
    pairs = zip(one, other, strict=False)
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _without(text: str, tokens: list[re.Match[str]], head: int, tail: int) -> str:
    rest = tokens[head : len(tokens) - tail]
    return text[rest[0].start() : rest[-1].end()] if rest else ""
