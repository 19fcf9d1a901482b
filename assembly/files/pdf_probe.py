"""Page count of a PDF, computed by a process with capped memory and time: the tables of the file may be bombs."""

import io
import subprocess
import sys

from assembly.files import child_process

LOCKED, DAMAGED = -1, -2
MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 5
WALL_SECONDS = 15


def page_count(content: bytes) -> int:
    """Return the number of pages, or LOCKED, or DAMAGED when it cannot be opened within the caps."""
    try:
        return int(child_process.run_module("assembly.files.pdf_probe", content=content, seconds=WALL_SECONDS).stdout)
    except (subprocess.TimeoutExpired, ValueError):
        return DAMAGED


def print_page_count() -> int:
    import pikepdf  # noqa: PLC0415 -- only this process opens untrusted files

    try:
        with pikepdf.open(io.BytesIO(sys.stdin.buffer.read())) as opened:
            return len(opened.pages) or DAMAGED
    except pikepdf.PasswordError:
        return LOCKED
    except (pikepdf.PdfError, MemoryError, ValueError):
        return DAMAGED


if __name__ == "__main__":
    child_process.limit(MEMORY, CPU_SECONDS)
    sys.stdout.write(str(print_page_count()))
