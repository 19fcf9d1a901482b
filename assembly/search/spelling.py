"""« Vouliez-vous dire »: the nearest written words, by trigrams (pg_trgm), among texts that the reader may read.

The words are recorded when a text is indexed, each with its entries. A word is suggested only to readers who may read
one of these entries now: a suggestion reveals nothing that a search would not find.
"""

import re
from collections.abc import Sequence

from django.core.cache import cache
from django.db import connection

from assembly.identity.attempts import WIDER
from assembly.search.models import SearchEntry
from assembly.search.text import ACCENTS
from assembly.speed.queries import ScreenQuerySet

# A word long enough to be corrected: not a figure, not one that the query leaves out (« -scolaire »).
WORD = re.compile(r"(?<![-\w])[^\W\d_]{4,40}(?!\w)")
WRITTEN = re.compile(r"[^\W\d_]+")
SHORTEST, LONGEST = 4, 40
MOST_TOKENS = 6
BEGINNING = 1_000  # The first characters of a text, whose words are recorded: a hundred words for each entry.
CLOSE = 0.4
SUGGESTIONS_A_MINUTE, MINUTE = 20, 60
FOLD = str.maketrans(*ACCENTS)
# The nearest first, and no further than the first one that the reader may read. OFFSET 0 keeps PostgreSQL from joining
# all words with all entries: candidates are checked one after the other.
NEAREST = """
    SELECT asked.word, written.word
    FROM unnest(%s::text[], %s::text[]) AS asked (word, folded)
    CROSS JOIN LATERAL (
        SELECT near.word FROM (
            SELECT id, word, similarity(folded, asked.folded) AS likeness FROM search_searchword
            WHERE folded %% asked.folded AND similarity(folded, asked.folded) >= %s
            ORDER BY likeness DESC, word
            OFFSET 0
        ) AS near
        WHERE EXISTS (
            SELECT 1 FROM search_searchwordentry AS held
            JOIN ({readable}) AS readable (id) ON readable.id = held.entry_id
            WHERE held.word_id = near.id
            OFFSET 0
        )
        ORDER BY near.likeness DESC, near.word
        LIMIT 1
    ) AS written
"""
DROP = """
    DELETE FROM search_searchwordentry AS held WHERE entry_id = ANY(%s::bigint[]) AND NOT EXISTS (
        SELECT 1 FROM unnest(%s::bigint[], %s::text[]) AS told (entry_id, word)
        JOIN search_searchword AS written USING (word)
        WHERE told.entry_id = held.entry_id AND written.id = held.word_id
    )
"""
NOTE = """
    WITH told (entry_id, word, folded) AS (SELECT * FROM unnest(%s::bigint[], %s::text[], %s::text[])),
    added AS (
        INSERT INTO search_searchword (word, folded) SELECT DISTINCT word, folded FROM told
        ON CONFLICT (word) DO NOTHING RETURNING id, word
    )
    INSERT INTO search_searchwordentry (word_id, entry_id)
    SELECT id, entry_id FROM added JOIN told USING (word)
    UNION ALL
    SELECT id, entry_id FROM search_searchword JOIN told USING (word)
    ON CONFLICT DO NOTHING
"""


def suspect_tokens(query_text: str) -> list[str]:
    """Return the words of a query that may be misspelt, in lower case."""
    return list(dict.fromkeys(word.lower() for word in WORD.findall(query_text)))[:MOST_TOKENS]


def tokens_of(entry: SearchEntry) -> list[str]:
    """Return the words of an entry that may be suggested: those of its title and of the beginning of its text."""
    text = f"{entry.title} {entry.body[:BEGINNING]}".lower()
    return sorted({word for word in WRITTEN.findall(text) if SHORTEST <= len(word) <= LONGEST})


def store_tokens(entries: Sequence[SearchEntry]) -> None:
    """Store the words of these entries, in place of those stored before.

    Two statements for all versions of an object. Called by the one writer of the index.
    """
    if not entries:
        return
    pairs = [(entry.pk, word) for entry in entries for word in tokens_of(entry)]
    keys, tokens = [key for key, _word in pairs], [word for _key, word in pairs]
    with connection.cursor() as cursor:
        cursor.execute(DROP, [[entry.pk for entry in entries], keys, tokens])
        cursor.execute(NOTE, [keys, tokens, [word.translate(FOLD) for word in tokens]])


def has_suggestions_left(readers: Sequence[str]) -> bool:
    """Return whether this reader has suggestions left this minute: each costs as much as a search.

    For a visitor each network is counted, with a higher limit for a wider one.
    """
    counts = [count_of(reader) for reader in readers]
    return all(count <= SUGGESTIONS_A_MINUTE * WIDER**rank for rank, count in enumerate(counts))


def count_of(reader: str) -> int:
    """Return how many suggestions this reader used in this minute, including this one."""
    key = f"search:suggestions:{reader}"
    cache.add(key, 0, MINUTE)
    try:
        return cache.incr(key)
    except ValueError:  # The key expired between the two lines: another minute begins.
        return 1


def nearest(entries: ScreenQuerySet[SearchEntry], tokens: list[str]) -> dict[str, str]:
    """Return, for each of these words, the readable one that is most similar; words without one are left out.

    Call it inside `force_bitmap_scan`: the planner estimates the comparison of every word as cheap.
    """
    if not tokens:
        return {}
    readable, rights = entries.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        folded = [word.translate(FOLD) for word in tokens]
        cursor.execute(NEAREST.format(readable=readable), [tokens, folded, CLOSE, *rights])
        return dict(cursor.fetchall())


def corrected_query(query_text: str, near: dict[str, str]) -> str:
    """Return the query with the nearest words in place, the rest unchanged; empty when one has no near word."""
    if any(word not in near for word in suspect_tokens(query_text)):
        return ""
    return WORD.sub(lambda match: corrected_word(match[0], near), query_text)


def corrected_word(word: str, near: dict[str, str]) -> str:
    """Return the written word, unless only accents or capitals differ: those do not count in a search."""
    written = near.get(word.lower(), word)
    return word if written.translate(FOLD) == word.lower().translate(FOLD) else written
