"""Texts of the index: plain words, the query in French, the passage to show.

Accents are ignored, words are compared by their stem. `ts_headline` reads text as slowly as it is indexed (13 ms for
five pages), so a passage is a short window of the text around the words found, chosen by plain search of the stems;
what is marked inside is again decided by `ts_headline`, hence by the same rules that found the entry.
"""

import re
from html import unescape
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Value
from django.db.models.expressions import CombinedExpression
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

TITLE_LENGTH = 300
BODY_LENGTH = 300_000  # About a hundred pages; PostgreSQL refuses a vector of more than 1 MB.
START, STOP = "\ue000", "\ue001"  # Private-use characters: no text that is indexed contains them.
BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|td|th|tr|div|blockquote)>|<br\s*/?>", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000\ue001]")
SPACES = re.compile(r"[^\S\n]+")
EMPTY_LINES = re.compile(r"\s*\n\s*")


def index_text(text: str, length: int) -> str:
    """Return text without control characters or useless spaces, cut at `length`.

    Apostrophes are made straight: PostgreSQL takes « l’école » for one word, and "l'école" for two.
    """
    clean = SPACES.sub(" ", UNSEEN.sub(" ", str(text).replace("’", "'")))
    return EMPTY_LINES.sub("\n", clean).strip()[:length]


def text_of_html(source: str) -> str:
    """Return the text of sanitised HTML, one paragraph a line."""
    return unescape(strip_tags(BLOCK_END.sub("\n", source))).strip()


def marked_html(passage: str) -> SafeString:
    """Return a passage as HTML with the words found in <mark>, the rest escaped and its apostrophes French again."""
    safe = escape(passage).replace("&#x27;", "’")
    return mark_safe(safe.replace(START, "<mark>").replace(STOP, "</mark>"))  # noqa: S308 -- escaped just above


CONFIG = "french_unaccent"
FOLLOWED_BY = re.compile(r" <(?:-|\d+)> ")
LETTERS = re.compile(r"[^\W_]+")
QUOTED_OR_WORD = re.compile(r'"([^"]*)"|([^\W_]+)')
VERSION = 2  # A new number makes `reindex_search` write every entry again.


def title_vector(title: str, reference: str) -> SearchVector:
    return SearchVector(Value(title), Value(reference), weight="A", config=CONFIG)


def whole_vector(title: str, reference: str, body: str) -> CombinedExpression:
    """Return the vector of an entry: words of the title weigh more than words of the text."""
    return title_vector(title, reference) + SearchVector(Value(body), weight="C", config=CONFIG)


def search_query(query_text: str) -> SearchQuery:
    """Return the query: every word required, "a sentence" as it stands, -word left out, `or` for either."""
    return SearchQuery(french_quotes(query_text), search_type="websearch", config=CONFIG)


def begun_query(query_text: str) -> SearchQuery | None:
    """Return the query of texts where each word begins a word, and what stands between quotes follows as it is.

    None without a word of two letters.
    """
    parts = []
    for quoted, word in QUOTED_OR_WORD.findall(query_text):
        parts.append(f"({' <-> '.join(LETTERS.findall(quoted))})" if LETTERS.search(quoted) else f"{word}:*")
    words = [part for part in parts if part != ":*"]
    if not words or max(map(len, words)) < len("ab:*"):
        return None
    return SearchQuery(" & ".join(words), search_type="raw", config=CONFIG)


class Parsed(SearchQuery):
    """A query as PostgreSQL wrote it: stems between quotes, and the operators between them."""

    template = "(%(expressions)s)::tsquery"


def without_order(understood: str) -> str:
    """Return the same query without the order of its words; empty when it has no order, or excludes a sentence."""
    if "!(" in understood or not FOLLOWED_BY.search(understood):
        return ""
    return FOLLOWED_BY.sub(" & ", understood)


def french_quotes(query_text: str) -> str:
    return query_text.replace("«", '"').replace("»", '"')


WINDOW, BEFORE = 1_500, 200
ENDING = 2
ACCENTS = ("àâäáãéèêëíîïóôöõúùûüÿçñ", "aaaaaeeeeiiioooouuuuycn")
STEM = re.compile(r"(!?)'([^']+)'")
PHRASE = re.compile(r"'[^']+'(?: <(?:-|\d+)> '[^']+')+")
STEP = re.compile(r"<(-|\d+)>")
MARKS = f"StartSel={START}, StopSel={STOP}"
# Each text is folded once; `coalesce` stops at the first position that matches.
STATEMENT = """
    SELECT entry.id,
        ts_headline(%s::regconfig, entry.title, asked.query, %s),
        ts_headline(%s::regconfig, substr(entry.body, greatest(coalesce({places}, 1) - %s, 1), %s), asked.query, %s)
    FROM search_searchentry AS entry
    CROSS JOIN (SELECT websearch_to_tsquery(%s::regconfig, %s) AS query) AS asked
    CROSS JOIN LATERAL (SELECT ' ' || translate(lower(entry.body), %s, %s) AS text OFFSET 0) AS folded
    WHERE entry.id = ANY(%s)
"""
PATTERN, PLAIN = "nullif(regexp_instr(folded.text, %s), 0)", "nullif(strpos(folded.text, %s), 0)"


def marked_passages(keys: list[int], query_text: str, understood: str) -> dict[int, tuple[SafeString, SafeString]]:
    """Return the title and the passage of each entry, escaped, with the words found in <mark>.

    `understood` is the query as PostgreSQL reads it: stems between quotes, and the operators between them.
    """
    if not keys:
        return {}
    pattern, plain = phrase_pattern(understood), search_strings(understood)
    positions = ", ".join([PATTERN] * bool(pattern) + [PLAIN] * len(plain)) or "NULL"
    body_marks = f'{MARKS}, MaxWords=30, MinWords=14, MaxFragments=2, FragmentDelimiter=" … "'
    parameters: list[Any] = [CONFIG, f"{MARKS}, HighlightAll=true", CONFIG, *([pattern] if pattern else []), *plain]
    parameters += [BEFORE, WINDOW, body_marks, CONFIG, french_quotes(query_text), *ACCENTS, keys]
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT.format(places=positions), parameters)
        return {pk: (marked_html(title), marked_html(passage)) for pk, title, passage in cursor.fetchall()}


def search_strings(understood: str) -> list[str]:
    """Return what to look for: the longest stem as a word, anywhere, its beginning (« travaux » has « traval »)."""
    stems = [stem for left_out, stem in STEM.findall(understood) if not left_out]
    if not stems:
        return []
    longest = max(stems, key=len)
    tries = [f" {longest}", longest, f" {longest[: max(3, len(longest) - ENDING)]}"]
    return [*tries, *(text.replace("oe", "œ") for text in tries[:2] if "oe" in text)]


def phrase_pattern(understood: str) -> str:
    """Return the first « 'budget' <2> 'depart' » as a pattern, other words between; empty when there is none."""
    match = PHRASE.search(understood)
    if match is None:
        return ""
    first, *others = [stem_pattern(stem) for _left_out, stem in STEM.findall(match[0])]
    pattern = first
    for operator, stem in zip(STEP.findall(match[0]), others, strict=True):
        between = 0 if operator == "-" else int(operator) - 1
        pattern += r"\w*\W+" + r"(?:\w+\W+)" * between + stem
    return pattern


def stem_pattern(stem: str) -> str:
    """Return a stem as a regular expression of PostgreSQL; « œ » is two letters in stems and one in texts."""
    escaped = "".join(letter if letter.isalnum() else f"\\{letter}" for letter in stem)
    return escaped.replace("oe", "(?:oe|œ)")
