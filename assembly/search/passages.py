"""The passage to show: a short window of the text around the words found, since marking a whole text costs too much.

`ts_headline` reads text as slowly as it is indexed (13 ms for five pages). A window of it is chosen by plain search of
the stems; what is marked inside is again decided by `ts_headline`, hence by the same rules that found the entry.
"""

import re
from typing import Any

from django.db import connection
from django.utils.safestring import SafeString

from assembly.search.language import CONFIG, french_quotes
from assembly.search.text import START, STOP, marked_html

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
