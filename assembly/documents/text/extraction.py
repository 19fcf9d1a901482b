"""`extract(content, media_type)`: the text of a file, read in a process that a bomb ends alone.

What the readers in that process share comes first: the file types with text, the limits, the errors.
"""

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assembly.files import child_process

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


WALL_SECONDS = 80


@dataclass(frozen=True)
class Extracted:
    """The text of a file; `is_cut` when it has more than is stored or than could be read in time."""

    text: str
    is_cut: bool = False


class ExtractionFailed(Exception):
    """A file without readable text: `code` is "locked", "damaged" or "heavy"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def extract(content: bytes, media_type: str) -> Extracted:
    """Return the text of a file that passed the gate; raises ExtractionFailed."""
    child = "assembly.documents.text.child"
    try:
        run = child_process.run_module(child, media_type, content=content, seconds=WALL_SECONDS)
    except subprocess.TimeoutExpired as error:
        code, written = CUT, error.stdout or b""
    else:
        code, written = run.returncode, run.stdout
    text = normalise_text(written.decode("utf-8", "replace"))
    if code == DONE:
        return Extracted(text)
    if code == LOCKED:
        raise ExtractionFailed("locked")
    if code == DAMAGED:
        raise ExtractionFailed("damaged")
    if not text:
        raise ExtractionFailed("heavy")
    return Extracted(text, is_cut=True)
