"""Searching: what a reader may see, what the words match, in which order, which passage to show."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchRank
from django.db import connection, transaction
from django.db.models import Case, CharField, Count, F, FloatField, Q, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils.safestring import SafeString

from assembly.search.language import CONFIG, search_query, typed
from assembly.search.models import SearchEntry
from assembly.search.passages import passages
from assembly.search.registry import source_of, sources
from assembly.search.words import marked, plain
from assembly.ui.pagination import Page, keyset_page
from assembly.ui.queryset import ScreenQuerySet

BEST = 400
WORDS_LENGTH = 200
EXACT, LONG_TEXTS_COUNT_LESS = 10.0, 1
ORDER = ("-score", "-dated_on", "-pk")
type Rights = dict[str, Q]


@dataclass(frozen=True)
class Hit:
    """One line of the results."""

    entry: SearchEntry
    name: Any
    url: str
    title: SafeString
    passage: SafeString


@dataclass(frozen=True)
class Answer:
    """What one question finds: how many of each kind, one page, its lines."""

    counts: dict[str, int]
    page: Page[SearchEntry]
    hits: list[Hit]


def rights_of(user: Any) -> Rights:
    """By kind, the entries of objects that this reader sees now: asked of each source, never of the index."""
    found: Rights = {}
    for source in sources():
        for audience, seen in source.visible_to(user).items():
            keys = seen.order_by().annotate(search_key=Cast("pk", CharField())).values("search_key")
            may = Q(kind=source.kind, audience=audience, object_id__in=keys)
            found[source.kind] = found.get(source.kind, Q(pk__in=[])) | may
    return found


def readable(rights: Rights, kinds: Collection[str] = ()) -> ScreenQuerySet[SearchEntry]:
    """Entries of these kinds (of all when none is named) within these rights."""
    wanted = Q(pk__in=[])
    for kind, may in rights.items():
        if not kinds or kind in kinds:
            wanted |= may
    return SearchEntry.objects.filter(wanted)


def matching(words: str) -> Q:
    """Entries whose words match; something like a reference also finds what bears it, or begins with it."""
    found = Q(vector=search_query(words))
    return found | Q(reference__istartswith=words) if is_reference(words) else found


def is_reference(words: str) -> bool:
    """One word with a hyphen and a number: PL-2026-02, S-2026."""
    return " " not in words and "-" in words[1:] and any(letter.isdigit() for letter in words)


def cleaned(words: str) -> str:
    return plain(words, WORDS_LENGTH)


def tally(rights: Rights, words: str) -> dict[str, int]:
    """How many objects of each kind a reader with these rights finds."""
    words = cleaned(words)
    if not words:
        return {}
    rows = readable(rights).filter(matching(words)).order_by().values("kind").annotate(count=Count("pk"))
    return {row["kind"]: row["count"] for row in rows}


def search(rights: Rights, words: str, *, kinds: Collection[str] = ()) -> ScreenQuerySet[Any]:
    """The best entries for these words, with their `score`; page them in `ORDER` (`keyset_page`).

    Every match is counted by `tally`, but only `BEST` of them are weighed: those that match by their title, then the
    newest. A common word then costs what a rare one does.
    """
    words = cleaned(words)
    query = search_query(words)
    matches = readable(rights, kinds).filter(matching(words)) if words else SearchEntry.objects.none()
    by_title = Case(When(Q(title_vector=query) | Q(reference__iexact=words), then=Value(1)), default=Value(0))
    candidates = matches.order_by(by_title.desc(), "-dated_on", "-pk").values("pk")[:BEST]
    rank = SearchRank(F("vector"), query, cover_density=True, normalization=LONG_TEXTS_COUNT_LESS)
    exact = Case(When(reference__iexact=words, then=Value(EXACT)), default=Value(0.0), output_field=FloatField())
    return (
        SearchEntry.objects.filter(pk__in=candidates)
        .annotate(score=Cast(rank, FloatField()) + exact)
        .defer("body", "vector", "title_vector")
    )


def hits(user: Any, entries: Iterable[SearchEntry], words: str, understood: str) -> list[Hit]:
    """Lines to show, with the words found marked; one statement for the whole page."""
    shown = list(entries)
    told = passages([entry.pk for entry in shown], cleaned(words), understood)
    lines = []
    for entry in shown:
        if source := source_of(entry.kind):
            title, passage = told.get(entry.pk, (marked(entry.title), marked("")))
            lines.append(Hit(entry, source.name, source.address(user, entry), title, passage))
    return lines


@contextmanager
def through_the_index(words: str) -> Iterator[str]:
    """Ask inside: the planner may not read every vector, which it wrongly believes cheap (they lie outside the row).

    Gives the question as PostgreSQL understands it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('enable_seqscan', 'off', true), websearch_to_tsquery(%s::regconfig, %s)::text",
            [CONFIG, typed(cleaned(words))],
        )
        yield cursor.fetchone()[1]


def answer(request: HttpRequest, words: str, kind: str = "", *, size: int) -> Answer:
    """Counts and one page of what the reader finds; nothing is asked without words."""
    if not cleaned(words):
        return Answer({}, Page([], None, None), [])
    with through_the_index(words) as understood:
        rights = rights_of(request.user)
        counts = tally(rights, words)
        found = search(rights, words, kinds=[kind] if kind else ())
        page = keyset_page(found.for_screen(), request, ordering=ORDER, size=size)
        return Answer(counts, page, hits(request.user, page, words, understood))
