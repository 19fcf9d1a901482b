"""Reader of a signed PDF that may be hostile: the process that `checking` runs with limits, one line of JSON out.

`python -m assembly.documents.seal.reading FILE TRUST CPU_SECONDS BYTES UPDATES MOMENT` needs neither settings nor
database. It has a lower priority than every other process: sealing never waits for it.
"""

import contextlib
import io
import json
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp

from assembly.documents.pdf.source import SEAL_FIELD
from assembly.documents.seal import trust
from assembly.documents.seal.checking import MEMORY_SPENT, REGISTERED_FILES, UPDATES, written_reference
from assembly.files import child_process

NICENESS = 10
UPDATE = b"startxref"


class TooManyUpdates(Exception):
    """A file with more updates than any sealed here: each makes the reader go through all the others once more."""


def report(
    content: bytes, trust_file: Path, *, updates: int = REGISTERED_FILES.updates, moment: datetime | None = None
) -> dict[str, Any]:
    """Return every signature of a file with its errors; raises whatever a broken file raises."""
    if content.count(UPDATE) > updates:
        raise TooManyUpdates
    reader = PdfFileReader(io.BytesIO(content))
    if reader.xrefs.total_revisions > updates:
        raise TooManyUpdates
    context = trust.validation_context(trust_file, moment=moment)
    signatures = [
        _described(signature, "signature", validate_pdf_signature(signature, context, context))
        | {"reference": reference_under_seal(signature, content)}
        for signature in reader.embedded_regular_signatures
    ] + [
        _described(signature, "timestamp", validate_pdf_timestamp(signature, context))
        for signature in reader.embedded_timestamp_signatures
    ]
    empty = [name for name, _value, _ref in enumerate_sig_fields(reader, filled_status=False)]
    return {"signatures": signatures, "empty_fields": empty, "reference": printed_reference(content)}


def _described(signature: Any, kind: str, status: Any) -> dict[str, Any]:
    unchanged = bool(status.docmdp_ok) if kind == "signature" else status.docmdp_ok is not False
    return {
        "field": signature.field_name,
        "kind": kind,
        "subject": signature.signer_cert.subject.human_friendly,
        "serial": f"{signature.signer_cert.serial_number:x}",
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "trusted": bool(status.trusted),
        "revoked": bool(status.revoked),
        "unchanged": unchanged,
        "accepted": bool(status.valid and status.intact and status.trusted and unchanged),
    }


def reference_under_seal(signature: Any, content: bytes) -> str:
    """Return the reference in the bytes that the seal covers: a later update of the metadata breaks no signature."""
    if signature.field_name != SEAL_FIELD:
        return ""
    _start, _first_length, second_start, second_length = (int(number) for number in signature.byte_range)
    return printed_reference(content[: second_start + second_length])


def printed_reference(content: bytes) -> str:
    """Return the reference in the file's metadata; empty without one."""
    with contextlib.suppress(pikepdf.PdfError, KeyError, ValueError), pikepdf.open(io.BytesIO(content)) as pdf:
        return str(pdf.docinfo["/Subject"])[:60]
    return written_reference(content)


def main(path: str, trust_file: str, cpu_seconds: str, memory: str, updates: str, moment: str) -> None:
    """Print the report on standard output, whatever the file contains."""
    os.nice(NICENESS)
    child_process.limit(int(memory), int(cpu_seconds))
    content = Path(path).read_bytes()
    try:
        at = datetime.fromisoformat(moment) if moment else None
        answer = report(content, Path(trust_file), updates=int(updates), moment=at)
    except TooManyUpdates:
        answer = {"unreadable": UPDATES, "reference": written_reference(content)}
    except (MemoryError, PdfDecodeLimitError):
        answer = {"unreadable": MEMORY_SPENT, "reference": written_reference(content)}
    except Exception as error:  # A hostile file may break its reader in any way.
        answer = {"unreadable": type(error).__name__, "reference": printed_reference(content)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
