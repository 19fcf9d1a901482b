"""Asking what is in a signed PDF that may be hostile: a process of its own (`reading`) reads it, with limits."""

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
    """What the reading of one file may cost: seconds of processor, seconds by the clock, incremental updates."""

    cpu_seconds: int
    wall_seconds: int
    updates: int


STRANGERS = Bounds(cpu_seconds=20, wall_seconds=45, updates=100)
OWN = Bounds(cpu_seconds=60, wall_seconds=85, updates=1000)


def written_reference(content: bytes) -> str:
    """The reference that a file says it has, looked for in the plain metadata even of one too damaged to be opened."""
    found = DESCRIPTION.search(content)
    return found[1].decode("utf-8", "replace") if found else ""


def trust_fingerprint(trust_file: Path) -> str:
    """Fingerprint of the trust anchors: the roots and their revocation lists; empty when unreadable."""
    try:
        lists = sorted(trust_file.parent.glob(f"*{CRL_SUFFIX}"))
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (trust_file, *lists)]
    except OSError:
        return ""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def is_sealed(report: dict[str, Any]) -> bool:
    """Whether a file carries the seal of the institution, once, valid and over all that it says."""
    seals = [found for found in report.get("signatures", []) if found["field"] == SEAL_FIELD]
    return len(seals) == 1 and seals[0]["kind"] == "signature" and seals[0]["accepted"]


def check_seals(path: Path, trust_file: Path, *, sealed_at: str = "") -> dict[str, Any]:
    """The report of a file, made by another process inside its bounds; an unreadable file has {"unreadable": …}.

    `sealed_at` (ISO 8601) is for a file of the register: its certificate is judged at that moment, and the file, which
    we made, may cost more than a stranger's.
    """
    bounds = OWN if sealed_at else STRANGERS
    limits = [str(bounds.cpu_seconds), str(MEMORY), str(bounds.updates)]
    command = [sys.executable, "-m", "assembly.documents.seal.reading", str(path), str(trust_file), *limits, sealed_at]
    try:
        done = subprocess.run(  # noqa: S603 -- our own module, the path is one that we made
            command,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            timeout=bounds.wall_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _unread(TIME, path)
    if done.returncode != 0:
        return _unread(TIME if done.returncode < 0 else CRASHED, path)
    return json.loads(done.stdout)


def _unread(reason: str, path: Path) -> dict[str, Any]:
    return {"unreadable": reason, "reference": written_reference(path.read_bytes())}
