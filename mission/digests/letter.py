"""The letter of the watch: its first text, and what it names."""

from collections.abc import Iterable
from itertools import groupby

from assembly.ui.alphabetical import alphabetical
from assembly.ui.words import date_words
from mission.watch.enums import WatchKind
from mission.watch.models import WatchItem


def composed_text(items: Iterable[WatchItem]) -> str:
    """The first text of a letter: a heading a nature, then each item with its summary, day, territory and link."""
    order = {str(kind): rank for rank, kind in enumerate(WatchKind)}
    ranked = sorted(items, key=lambda item: (order[item.kind], item.relevance, alphabetical(item.name)))
    parts = []
    for kind, found in groupby(ranked, key=lambda item: item.kind):
        parts.append(f"## {str(WatchKind(kind).label).capitalize()}")
        for item in found:
            told = [item.source.name if item.source else "", item.territory]
            told.append(
                date_words(item.due_on or item.published_on, weekday=False) if item.due_on or item.published_on else ""
            )
            parts += [f"### {item.name}", item.summary, " · ".join(filter(None, told)), item.link]
    return "\n\n".join(part for part in parts if part)


def names_item(body: str, item: WatchItem) -> bool:
    """Whether a letter still speaks of this item: its link or its title stands there."""
    return bool(item.link and item.link in body) or item.name in body
