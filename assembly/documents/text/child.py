"""The process that reads a file: bytes come in, words go out as they are found, the exit code says how it ended.

It has no settings, no secret and no database; its memory and its processor time are capped. What it wrote before a
cap stopped it is kept.
"""

import sys
from collections.abc import Iterator

from assembly.documents.text import wording
from assembly.ui import child_process

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 60


def readers(content: bytes, media_type: str) -> Iterator[str]:
    """The reader of this type; each is imported where it is used, so that a table does not wait for a PDF engine."""
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
            words = piece[:left]
            left -= len(words)
            sys.stdout.buffer.write(words.encode("utf-8", "ignore"))
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
