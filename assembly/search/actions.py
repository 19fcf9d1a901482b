"""Writes of the index: one object, what the journal reports as changed, or everything."""

import hashlib
import json
import logging
from collections.abc import Iterable, Iterator
from itertools import batched
from typing import Any

from django.db import connection, transaction

from assembly.audit.models import Link
from assembly.jobs import hints
from assembly.search.models import JournalMark, SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, source_of, sources
from assembly.search.spelling import store_tokens
from assembly.search.text import BODY_LENGTH, TITLE_LENGTH, VERSION, index_text, title_vector, whole_vector

log = logging.getLogger("assembly.search")

TASK = "assembly.search.tasks.reindex"
WRITER_LOCK = 7236503
BATCH = 100
LINES = 200
WRITTEN = ["term", "reference", "title", "body", "address_key", "dated_on", "digest", "title_vector", "vector"]


def reindex(kind: str, object_id: Any) -> None:
    """Index one object again, at commit: for a change that the journal does not record."""
    hints.send_at_commit(TASK, kind, str(object_id))


def reindex_touched_by(label: str, key: Any) -> None:
    """Index again, at commit, every object whose words come from this row ("app.Model")."""
    for source in sources():
        for object_id in source.touched_by(label, {str(key)}):
            reindex(source.kind, object_id)


@transaction.atomic
def index(source: SearchSource, ids: Iterable[Any]) -> int:
    """Index these objects again and remove those that are gone; return how many entries changed."""
    _lock_writers()
    keys = {str(pk) for pk in ids}
    subjects = {str(subject.pk): subject for subject in source.objects().filter(pk__in=keys)}
    _all_rows, by_model = _entries(source).filter(object_id__in=keys - subjects.keys()).delete()
    changed = by_model.get(SearchEntry._meta.label, 0)
    for key, subject in subjects.items():
        try:
            with transaction.atomic():
                changed += _write(source, key, source.entries(subject))
        except Exception:
            log.exception("an object cannot be indexed", extra={"facts": {"kind": source.kind, "id": key}})
    return changed


def _write(source: SearchSource, key: str, entries: Iterable[IndexEntry]) -> int:
    """Write the entries of one object that differ from the stored ones."""
    digests = dict(_entries(source).filter(object_id=key).values_list("audience", "digest"))
    rows = [_row(source, key, entry) for entry in entries]
    fresh = [row for row in rows if digests.get(row.audience) != row.digest]
    SearchEntry.objects.bulk_create(
        fresh,
        update_conflicts=True,
        unique_fields=["kind", "object_id", "audience"],
        update_fields=WRITTEN,
    )
    store_tokens(fresh)
    gone = digests.keys() - {row.audience for row in rows}
    if gone:
        _entries(source).filter(object_id=key, audience__in=gone).delete()
    return len(fresh) + len(gone)


def _row(source: SearchSource, key: str, entry: IndexEntry) -> SearchEntry:
    title, body = index_text(entry.title, TITLE_LENGTH), index_text(entry.body, BODY_LENGTH)
    columns: dict[str, Any] = {
        "term_id": entry.term_id,
        "reference": entry.reference,
        "title": title,
        "body": body,
        "address_key": entry.address_key,
        "dated_on": entry.dated_on,
    }
    content = json.dumps([VERSION, columns, *filter(None, [entry.keywords])], sort_keys=True, default=str)
    return SearchEntry(
        kind=source.kind,
        object_id=key,
        audience=entry.audience,
        digest=hashlib.sha256(content.encode()).hexdigest(),
        title_vector=title_vector(title, entry.reference),
        vector=whole_vector(title, entry.reference, f"{body}\n{entry.keywords}"),
        **columns,
    )


def _entries(source: SearchSource) -> Any:
    return SearchEntry.objects.filter(kind=source.kind)


def _lock_writers() -> None:
    """Take a lock until the transaction ends, so that the last writer of an object is the last who read it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [WRITER_LOCK])


def index_one(kind: str, object_id: str) -> None:
    """Index one object again; a kind that no app registers any more is left to `reindex_all`."""
    if source := source_of(kind):
        index(source, [object_id])


@transaction.atomic
def catch_up() -> bool:
    """Index the objects that the journal named since the last time; return True when there is more to read.

    The journal is the outbox: links are numbered in the order of commits, so that no line is ever skipped, and an
    action needs no code of its own for its object to be indexed.
    """
    JournalMark.objects.get_or_create(pk=1)
    mark = JournalMark.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=1).first()
    if mark is None:
        return False
    lines = list(
        Link.objects.filter(seq__gt=mark.seq)
        .order_by("seq")
        .values_list("seq", "entry__subject_type", "entry__subject_id", "entry__dossier_type", "entry__dossier_id")[
            :LINES
        ]
    )
    if not lines:
        return False
    keys_by_label: dict[str, set[str]] = {}
    for _seq, *pairs in lines:
        for label, key in zip(pairs[::2], pairs[1::2], strict=True):
            if label:
                keys_by_label.setdefault(label, set()).add(key)
    for source in sources():
        touched = {str(key) for label, keys in keys_by_label.items() for key in source.touched_by(label, keys)}
        if touched:
            index(source, touched)
    mark.seq = lines[-1][0]
    mark.save(update_fields=["seq"])
    return len(lines) == LINES


def reindex_all(kinds: Iterable[str] = ()) -> Iterator[tuple[SearchSource, int, int]]:
    """Index everything again, source by source; yield the source, its objects, the entries that changed."""
    selection = set(kinds)
    for source in sources():
        if selection and source.kind not in selection:
            continue
        keys = list(source.objects().order_by("pk").values_list("pk", flat=True))
        changed = sum(index(source, batch) for batch in batched(keys, BATCH))
        indexed = set(_entries(source).values_list("object_id", flat=True))
        changed += index(source, indexed - {str(key) for key in keys})
        yield source, len(keys), changed
    if not selection:
        delete_unknown_kinds()


@transaction.atomic
def delete_unknown_kinds() -> None:
    _lock_writers()
    SearchEntry.objects.exclude(kind__in=[source.kind for source in sources()]).delete()


@transaction.atomic
def erase_person(person: Any, by: Any) -> None:
    """Remove every entry about an erased person at once, so that search no longer finds or suggests them."""
    _lock_writers()
    for source in sources():
        keys = [str(key) for key in source.touched_by("identity.Person", {str(person.pk)})]
        _entries(source).filter(object_id__in=keys).delete()
