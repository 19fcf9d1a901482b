"""`extract(content, media_type)`: the text of a file, read in a process that a bomb ends alone."""

import subprocess
from dataclasses import dataclass

from assembly.documents.text import formats
from assembly.files import child_process

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
        code, written = formats.CUT, error.stdout or b""
    else:
        code, written = run.returncode, run.stdout
    text = formats.normalise_text(written.decode("utf-8", "replace"))
    if code == formats.DONE:
        return Extracted(text)
    if code == formats.LOCKED:
        raise ExtractionFailed("locked")
    if code == formats.DAMAGED:
        raise ExtractionFailed("damaged")
    if not text:
        raise ExtractionFailed("heavy")
    return Extracted(text, is_cut=True)
