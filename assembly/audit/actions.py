"""Actions on the journal; nothing else writes to it.

An entry is written inside the transaction of the act that it records, and its free text may be erased. The head of the
chain is published, so that a holder of an old head can detect a cut tail.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from assembly.audit.models import Entry, EntryDetail, Head, Link
from assembly.audit.registry import event_types, scope_of


class Actor(Protocol):
    """Author of an act: a user or a person, stored in the journal by pseudonym."""

    @property
    def pseudonym(self) -> UUID: ...


def canonical_json(value: Any) -> str:
    """Serialise with sorted keys, no spaces, UTF-8: the same fact always gives the same bytes."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)


def record(
    event_type: str,
    subject: models.Model,
    *,
    by: Actor | None,
    on_behalf_of: Actor | None = None,
    dossier: models.Model | None = None,
    detail: str = "",
    **facts: Any,
) -> Entry:
    """Write one line of the journal in the current transaction.

    `facts` hold ids, states, numbers and dates, never names or free text (they are hashed for ever); what a person
    typed goes to `detail`, which may be erased. `dossier` is the object whose history also shows the line (the sitting
    of an agenda item). `by=None` means the system. Raise KeyError for an undeclared event type, RuntimeError outside a
    transaction.
    """
    if event_type not in event_types:
        raise KeyError(f"The event type {event_type!r} is declared by no app.")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("The journal is written inside the transaction of the act itself.")
    now = timezone.now()
    assembly_id, term_id = scope_of(subject, dossier)
    nonce = secrets.token_hex(16) if detail else ""
    line = {
        "at": now.isoformat(),
        "verb": event_type,  # the key of the hashed format
        "actor": by.pseudonym if by else None,
        "on_behalf_of": on_behalf_of.pseudonym if on_behalf_of else None,
        "subject": [subject._meta.label, str(subject.pk)],
        "dossier": [dossier._meta.label, str(dossier.pk)] if dossier else ["", ""],
        "term": term_id,
        "assembly": assembly_id,
        "facts": json.loads(canonical_json(facts)),
        "detail": hashlib.sha256((nonce + detail).encode()).hexdigest() if detail else None,
    }
    entry = Entry.objects.create(
        at=now,
        event_type=event_type,
        actor=by.pseudonym if by else None,
        on_behalf_of=on_behalf_of.pseudonym if on_behalf_of else None,
        subject_type=subject._meta.label,
        subject_id=str(subject.pk),
        dossier_type=dossier._meta.label if dossier else "",
        dossier_id=str(dossier.pk) if dossier else "",
        term_id=term_id,
        assembly_id=assembly_id,
        facts=line["facts"],
        canonical=canonical_json(line),
    )
    if detail:
        EntryDetail.objects.create(entry=entry, nonce=nonce, text=detail)
    return entry


@transaction.atomic
def erase_details(entries: Iterable[int], *, by: Actor | None) -> int:
    """Erase the free text of these entries and return how many were erased; the chain stays intact."""
    now = timezone.now()
    rows = EntryDetail.objects.filter(entry_id__in=list(entries), erased_at=None)
    erased = 0
    for row in rows:
        EntryDetail.objects.filter(pk=row.pk).update(text="", erased_at=now)
        record("journal.detail_erased", row.entry, by=by)
        erased += 1
    return erased


def publish_head() -> Head | None:
    """Store the present head of the chain; return None when it has not changed since the last one."""
    link = Link.objects.order_by("-seq").first()
    if link is None or Head.objects.filter(seq=link.seq, hash=link.hash).exists():
        return None
    return Head.objects.create(seq=link.seq, hash=link.hash, published_at=timezone.now())
