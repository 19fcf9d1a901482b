"""A file of members: previewed, confirmed once, forgotten."""

import hashlib
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.institution.actions import committees as institution
from assembly.institution.models import Canton, Committee, Term
from members import rules
from members.actions import agreements, data, mandates, newcomers
from members.enums import BatchState, MandateState, RecordChannel
from members.import_plan import CREATE, SAME, UPDATE, plan
from members.models import ImportBatch, Mandate, Seat
from members.tabular import read
from members.workflows import IMPORT_BATCH

KEPT_FOR = timedelta(hours=2)


def preview(term: Term, content: bytes, file_name: str, *, by: User) -> ImportBatch:
    """Read the file and say what it would do. Raises `UnreadableFile` when nothing of it can be read."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    found = plan(read(content), term)
    return ImportBatch.objects.create(
        term=term,
        file_name=file_name[:120],
        digest=hashlib.sha256(content).hexdigest(),
        rows=found.rows if not found.stops else [],
        errors=found.errors,
        counters=found.counters() | {"notes": found.notes[:20], "stops": found.stops},
        created_by=by,
        expires_at=timezone.now() + KEPT_FOR,
    )


@transaction.atomic
def confirm(batch: ImportBatch, *, by: User, state: str, on: date | None = None) -> dict[str, int]:
    """Write the rows of the preview, once. Each line that the term refuses by now is counted apart, none is forced."""
    if not rules.can_manage(by, batch.term):
        raise PermissionDenied
    if batch.expires_at <= timezone.now():
        raise ValidationError(_("Cet aperçu a expiré. Envoyez le fichier à nouveau."))
    rows = batch.rows
    IMPORT_BATCH.move(batch, "confirm", confirmed_at=timezone.now(), rows=[])
    counters: Counter[str] = Counter()
    errors = list(batch.errors)
    for row in rows:
        try:
            with transaction.atomic():
                counters[write_row(row, batch.term, by=by, state=state, on=on)] += 1
        except ValidationError as refused:
            counters["late"] += 1
            message = " ".join(refused.messages)
            errors.append({"line": row["line"], "column": "", "value": "", "message": message})
    result: dict[str, Any] = {kind: counters[kind] for kind in (CREATE, UPDATE, SAME, "late")}
    result["refused"] = batch.counters["refused"]
    ImportBatch.objects.filter(pk=batch.pk).update(counters=result, errors=errors)
    record("members.imported", batch, by=by, dossier=batch.term, file=batch.digest, **result)
    return result


def write_row(row: dict[str, Any], term: Term, *, by: User, state: str, on: date | None) -> str:
    """Write one line as its plan says; returns what was done."""
    if row["plan"] == SAME:
        return SAME
    if row["plan"] == UPDATE:
        mandate = Mandate.objects.select_related("member__person", "member__canton", "term").get(pk=row["mandate"])
        data.correct(mandate, by=by, person=row["changes"], member={}, channel=RecordChannel.PAPER)
    else:
        mandate = create_row(row, term, by=by, on=on)
        advance(mandate, by=by, state=state, on=on)
    for kind, measure in row["needs"]:
        agreements.record_need(
            mandate.member, by=by, term=term, kind=kind, measure=measure, channel=RecordChannel.PAPER
        )
    join_committees(mandate, row["committees"], by=by, on=on)
    return str(row["plan"])


def create_row(row: dict[str, Any], term: Term, *, by: User, on: date | None) -> Mandate:
    canton = Canton.objects.get(pk=row["canton"], assembly=term.assembly_id)
    seat = Seat.objects.get(pk=row["seat"], term=term) if row["seat"] else None
    return newcomers.add(
        term, by=by, person=row["person"], member=row["member"] | {"canton": canton}, seat=seat, on=on
    )


def advance(mandate: Mandate, *, by: User, state: str, on: date | None) -> None:
    """Take the new mandate as far as the officer said: proposed, accepted or in course."""
    if state in (MandateState.ACCEPTED, MandateState.ACTIVE):
        mandates.accept(mandate, by=by, on=on)
    if state == MandateState.ACTIVE and mandate.seat_id:
        mandates.activate(mandate, by=by, on=on)


def join_committees(mandate: Mandate, committees: list[int], *, by: User, on: date | None) -> None:
    """Open a seat, from that day (today by default), in each committee of the file where the person has none."""
    start = on or timezone.localdate()
    for committee in Committee.objects.filter(pk__in=committees, term=mandate.term_id):
        institution.add_member(committee, mandate.member.person, by=by, starts_on=max(start, committee.opened_on))


def expired(now: datetime) -> QuerySet[ImportBatch]:
    """Previews nobody confirmed in time, and confirmed ones that still hold their errors."""
    old = ImportBatch.objects.filter(expires_at__lte=now)
    return old.filter(Q(state=BatchState.PREVIEWED) | ~Q(errors=[]))


def forget(batch: ImportBatch) -> None:
    """Delete the preview; of a confirmed import keep the counters."""
    if batch.state == BatchState.PREVIEWED:
        batch.delete()
    else:
        ImportBatch.objects.filter(pk=batch.pk).update(errors=[])


def forget_expired() -> int:
    """Erase what the previews held, two hours later. Returns how many were emptied."""
    batches = list(expired(timezone.now()))
    for batch in batches:
        forget(batch)
    return len(batches)
