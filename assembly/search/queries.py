"""Searching: what a reader may see, what the words match, in which order, which passage to show."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchRank
from django.db.models import Case, CharField, Count, FloatField, Q, Value, When
from django.db.models.functions import Cast
from django.utils.safestring import SafeString

from assembly.search.language import CONFIG, search_query
from assembly.search.models import SearchEntry
from assembly.search.registry import source_of, sources
from assembly.search.words import START, STOP, marked, plain
from assembly.ui.queryset import ScreenQuerySet

BEST = 400
WORDS_LENGTH = 200
EXACT, LONG_TEXTS_COUNT_LESS = 10.0, 1
ORDER = ("-score", "-dated_on", "-pk")


@dataclass(frozen=True)
class Hit:
    """One line of the results."""

    entry: SearchEntry
    name: Any
    url: str
    title: SafeString
    passage: SafeString


def readable(user: Any, kinds: Collection[str] = ()) -> ScreenQuerySet[SearchEntry]:
    """Entries of objects that this reader sees now: rights are asked of each source, never of the index."""
    wanted = Q(pk__in=[])
    for source in sources():
        if kinds and source.kind not in kinds:
            continue
        for audience, seen in source.visible_to(user).items():
            keys = seen.order_by().annotate(search_key=Cast("pk", CharField())).values("search_key")
            wanted |= Q(kind=source.kind, audience=audience, object_id__in=keys)
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


def tally(user: Any, words: str) -> dict[str, int]:
    """How many objects of each kind this reader finds."""
    words = cleaned(words)
    if not words:
        return {}
    rows = readable(user).filter(matching(words)).order_by().values("kind").annotate(count=Count("pk"))
    return {row["kind"]: row["count"] for row in rows}


def search(user: Any, words: str, *, kinds: Collection[str] = ()) -> ScreenQuerySet[Any]:
    """The best entries for these words, with their `score`; page them in `ORDER` (`keyset_page`).

    Every match is counted by `tally`, but only `BEST` of them are weighed: those that match by their title, then the
    newest. A common word then costs what a rare one does.
    """
    words = cleaned(words)
    query = search_query(words)
    matches = readable(user, kinds).filter(matching(words)) if words else SearchEntry.objects.none()
    by_title = Case(When(Q(title_vector=query) | Q(reference__iexact=words), then=Value(1)), default=Value(0))
    candidates = matches.order_by(by_title.desc(), "-dated_on", "-pk").values("pk")[:BEST]
    rank = SearchRank("vector", query, cover_density=True, normalization=LONG_TEXTS_COUNT_LESS)
    exact = Case(When(reference__iexact=words, then=Value(EXACT)), default=Value(0.0), output_field=FloatField())
    return (
        SearchEntry.objects.filter(pk__in=candidates)
        .annotate(score=Cast(rank, FloatField()) + exact)
        .defer("body", "vector", "title_vector")
    )


def hits(user: Any, entries: Iterable[SearchEntry], words: str) -> list[Hit]:
    """Lines to show, with the words found marked; one statement for the whole page."""
    shown = list(entries)
    told = passages([entry.pk for entry in shown], cleaned(words))
    lines = []
    for entry in shown:
        if source := source_of(entry.kind):
            title, passage = told.get(entry.pk, (marked(entry.title), marked("")))
            lines.append(Hit(entry, source.name, source.address(user, entry), title, passage))
    return lines


def passages(keys: list[int], words: str) -> dict[int, tuple[SafeString, SafeString]]:
    """Title and passage of each entry, escaped, words found between <mark>."""
    if not keys:
        return {}
    query = search_query(words)
    marks: dict[str, Any] = {"config": CONFIG, "start_sel": START, "stop_sel": STOP}
    title = SearchHeadline("title", query, highlight_all=True, **marks)
    body = SearchHeadline(
        "body", query, max_words=30, min_words=14, max_fragments=2, fragment_delimiter=" … ", **marks
    )
    rows = SearchEntry.objects.filter(pk__in=keys).values_list("pk", title, body)
    return {pk: (marked(found), marked(passage)) for pk, found, passage in rows}
