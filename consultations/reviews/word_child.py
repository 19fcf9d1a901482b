"""Process that opens an uploaded Word file: bytes come in, the rows of its tables go out as JSON.

It has no settings, no secret and no database; memory and processor time are capped.
"""

import io
import json
import sys
from zipfile import BadZipFile

import docx
from docx.opc.exceptions import PackageNotFoundError
from lxml.etree import LxmlError

from assembly.files import child_process

MEMORY = 512 * 1024 * 1024
CPU_SECONDS = 10
DONE, DAMAGED = 0, 3


def rows_of(content: bytes) -> list[list[str]]:
    """Return the text of each cell, row by row, one table after the other."""
    document = docx.Document(io.BytesIO(content))
    return [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]


def main() -> int:
    child_process.limit(MEMORY, CPU_SECONDS)
    try:
        rows = rows_of(sys.stdin.buffer.read())
    except (BadZipFile, LxmlError, PackageNotFoundError, KeyError, ValueError, AttributeError, IndexError, OSError):
        return DAMAGED
    json.dump(rows, sys.stdout)
    return DONE


if __name__ == "__main__":
    sys.exit(main())
