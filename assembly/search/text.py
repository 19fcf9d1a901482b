"""Conversion of text: plain words for the index, escaped passages for the page."""

import re
from html import unescape

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
