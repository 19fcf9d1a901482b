"""Writing of a line of a file of members."""

from datetime import date
from typing import Any

from django.utils import timezone

from assembly.identity.models import User
from assembly.imports.models import ImportBatch
from assembly.imports.plan import UPDATE
from assembly.institution.actions import committees as institution
from assembly.institution.models import Canton, Committee, Term
from members.consents import actions as consents
from members.enums import MandateState, RecordChannel
from members.mandates import actions as mandates
from members.members import actions as members
from members.models import Mandate, Seat


def write_member(row: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
    """Write one line by its plan; return the counter that it adds to."""
    term, on = batch.term, batch.mandates_on
    if row["plan"] == UPDATE:
        mandate = Mandate.objects.select_related("member__person", "member__canton", "term").get(pk=row["mandate"])
        members.correct(mandate, by=by, person=row["changes"], member={}, channel=RecordChannel.PAPER)
    else:
        mandate = create_row(row, term, by=by, on=on)
        advance(mandate, by=by, state=batch.mandate_state, on=on)
    for kind, measure in row["needs"]:
        consents.record_need(mandate.member, by=by, term=term, kind=kind, measure=measure, channel=RecordChannel.PAPER)
    join_committees(mandate, row["committees"], by=by, on=on)
    return str(row["plan"])


def create_row(row: dict[str, Any], term: Term, *, by: User, on: date | None) -> Mandate:
    canton = Canton.objects.get(pk=row["canton"], assembly=term.assembly_id)
    seat = Seat.objects.get(pk=row["seat"], term=term) if row["seat"] else None
    return mandates.add_member(
        term, by=by, person=row["person"], member=row["member"] | {"canton": canton}, seat=seat, on=on
    )


def advance(mandate: Mandate, *, by: User, state: str, on: date | None) -> None:
    """Advance the new mandate as far as the officer chose: proposed, accepted or active."""
    if state in (MandateState.ACCEPTED, MandateState.ACTIVE):
        mandates.record_step(mandate, "accept", by=by, on=on)
    if state == MandateState.ACTIVE and mandate.seat_id:
        mandates.record_step(mandate, "activate", by=by, on=on)


def join_committees(mandate: Mandate, committees: list[int], *, by: User, on: date | None) -> None:
    """Add the person, from that day (today by default), to each committee of the file that they are not in."""
    start = on or timezone.localdate()
    for committee in Committee.objects.filter(pk__in=committees, term=mandate.term_id):
        institution.add_member(committee, mandate.member.person, by=by, starts_on=max(start, committee.opened_on))
