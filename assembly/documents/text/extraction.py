"""`extract(content, media_type)`: the words of a file, found by a process that bombs may kill alone."""

import subprocess
from dataclasses import dataclass

from assembly.documents.text import wording
from assembly.ui import child_process

WALL_SECONDS = 80


@dataclass(frozen=True)
class Extracted:
    """The words of a file; `is_cut` when it holds more than we keep or than could be read in time."""

    text: str
    is_cut: bool = False


class ExtractionFailed(Exception):
    """A file without words for us: `code` is "locked", "damaged" or "heavy"."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def extract(content: bytes, media_type: str) -> Extracted:
    """Read a file that passed the gate; raises ExtractionFailed."""
    child = "assembly.documents.text.child"
    try:
        run = child_process.run_module(child, media_type, content=content, seconds=WALL_SECONDS)
    except subprocess.TimeoutExpired as late:
        code, written = wording.CUT, late.stdout or b""
    else:
        code, written = run.returncode, run.stdout
    text = wording.normalised_words(written.decode("utf-8", "replace"))
    if code == wording.DONE:
        return Extracted(text)
    if code == wording.LOCKED:
        raise ExtractionFailed("locked")
    if code == wording.DAMAGED:
        raise ExtractionFailed("damaged")
    if not text:
        raise ExtractionFailed("heavy")
    return Extracted(text, is_cut=True)
