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
        if batch.mandate_state in (MandateState.ACCEPTED, MandateState.ACTIVE):
            mandates.record_step(mandate, "accept", by=by, on=on)
        if batch.mandate_state == MandateState.ACTIVE and mandate.seat_id:
            mandates.record_step(mandate, "activate", by=by, on=on)
    for kind, measure in row["needs"]:
        consents.record_need(mandate.member, by=by, term=term, kind=kind, measure=measure, channel=RecordChannel.PAPER)
    start = on or timezone.localdate()
    for committee in Committee.objects.filter(pk__in=row["committees"], term=mandate.term_id):
        institution.add_member(committee, mandate.member.person, by=by, starts_on=max(start, committee.opened_on))
    return str(row["plan"])


def create_row(row: dict[str, Any], term: Term, *, by: User, on: date | None) -> Mandate:
    canton = Canton.objects.get(pk=row["canton"], assembly=term.assembly_id)
    seat = Seat.objects.get(pk=row["seat"], term=term) if row["seat"] else None
    return mandates.add_member(
        term, by=by, person=row["person"], member=row["member"] | {"canton": canton}, seat=seat, on=on
    )
