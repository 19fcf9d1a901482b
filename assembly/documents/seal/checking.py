"""Asking what is in a signed PDF that may be hostile: a process of its own (`reading`) reads it, with limits."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

WALL_SECONDS = 85
DESCRIPTION = re.compile(
    rb"<dc:description>\s{0,9}<rdf:Alt>\s{0,9}<rdf:li[^>]{0,40}>([^<]{1,60})</rdf:li>",
)


def written_reference(content: bytes) -> str:
    """The reference that a file says it has, looked for in the plain metadata even of one too damaged to be opened."""
    found = DESCRIPTION.search(content)
    return found[1].decode("utf-8", "replace") if found else ""


def check(path: Path, trust_file: Path) -> dict[str, Any]:
    """The report of a file, made by another process inside its limits; an unreadable file has {"unreadable": …}."""
    command = [sys.executable, "-m", "assembly.documents.seal.reading", str(path), str(trust_file)]
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
