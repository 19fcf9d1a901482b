"""Reading a signed PDF that may be hostile: run as a process of its own, with limits, answering one line of JSON.

`python -m assembly.documents.seal.checking FILE TRUST` needs neither settings nor database.
"""

import contextlib
import io
import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pikepdf
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp

from assembly.documents.seal import trust

MEMORY = 1_536 * 1024 * 1024
CPU_SECONDS = 60
WALL_SECONDS = 85


def report(content: bytes, trust_file: Path) -> dict[str, Any]:
    """Every signature of a file with what is wrong with it; raises whatever a broken file raises."""
    reader = PdfFileReader(io.BytesIO(content))
    context = trust.context(trust_file)
    signatures = []
    for found in reader.embedded_regular_signatures:
        status = validate_pdf_signature(found, signer_validation_context=context, ts_validation_context=context)
        signatures.append(
            {
                "field": found.field_name,
                "kind": "signature",
                "subject": found.signer_cert.subject.human_friendly,
                "serial": f"{found.signer_cert.serial_number:x}",
                **_flags(status),
                "unchanged": bool(status.docmdp_ok),
                "signed_at": status.signer_reported_dt.isoformat() if status.signer_reported_dt else None,
            }
        )
    for stamp in reader.embedded_timestamp_signatures:
        status = validate_pdf_timestamp(stamp, validation_context=context)
        signatures.append(
            {
                "field": stamp.field_name,
                "kind": "timestamp",
                "subject": stamp.signer_cert.subject.human_friendly,
                "serial": f"{stamp.signer_cert.serial_number:x}",
                **_flags(status),
                "unchanged": bool(status.docmdp_ok) if hasattr(status, "docmdp_ok") else True,
                "signed_at": status.timestamp.isoformat(),
            }
        )
    empty = [name for name, _value, _ref in enumerate_sig_fields(reader, filled_status=False)]
    return {"signatures": signatures, "empty_fields": empty, "reference": printed_reference(content)}


def _flags(status: Any) -> dict[str, bool]:
    return {
        "intact": bool(status.intact),
        "valid": bool(status.valid),
        "trusted": bool(status.trusted),
        "revoked": bool(status.revoked),
        "accepted": bool(status.bottom_line),
    }


def printed_reference(content: bytes) -> str:
    """The reference that the file says it has, in its metadata; empty when it says nothing."""
    with contextlib.suppress(pikepdf.PdfError, KeyError, ValueError), pikepdf.open(io.BytesIO(content)) as pdf:
        return str(pdf.docinfo["/Subject"])[:60]
    return ""


def check(path: Path, trust_file: Path) -> dict[str, Any]:
    """The report of a file, made by another process inside its limits; an unreadable file has {"unreadable": …}."""
    command = [sys.executable, "-m", "assembly.documents.seal.checking", str(path), str(trust_file)]
    root = Path(__file__).resolve().parents[3]
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, the path is one that we made
            command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"unreadable": "time"}
    if done.returncode != 0:
        return {"unreadable": "limits" if done.returncode < 0 else "broken"}
    return json.loads(done.stdout)


def main(path: str, trust_file: str) -> None:
    """Answer on standard output, whatever the file contains."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    try:
        answer = report(Path(path).read_bytes(), Path(trust_file))
    except Exception as error:  # a hostile file may break its reader in any way
        answer = {"unreadable": type(error).__name__}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
