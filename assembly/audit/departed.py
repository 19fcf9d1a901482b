"""Heads of the chain stored outside the database: one JSON line each in JOURNAL_HEADS_FILE, as the witnesses got them.

A rewritten database, even by its owner, does not match them. The file is as trustworthy as its location: the
application appends to it, hence can rewrite it unless the host forbids that (`chattr +a`). What the witnesses received
by mail has the same form, and nobody here can change it: `manage.py verify_audit --heads FILE` compares with that.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class DepartedHead:
    """Head that was sent away.

    `at` in ISO 8601; `timestamp` is the RFC 3161 token over the hash, in base64, empty without an authority.
    """

    seq: int
    hash: str
    at: str
    timestamp: str = ""

    def line(self) -> str:
        return json.dumps(asdict(self), sort_keys=True) + "\n"


def read_heads(path: Path) -> list[DepartedHead]:
    """Return the heads of a file, none when it does not exist; raise ValueError for a line that is no head."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    try:
        return [DepartedHead(**json.loads(line)) for line in lines if line.strip()]
    except (ValueError, TypeError) as error:
        raise ValueError(f"{path} : une ligne n’est pas une tête du journal.") from error


def append_head(path: Path, head: DepartedHead) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(head.line())
