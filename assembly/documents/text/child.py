"""The process that reads a file: bytes come in, text goes out as it is read, the exit code is the outcome.

It has no settings, no secret and no database; its memory and its processor time are capped. What it wrote before a cap
stopped it is stored.
"""

import sys
from collections.abc import Iterator

from assembly.documents.text import wording
from assembly.ui import child_process

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60


def readers(content: bytes, media_type: str) -> Iterator[str]:
    """Return the reader of this type; each is imported where it is used, so that a table needs no PDF engine."""
    if media_type in wording.PLAIN:
        return wording.plain_text_words(content)
    if media_type == wording.PDF:
        from assembly.documents.text import pdf  # noqa: PLC0415 -- see the docstring

        return pdf.pdf_words(content)
    from assembly.documents.text import office  # noqa: PLC0415 -- see the docstring

    return office.office_words(content, media_type)


def serve(media_type: str) -> int:
    left = wording.MAX_CHARACTERS
    try:
        for piece in readers(sys.stdin.buffer.read(), media_type):
            text = piece[:left]
            left -= len(text)
            sys.stdout.buffer.write(text.encode("utf-8", "ignore"))
            sys.stdout.buffer.flush()
            if not left:
                return wording.CUT
    except wording.Locked:
        return wording.LOCKED
    except wording.Damaged:
        return wording.DAMAGED
    except MemoryError:
        return wording.CUT
    return wording.DONE


if __name__ == "__main__":
    child_process.limit(MEMORY, CPU_SECONDS)
    sys.exit(serve(sys.argv[1]))
