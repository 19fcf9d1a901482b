"""Verification of the whole chain, which names the first wrong line, and the heads stored outside the database.

Each head is one JSON line in JOURNAL_HEADS_FILE, as the witnesses got it. A rewritten database, even by its owner,
does not match them. The file is as trustworthy as its location: the application appends to it, hence can rewrite it
unless the host forbids that (`chattr +a`). What the witnesses received by mail has the same form, and nobody here can
change it: `manage.py verify_audit --heads FILE` compares with that.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.db import connection

from assembly.audit.models import Head


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


GENESIS = "0" * 64
SENTENCES = {
    "missing": "Un maillon manque",
    "changed": "Une ligne a été modifiée",
    "deleted": "Une ligne a été supprimée",
    "inserted": "Une ligne a été ajoutée hors de la chaîne",
    "truncated": "La chaîne est coupée ou réécrite avant une tête publiée",
}


@dataclass(frozen=True)
class Finding:
    """What is wrong and where: `seq` is the link's number, None when an entry has no link."""

    kind: str
    seq: int | None
    entry_id: int | None

    def __str__(self) -> str:
        place = [f"maillon {self.seq}"] * (self.seq is not None) + [f"ligne {self.entry_id}"] * (
            self.entry_id is not None
        )
        return f"{SENTENCES[self.kind]} : {', '.join(place)}."


def _lines() -> Iterator[tuple[int, int | None, str, int | None, str | None]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.seq, l.entry_id, l.hash, e.id, e.canonical"
            " FROM audit_link l LEFT JOIN audit_entry e ON e.id = l.entry_id ORDER BY l.seq"
        )
        while rows := cursor.fetchmany(5000):
            yield from rows


def _unlinked() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM audit_entry e LEFT JOIN audit_link l ON l.entry_id = e.id"
            " WHERE l.seq IS NULL ORDER BY e.id LIMIT 1"
        )
        return [row[0] for row in cursor.fetchall()]


def _columns_differ() -> list[int]:
    """Return an entry whose columns, copies of the canonical text for queries, differ from it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM audit_entry WHERE event_type IS DISTINCT FROM canonical::json->>'verb'"
            " OR actor::text IS DISTINCT FROM canonical::json->>'actor'"
            " OR on_behalf_of::text IS DISTINCT FROM canonical::json->>'on_behalf_of'"
            " OR subject_type IS DISTINCT FROM canonical::json->'subject'->>0"
            " OR subject_id IS DISTINCT FROM canonical::json->'subject'->>1"
            " OR dossier_type IS DISTINCT FROM canonical::json->'dossier'->>0"
            " OR dossier_id IS DISTINCT FROM canonical::json->'dossier'->>1"
            " OR assembly_id::text IS DISTINCT FROM canonical::json->>'assembly'"
            " OR term_id::text IS DISTINCT FROM canonical::json->>'term'"
            " OR facts IS DISTINCT FROM (canonical::jsonb)->'facts'"
            " OR at IS DISTINCT FROM (canonical::json->>'at')::timestamptz ORDER BY id LIMIT 1"
        )
        return [row[0] for row in cursor.fetchall()]


def _details_differ() -> list[int]:
    """Return an entry whose free text was rewritten, removed or added; an erased one has a date and is valid."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.id FROM audit_entry e LEFT JOIN audit_entrydetail d ON d.entry_id = e.id"
            " WHERE (d.erased_at IS NULL AND encode(sha256(convert_to(d.nonce || d.text, 'UTF8')), 'hex')"
            " IS DISTINCT FROM e.canonical::json->>'detail')"
            " OR (d.erased_at IS NOT NULL AND (d.text <> '' OR e.canonical::json->>'detail' IS NULL))"
            " ORDER BY e.id LIMIT 1"
        )
        return [row[0] for row in cursor.fetchall()]


def verify(stored_heads: Iterable[tuple[int, str]] = ()) -> tuple[int, Finding | None]:
    """Walk the chain; return how many links were read and the first finding, None when all is correct.

    `stored_heads` are heads (number, hash) stored outside the database; the published ones are always compared.

    Kinds: `missing` (a link was removed), `changed` (the entry's text is not what was hashed), `deleted` (the entry is
    gone), `inserted` (an entry without link, or columns that contradict the hashed text), `truncated` (a published or
    stored head is beyond the chain, or is not on it).
    """
    previous, expected = GENESIS, 1
    heads: dict[int, set[str]] = {}
    for seq, written in (*Head.objects.values_list("seq", "hash"), *stored_heads):
        heads.setdefault(seq, set()).add(written)
    for seq, entry_id, written, stored_id, canonical in _lines():
        if seq != expected:
            return expected - 1, Finding("missing", expected, None)
        if stored_id is None or canonical is None:
            return expected - 1, Finding("deleted", seq, entry_id)
        previous = hashlib.sha256((previous + canonical).encode()).hexdigest()
        if previous != written:
            return expected - 1, Finding("changed", seq, entry_id)
        if heads.pop(seq, {written}) != {written}:
            return expected - 1, Finding("truncated", seq, entry_id)
        expected += 1
    read = expected - 1
    if heads:
        return read, Finding("truncated", min(heads), None)
    for entry_id in _unlinked() or _columns_differ():
        return read, Finding("inserted", None, entry_id)
    for entry_id in _details_differ():
        return read, Finding("changed", None, entry_id)
    return read, None
