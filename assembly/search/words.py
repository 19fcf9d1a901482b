"""Plain words in, safe passages out."""

import re
from html import unescape

from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

TITLE_LENGTH = 300
BODY_LENGTH = 300_000  # about a hundred pages; PostgreSQL refuses a vector of more than 1 MB
START, STOP = "\ue000", "\ue001"  # private characters: no text that is indexed holds them
BLOCK_END = re.compile(r"</(?:p|li|h[1-6]|td|th|tr|div|blockquote)>|<br\s*/?>", re.IGNORECASE)
UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ue000\ue001]")
SPACES = re.compile(r"[^\S\n]+")
EMPTY_LINES = re.compile(r"\s*\n\s*")


def index_text(text: str, length: int) -> str:
    """Text without control characters nor useless spaces, cut at `length`.

    Apostrophes are made straight: PostgreSQL takes « l’école » for one word, and "l'école" for two.
    """
    clean = SPACES.sub(" ", UNSEEN.sub(" ", str(text).replace("’", "'")))
    return EMPTY_LINES.sub("\n", clean).strip()[:length]


def text_of_html(source: str) -> str:
    """The words of sanitised HTML, one paragraph a line."""
    return unescape(strip_tags(BLOCK_END.sub("\n", source))).strip()


def marked_html(passage: str) -> SafeString:
    """A passage with the words found between <mark>; everything else is escaped, apostrophes are French again."""
    safe = escape(passage).replace("&#x27;", "’")
    return mark_safe(safe.replace(START, "<mark>").replace(STOP, "</mark>"))  # noqa: S308 -- escaped just above
