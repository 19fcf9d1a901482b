"""The index as the worker would leave it, and what a reader finds in it."""

from assembly.search import actions, queries
from assembly.search.models import SearchEntry


def index_everything(*kinds):
    for _done in actions.reindex_all(kinds):
        pass


def found(user, words, *kinds):
    """(kind, title) of what this reader finds, the best first; the tally must say the same."""
    told = matches(user, words)
    rows = list(queries.rank_matches(told, words, kinds=kinds).order_by(*queries.ORDER))
    if not kinds:
        assert sum(told.counts.values()) == len(rows)
    return [(row.kind, row.title) for row in rows]


def matches(user, words):
    """How many of each kind this reader finds, and the first of them."""
    with queries.force_bitmap_scan(words) as understood:
        return queries.find_matches(queries.rights_of(user), words, understood)


def hits(user, words):
    """Lines that this reader sees, marked."""
    with queries.force_bitmap_scan(words) as understood:
        told = queries.find_matches(queries.rights_of(user), words, understood)
        return queries.hits(user, queries.rank_matches(told, words).order_by(*queries.ORDER), words, understood)


def entry(kind="publication", **fields):
    return SearchEntry.objects.get(kind=kind, **fields)
