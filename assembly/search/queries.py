"""Searches: what a reader may see, what the words match, in which order, which passage to show."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, CharField, Count, F, FloatField, Func, Q, QuerySet, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from assembly.identity.attempts import networks_of
from assembly.search.models import SearchEntry
from assembly.search.registry import source_of, sources
from assembly.search.spelling import corrected_query, has_suggestions_left, nearest, suspect_tokens
from assembly.search.text import (
    CONFIG,
    Parsed,
    begun_query,
    french_quotes,
    index_text,
    marked_html,
    marked_passages,
    search_query,
    without_order,
)
from assembly.speed.queries import ScreenQuerySet
from assembly.text.phones import quote_phones
from assembly.web.pagination import Page, keyset_page

BEST = 400
READ = 1_000
QUERY_LENGTH = 200
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
class Matches:
    """What matches and may be read, by kind: how many, and the keys of the first ones.

    `among`: words that must follow each other were looked for in this many texts of a kind, the newest; 0 means in
    all.
    """

    counts: dict[str, int]
    firsts: dict[str, list[int]]
    among: int = 0

    def keys(self, kinds: Collection[str] = ()) -> list[int]:
        return [key for kind, keys in self.firsts.items() if not kinds or kind in kinds for key in keys]


NOTHING = Matches({}, {})


@dataclass(frozen=True)
class SearchResults:
    """What one query finds: how many of each kind, one page and its lines; else a suggested spelling."""

    matches: Matches
    page: Page[SearchEntry]
    hits: list[Hit]
    suggestion: str = ""


def rights_of(user: Any, kinds: Collection[str] | None = None) -> Rights:
    """Return, by kind (all, or these), the entries of objects that this reader sees now.

    The rights are read from each source, never from the index.
    """
    rights: Rights = {}
    for source in (source for source in sources() if kinds is None or source.kind in kinds):
        for audience, objects in source.visible_to(user).items():
            keys = objects.order_by().annotate(search_key=Cast("pk", CharField())).values("search_key")
            condition = Q(kind=source.kind, audience=audience, object_id__in=keys)
            rights[source.kind] = rights.get(source.kind, Q(pk__in=[])) | condition
    return rights


def readable_entries(rights: Rights) -> ScreenQuerySet[SearchEntry]:
    """Return the entries within these rights."""
    condition = Q(pk__in=[])
    for right in rights.values():
        condition |= right
    return SearchEntry.objects.filter(condition)


def matching(query_text: str, query: SearchQuery) -> Q:
    """Return the condition that the words match; words like a reference also match that reference or its beginning."""
    condition = Q(vector=query)
    return condition | Q(reference__istartswith=query_text) if is_reference(query_text) else condition


def is_reference(query_text: str) -> bool:
    """Return whether the words are one word with a hyphen and a digit: PL-2026-02, S-2026."""
    return " " not in query_text and "-" in query_text[1:] and any(letter.isdigit() for letter in query_text)


def clean_query(query_text: str) -> str:
    return quote_phones(index_text(query_text, QUERY_LENGTH))


def find_matches(rights: Rights, query_text: str, understood: str) -> Matches:
    """Return everything that matches within these rights; `understood` comes from `force_bitmap_scan`.

    The index holds words, not their order. Where some must follow each other (quotes, hyphens), the texts that contain
    all of them are found by the index, and only the `READ` newest of each kind are read: 8 000 would take a second.
    """
    query_text = clean_query(query_text)
    if not query_text:
        return NOTHING
    query, unordered = search_query(query_text), without_order(understood)
    if not unordered:
        return first_of(readable_entries(rights).filter(matching(query_text, query)), query_text, BEST)
    candidates = first_of(readable_entries(rights).filter(matching(query_text, Parsed(unordered))), query_text, READ)
    rows = SearchEntry.objects.filter(matching(query_text, query), pk__in=candidates.keys())
    matches = first_of(rows, query_text, BEST)
    return replace(matches, among=READ if max(candidates.counts.values(), default=0) > READ else 0)


def first_of(rows: QuerySet[SearchEntry], query_text: str, most: int) -> Matches:
    """Count these entries and return the first of each kind: those that match by their title, then the newest."""
    entries = rows.order_by().annotate(leads=title_rank(query_text)).values("kind")
    keys = ArrayAgg("pk", order_by=["-leads", "-dated_on", "-pk"])
    kinds = list(entries.annotate(count=Count("pk"), firsts=ArraySlice(keys, most=most)))
    return Matches({row["kind"]: row["count"] for row in kinds}, {row["kind"]: row["firsts"] for row in kinds})


def title_rank(query_text: str) -> Case:
    named = Q(title_vector=search_query(query_text)) | Q(reference__iexact=query_text)
    return Case(When(named, then=Value(1)), default=Value(0))


class ArraySlice(Func):
    """The first `most` elements of an array."""

    template = "(%(expressions)s)[1:%(most)s]"
    output_field = ArrayField(BigIntegerField())


def rank_matches(matches: Matches, query_text: str, *, kinds: Collection[str] = ()) -> ScreenQuerySet[Any]:
    """Return the best of the matches, with their `score`; page them in `ORDER` (`keyset_page`).

    Every match is counted, but only `BEST` of them are ranked: those that match by their title, then the newest. A
    common word then costs what a rare one does.
    """
    query_text, keys = clean_query(query_text), matches.keys(kinds)
    rows = SearchEntry.objects.filter(pk__in=keys)
    if len(keys) > BEST:
        candidates = rows.order_by(title_rank(query_text).desc(), "-dated_on", "-pk").values("pk")[:BEST]
        rows = SearchEntry.objects.filter(pk__in=candidates)
    rank = SearchRank(F("vector"), search_query(query_text), cover_density=True, normalization=LONG_TEXTS_COUNT_LESS)
    exact = Case(When(reference__iexact=query_text, then=Value(EXACT)), default=Value(0.0), output_field=FloatField())
    return rows.annotate(score=Cast(rank, FloatField()) + exact).defer("body", "vector", "title_vector")


def hits(user: Any, entries: Iterable[SearchEntry], query_text: str, understood: str) -> list[Hit]:
    """Return the lines to show, with the words found marked; one statement for the whole page."""
    shown = list(entries)
    passages = marked_passages([entry.pk for entry in shown], clean_query(query_text), understood)
    lines = []
    for entry in shown:
        if source := source_of(entry.kind):
            title, passage = passages.get(entry.pk, (marked_html(entry.title), marked_html("")))
            lines.append(Hit(entry, source.name, source.address(user, entry), title, passage))
    return lines


def begun_hits(user: Any, query_text: str, *, size: int) -> list[Hit]:
    """Return the first objects in which each word begins a word: by title first, those to come before those past."""
    text = clean_query(query_text)
    if (begun := begun_query(text)) is None:
        return []
    today = timezone.localdate()
    leads = Case(When(Q(title_vector=begun) | Q(reference__istartswith=text), then=Value(0)), default=Value(1))
    time = Case(When(dated_on__gte=today, then=Value(0)), When(dated_on=None, then=Value(1)), default=Value(2))
    to_come = Case(When(dated_on__gte=today, then=F("dated_on")))
    with force_bitmap_scan(text) as understood:
        rows = readable_entries(rights_of(user)).filter(matching(text, search_query(text)) | Q(vector=begun))
        first = rows.order_by(leads, time, to_come, F("dated_on").desc(nulls_last=True), "-pk")
        return hits(user, first.defer("body", "vector", "title_vector").for_screen()[:size], text, understood)


@contextmanager
def force_bitmap_scan(query_text: str) -> Iterator[str]:
    """Keep the planner from reading every vector, which it wrongly estimates as cheap (they lie outside the row).

    Walking the whole table along its key is the same mistake, so that only bitmap scans remain. Yields the query as
    PostgreSQL understands it.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_indexscan', 'off', true), "
            "websearch_to_tsquery(%s::regconfig, %s)::text",
            [CONFIG, french_quotes(clean_query(query_text))],
        )
        yield cursor.fetchone()[2]


