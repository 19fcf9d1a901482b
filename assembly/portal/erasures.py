"""List of erased people, by pseudonym, outside the database, so that an older backup does not bring them back.

One JSON line each in DATA_DIR/erasures.jsonl. The administrator stores it with the backups, in its newest version.
"""

import json
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from assembly.identity.actions import erase
from assembly.identity.models import Person, User


def list_file() -> Path:
    return settings.DATA_DIR / "erasures.jsonl"


def erased_pseudonyms() -> dict[str, str]:
    """Return the pseudonyms of erased people, each with that of the eraser, or "" where the retention period ended."""
    try:
        lines = list_file().read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return {}
    return {line["pseudonym"]: line["by"] for line in map(json.loads, filter(None, lines))}


def record_erasure(person: Person, by: User | None) -> None:
    """Add the person to the list after the erasure is committed, unless already listed."""
    who = str(by.person.pseudonym) if by else ""
    line = {"pseudonym": str(person.pseudonym), "by": who, "at": timezone.now().isoformat()}
    transaction.on_commit(lambda: _append(line))


def _append(line: dict[str, str]) -> None:
    if line["pseudonym"] not in erased_pseudonyms():
        list_file().parent.mkdir(parents=True, exist_ok=True)
        with list_file().open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


@transaction.atomic
def replay() -> int:
    """Erase again the listed people whom a backup brought back; return how many."""
    listed = erased_pseudonyms()
    people = list(Person.objects.filter(pseudonym__in=listed, anonymised_at=None).order_by("pk"))
    eraser = User.objects.select_related("person").order_by("pk")
    for person in people:
        who = listed[str(person.pseudonym)]
        erase(person, by=(eraser.filter(person__pseudonym=who).first() or eraser.first()) if who else None)
    return len(people)
