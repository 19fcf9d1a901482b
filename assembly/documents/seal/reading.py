"""Reading a signed PDF that may be hostile: what the process of `checking` does, with limits, in one line of JSON.

`python -m assembly.documents.seal.reading FILE TRUST` needs neither settings nor database.
"""

import contextlib
import io
import json
import resource
import sys
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp

from assembly.documents.seal import trust
from assembly.documents.seal.checking import written_reference

MEMORY = 1_536 * 1024 * 1024
CPU_SECONDS = 60


def report(content: bytes, trust_file: Path) -> dict[str, Any]:
    """Every signature of a file with what is wrong with it; raises whatever a broken file raises."""
    reader = PdfFileReader(io.BytesIO(content))
    context = trust.context(trust_file)
    signatures = [
        _described(found, "signature", validate_pdf_signature(found, context, context))
        for found in reader.embedded_regular_signatures
    ] + [
        _described(found, "timestamp", validate_pdf_timestamp(found, context))
        for found in reader.embedded_timestamp_signatures
    ]
    empty = [name for name, _value, _ref in enumerate_sig_fields(reader, filled_status=False)]
    return {"signatures": signatures, "empty_fields": empty, "reference": printed_reference(content)}


def _described(found: Any, kind: str, status: Any) -> dict[str, Any]:
    unchanged = bool(status.docmdp_ok) if kind == "signature" else status.docmdp_ok is not False
    return {
        "field": found.field_name,
        "kind": kind,
        "subject": found.signer_cert.subject.human_friendly,
        "serial": f"{found.signer_cert.serial_number:x}",
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "trusted": bool(status.trusted),
        "revoked": bool(status.revoked),
        "unchanged": unchanged,
        "accepted": bool(status.valid and status.intact and status.trusted and unchanged),
    }


def printed_reference(content: bytes) -> str:
    """The reference that the file says it has, in its metadata; empty when it says nothing."""
    with contextlib.suppress(pikepdf.PdfError, KeyError, ValueError), pikepdf.open(io.BytesIO(content)) as pdf:
        return str(pdf.docinfo["/Subject"])[:60]
    return written_reference(content)


def main(path: str, trust_file: str) -> None:
    """Answer on standard output, whatever the file contains."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    content = Path(path).read_bytes()
    try:
        answer = report(content, Path(trust_file))
    except Exception as error:  # a hostile file may break its reader in any way
        answer = {"unreadable": type(error).__name__, "reference": printed_reference(content)}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
