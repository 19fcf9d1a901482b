"""First text of the watch letter, and the items that a letter names."""

from collections.abc import Iterable
from itertools import groupby

from assembly.text.alphabetical import alphabetical
from assembly.text.french import format_date
from mission.watch.enums import WatchKind
from mission.watch.models import WatchItem


def composed_text(items: Iterable[WatchItem]) -> str:
    """Return the first text of a letter: a heading a nature, then each item with summary, source, day and link."""
    order = {str(kind): rank for rank, kind in enumerate(WatchKind)}
    ranked = sorted(items, key=lambda item: (order[item.kind], item.relevance, alphabetical(item.name)))
    parts = []
    for kind, group in groupby(ranked, key=lambda item: item.kind):
        parts.append(f"## {str(WatchKind(kind).label).capitalize()}")
        for item in group:
            details = [item.source.name if item.source else "", item.territory]
            details.append(
                format_date(item.due_on or item.published_on, weekday=False)
                if item.due_on or item.published_on
                else ""
            )
            parts += [f"### {item.name}", item.summary, " · ".join(filter(None, details)), item.link]
    return "\n\n".join(part for part in parts if part)


def names_item(body: str, item: WatchItem) -> bool:
    """Return whether the text of a letter still contains the link or the title of this item."""
    return bool(item.link and item.link in body) or item.name in body
