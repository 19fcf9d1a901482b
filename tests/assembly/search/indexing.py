"""The index as the worker would leave it, and what a reader finds in it."""

from assembly.search import actions, queries
from assembly.search.models import SearchEntry


def index_everything(*kinds):
    for _done in actions.reindex_all(kinds):
        pass


def found(user, words, *kinds):
    """Return (kind, title) of the results of this reader, the best first; check that the counts agree."""
    told = matches(user, words)
    rows = list(queries.rank_matches(told, words, kinds=kinds).order_by(*queries.ORDER))
    if not kinds:
        assert sum(told.counts.values()) == len(rows)
    return [(row.kind, row.title) for row in rows]


def matches(user, words):
    """Return the number of results of each kind for this reader, and the first of them."""
    with queries.force_bitmap_scan(words) as understood:
        return queries.find_matches(queries.rights_of(user), words, understood)


def hits(user, words):
    """Return the lines that this reader sees, with marks."""
    with queries.force_bitmap_scan(words) as understood:
        told = queries.find_matches(queries.rights_of(user), words, understood)
        return queries.hits(user, queries.rank_matches(told, words).order_by(*queries.ORDER), words, understood)


def entry(kind="publication", **fields):
    return SearchEntry.objects.get(kind=kind, **fields)
