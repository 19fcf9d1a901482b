"""How many pages has a PDF? Counted by a process of its own, its memory and time capped: the tables may be bombs."""

import io
import os
import resource
import subprocess
import sys
from pathlib import Path

LOCKED, DAMAGED = -1, -2
MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
WALL_SECONDS = 15
ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")


def page_count(content: bytes) -> int:
    """The number of pages, or LOCKED, or DAMAGED when it cannot be opened within the caps."""
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    try:
        run = subprocess.run(
            [sys.executable, "-m", "assembly.ui.pdf_probe"],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment | {"PYTHONPATH": str(ROOT)},
            cwd=ROOT,
            timeout=WALL_SECONDS,
            check=False,
        )
        return int(run.stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return DAMAGED


def print_page_count() -> int:
    import pikepdf  # noqa: PLC0415 -- only this process opens what strangers send

    try:
        with pikepdf.open(io.BytesIO(sys.stdin.buffer.read())) as opened:
            return len(opened.pages) or DAMAGED
    except pikepdf.PasswordError:
        return LOCKED
    except (pikepdf.PdfError, MemoryError, ValueError):
        return DAMAGED


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, resource.RLIM_INFINITY))
    sys.stdout.write(str(print_page_count()))
