"""Reading of a signed PDF that may be hostile, in a process of its own (`reading`) with limits."""

import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assembly.documents.pdf.source import SEAL_FIELD
from assembly.documents.seal.keys import CRL_SUFFIX

ROOT = Path(__file__).resolve().parents[3]
MEMORY = 1024 * 1024 * 1024
TIME, MEMORY_SPENT, UPDATES, CRASHED = "time", "memory", "updates", "crashed"
UNDECIDED = frozenset({TIME, MEMORY_SPENT, UPDATES, CRASHED})
DESCRIPTION = re.compile(
    rb"<dc:description>\s{0,9}<rdf:Alt>\s{0,9}<rdf:li[^>]{0,40}>([^<]{1,60})</rdf:li>",
)


@dataclass(frozen=True)
class Bounds:
    """The limits of reading one file: seconds of processor, seconds by the clock, incremental updates."""

    cpu_seconds: int
    wall_seconds: int
    updates: int


UNKNOWN_FILES = Bounds(cpu_seconds=20, wall_seconds=45, updates=100)
REGISTERED_FILES = Bounds(cpu_seconds=60, wall_seconds=85, updates=1000)


def written_reference(content: bytes) -> str:
    """Return the reference in the plain metadata of a file, even of one too damaged to be opened."""
    match = DESCRIPTION.search(content)
    return match[1].decode("utf-8", "replace") if match else ""


def trust_fingerprint(trust_file: Path) -> str:
    """Return a fingerprint of the trust anchors: the roots and their revocation lists; empty when unreadable."""
    try:
        lists = sorted(trust_file.parent.glob(f"*{CRL_SUFFIX}"))
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (trust_file, *lists)]
    except OSError:
        return ""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def is_sealed(report: dict[str, Any]) -> bool:
    """Return whether a file has the seal of the institution, once, valid and over all its content."""
    seals = _seals_of(report)
    return len(seals) == 1 and seals[0]["kind"] == "signature" and seals[0]["accepted"]


def sealed_reference(report: dict[str, Any]) -> str:
    """Return the reference that the seal covers; that of the whole file may come from a later update."""
    return next((seal["reference"] for seal in _seals_of(report) if seal["kind"] == "signature"), "")


def _seals_of(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [signature for signature in report.get("signatures", []) if signature["field"] == SEAL_FIELD]


def check_seals(path: Path, trust_file: Path, *, sealed_at: str = "") -> dict[str, Any]:
    """Return the report of a file, made by a process with limits; an unreadable file has {"unreadable": …}.

    `sealed_at` (ISO 8601) is for a file of the register: its certificate is judged at that moment, and the file, which
    this installation made, may cost more than an unknown one.
    """
    bounds = REGISTERED_FILES if sealed_at else UNKNOWN_FILES
    limits = [str(bounds.cpu_seconds), str(MEMORY), str(bounds.updates)]
    command = [sys.executable, "-m", "assembly.documents.seal.reading", str(path), str(trust_file), *limits, sealed_at]
    try:
        run = subprocess.run(  # noqa: S603 -- the module is part of the product, the path was made by it
            command,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            timeout=bounds.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _unread(TIME, path)
    if run.returncode != 0:
        return _unread(TIME if run.returncode < 0 else CRASHED, path)
    return json.loads(run.stdout)


def _unread(reason: str, path: Path) -> dict[str, Any]:
    return {"unreadable": reason, "reference": written_reference(path.read_bytes())}
