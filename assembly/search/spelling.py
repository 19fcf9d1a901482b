"""« Vouliez-vous dire »: the nearest written words, by trigrams (pg_trgm), among texts that the reader may read.

Only words of those texts are compared: a suggestion tells nothing that a search would not find.
"""

import re

from django.db import connection
from django.db.models import Value
from django.db.models.functions import Concat, Left

from assembly.search.models import SearchEntry
from assembly.search.passages import ACCENTS
from assembly.ui.queryset import ScreenQuerySet

# A word long enough to be mended: not a figure, not one that the question leaves out (« -scolaire »).
WORD = re.compile(r"(?<![-\w])[^\W\d_]{4,40}(?!\w)")
MOST_WORDS = 6
# So many texts, the newest, and so many characters of each: about a tenth of a second.
TEXTS, BEGINNING = 1_000, 1_000
CLOSE = 0.4
BEGINNING_OF_TEXT = Concat("title", Value(" "), Left("body", BEGINNING))
STATEMENT = """
    WITH written AS (
        SELECT DISTINCT word, translate(word, %s, %s) AS folded
        FROM ({texts}) AS readable (text),
            regexp_split_to_table(lower(readable.text), '[^[:alpha:]]+') AS word
        WHERE length(word) BETWEEN 4 AND 40
    )
    SELECT DISTINCT ON (asked.word) asked.word, written.word
    FROM unnest(%s::text[]) AS asked (word)
    JOIN written ON similarity(written.folded, translate(asked.word, %s, %s)) >= %s
    ORDER BY asked.word, similarity(written.folded, translate(asked.word, %s, %s)) DESC, written.word
"""


def wanted(words: str) -> list[str]:
    """The words of a question that may be misspelt, in small letters."""
    return list(dict.fromkeys(word.lower() for word in WORD.findall(words)))[:MOST_WORDS]


def nearest(entries: ScreenQuerySet[SearchEntry], words: list[str]) -> dict[str, str]:
    """For each of these words the written one that looks most like it; those that look like none are left out."""
    if not words:
        return {}
    newest = entries.order_by("-dated_on", "-pk")[:TEXTS]
    texts, rights = newest.annotate(text=BEGINNING_OF_TEXT).values("text").query.sql_with_params()
    asked = [*ACCENTS, *rights, words, *ACCENTS, CLOSE, *ACCENTS]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(texts=texts), asked)
        return dict(cursor.fetchall())


def mended(words: str, near: dict[str, str]) -> str:
    """The question with its nearest words in place; what surrounds them stays. Empty when one looks like none."""
    if any(word not in near for word in wanted(words)):
        return ""
    return WORD.sub(lambda found: better(found[0], near), words)


def better(word: str, near: dict[str, str]) -> str:
    """The written word, unless only accents or capitals differ: those do not count in a search."""
    written = near.get(word.lower(), word)
    fold = str.maketrans(*ACCENTS)
    return word if written.translate(fold) == word.lower().translate(fold) else written
