"""What every reader shares: the file types with text, the limits, the errors."""

import re
import unicodedata
from collections.abc import Iterator

MAX_CHARACTERS = 1_000_000
PDF = "application/pdf"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
POWERPOINT = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
PLAIN = frozenset({"text/plain", "text/csv"})

# Exit codes of the reading process.
DONE, DAMAGED, LOCKED, CUT = 0, 3, 4, 5

UNSTORABLE = {code: None for code in range(32) if chr(code) not in "\n\t"} | {127: None, 0xFEFF: None, 0xFFFE: None}
SURROGATES = re.compile("[\ud800-\udfff]")
HYPHENATED = re.compile("(?<=\\w)[\u00ad\u2010]\n(?=[a-zà-ÿœ])")
BLANKS = re.compile("[ \\t\u00a0\u202f]+")
EMPTY_LINES = re.compile("\n(?: ?\n)+")


class Locked(Exception):
    """The file needs a password."""


class Damaged(Exception):
    """The content of the file does not match its type."""


def has_text(media_type: str) -> bool:
    """Return whether files of this type hold text that a reader can extract; pictures do not."""
    known = media_type in PLAIN or media_type in {PDF, WORD, EXCEL, POWERPOINT}
    return known or media_type.startswith(OPEN_DOCUMENT)


def normalise_text(text: str) -> str:
    """Return text with ligatures split, hyphenated words joined, blanks merged and unstorable characters removed."""
    text = unicodedata.normalize("NFKC", SURROGATES.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    text = HYPHENATED.sub("", text.translate(UNSTORABLE)).replace("\u00ad", "")
    return EMPTY_LINES.sub("\n", BLANKS.sub(" ", text)).strip()


def read_plain_text(content: bytes) -> Iterator[str]:
    """Yield the content of a text file, which the gate stored as UTF-8."""
    yield content.decode("utf-8", "replace")
