"""Reading a signed PDF that may be hostile: run as a process of its own, with limits, answering one line of JSON.

`python -m assembly.documents.seal.checking FILE TRUST` needs neither settings nor database.
"""

import contextlib
import io
import json
import re
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
DESCRIPTION = re.compile(
    rb"<dc:description>\s{0,9}<rdf:Alt>\s{0,9}<rdf:li[^>]{0,40}>([^<]{1,60})</rdf:li>",
)


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


def written_reference(content: bytes) -> str:
    """The same, looked for in the plain metadata of a file too damaged to be opened."""
    found = DESCRIPTION.search(content)
    return found[1].decode("utf-8", "replace") if found else ""


def check(path: Path, trust_file: Path) -> dict[str, Any]:
    """The report of a file, made by another process inside its limits; an unreadable file has {"unreadable": …}."""
    command = [sys.executable, "-m", "assembly.documents.seal.checking", str(path), str(trust_file)]
    root = Path(__file__).resolve().parents[3]
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, the path is one that we made
            command, cwd=root, env={"PYTHONPATH": str(root)}, capture_output=True, timeout=WALL_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return {"unreadable": "time", "reference": written_reference(path.read_bytes())}
    if done.returncode != 0:
        reason = "limits" if done.returncode < 0 else "broken"
        return {"unreadable": reason, "reference": written_reference(path.read_bytes())}
    return json.loads(done.stdout)


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