def search_results(request: HttpRequest, query_text: str, kind: str = "", *, size: int) -> SearchResults:
    """Return counts and one page of what the reader finds; without words no query is run."""
    if not clean_query(query_text):
        return SearchResults(NOTHING, Page([], None, None), [])
    rights = rights_of(request.user)
    with force_bitmap_scan(query_text) as understood:
        matches = find_matches(rights, query_text, understood)
        best = rank_matches(matches, query_text, kinds=[kind] if kind else ())
        page = keyset_page(best.for_screen(), request, ordering=ORDER, size=size)
        results = SearchResults(matches, page, hits(request.user, page, query_text, understood))
    if matches.counts or not has_suggestions_left(limit_keys(request)):
        return results
    return replace(results, suggestion=suggestion(rights, query_text))


def limit_keys(request: HttpRequest) -> list[str]:
    """Return whose suggestions are counted: the account, or the networks of a visitor, the narrowest first."""
    return [f"user:{request.user.pk}"] if request.user.is_authenticated else networks_of(get_ip(request))


def suggestion(rights: Rights, query_text: str) -> str:
    """Return the query with its spelling corrected, when it then finds something within these rights; else ""."""
    query_text = clean_query(query_text)
    with force_bitmap_scan(query_text):
        corrections = nearest(readable_entries(rights), suspect_tokens(query_text))
    corrected = corrected_query(query_text, corrections)
    if not corrected or corrected == query_text:
        return ""
    with force_bitmap_scan(corrected) as understood:
        return corrected if find_matches(rights, corrected, understood).counts else ""
