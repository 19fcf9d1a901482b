"""`extract(content, media_type)`: the words of a file, found by a process that bombs may kill alone."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from assembly.documents.text import wording

WALL_SECONDS = 80
ROOT = Path(__file__).resolve().parents[3]
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")


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
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    command = [sys.executable, "-m", "assembly.documents.text.child", media_type]
    try:
        run = subprocess.run(  # noqa: S603 -- our own module, and a type from our own list
            command,
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            timeout=WALL_SECONDS,
            check=False,
        )
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
