"""The process that reads a file: bytes come in, text goes out as it is read, the exit code is the outcome.

It has no settings, no secret and no database; its memory and its processor time are capped. What it wrote before a cap
stopped it is stored.
"""

import sys
from collections.abc import Iterator

from assembly.documents.text import extraction
from assembly.files import child_process

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60


def read_pieces(content: bytes, media_type: str) -> Iterator[str]:
    """Return the pieces of text; each reader is imported where it is used, so that a table needs no PDF engine."""
    if media_type in extraction.PLAIN:
        return extraction.read_plain_text(content)
    if media_type == extraction.PDF:
        from assembly.documents.text import pdf  # noqa: PLC0415 -- see the docstring

        return pdf.read_pdf(content)
    from assembly.documents.text import office  # noqa: PLC0415 -- see the docstring

    return office.read_office(content, media_type)


def serve(media_type: str) -> int:
    left = extraction.MAX_CHARACTERS
    try:
        for piece in read_pieces(sys.stdin.buffer.read(), media_type):
            text = piece[:left]
            left -= len(text)
            sys.stdout.buffer.write(text.encode("utf-8", "ignore"))
            sys.stdout.buffer.flush()
            if not left:
                return extraction.CUT
    except extraction.Locked:
        return extraction.LOCKED
    except extraction.Damaged:
        return extraction.DAMAGED
    except MemoryError:
        return extraction.CUT
    return extraction.DONE


if __name__ == "__main__":
    child_process.limit(MEMORY, CPU_SECONDS)
    sys.exit(serve(sys.argv[1]))
