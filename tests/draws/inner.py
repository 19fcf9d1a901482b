"""A draw among the members on stage: two places, one woman and one man, of three women and three men."""

from itertools import count

from django.utils import timezone

from assembly.documents.models import Document
from draws.draws.actions import ceremony, internal as actions
from draws.models import Draw, DrawState
from members.mandates.queries import active_mandates
from members.models import Mandate
from tests.draws.stage import BALLS, DICE, fresh
from tests.factories.documents import DocumentFactory
from tests.factories.members import MandateFactory

S = DrawState
TITLES = count(1)
ORDER = [S.DRAFT, S.ANNOUNCED, S.DRAWN, S.REVEALED]


def members(people, *, women=3, men=3) -> list[Mandate]:
    """Make that many members in office, including those who exist already."""
    rows = list(active_mandates(people.term))
    for gender, wanted in (("F", women), ("M", men)):
        there = [row for row in rows if row.member.gender == gender]
        rows += [
            MandateFactory(term=people.term, member__gender=gender, seat__gender=gender)
            for _ in range(wanted - len(there))
        ]
    return rows


def sealed_record(draw) -> Document:
    """Return the record in the register, with its sealed revision."""
    return DocumentFactory(
        reference=f"{draw.reference}-PV",
        kind="draw-record",
        subject_type="draws.Draw",
        subject_id=str(draw.pk),
        term=draw.term,
    )


def begun(people, *, seats=2, is_parity=True, **more) -> Draw:
    values = {"title": f"Comité de suivi {next(TITLES)}", "place": "Salle 1", "takes_place_at": timezone.now()}
    return actions.begin_internal_draw(
        people.term, seats=seats, is_parity=is_parity, by=people["officer"], **values | more
    )


def internal_draw_in(people, state=S.DRAFT, **more) -> Draw:
    """Return an internal draw that actions brought into that state; a void one was announced."""
    members(people)
    draw, state = begun(people, **more), DrawState(state)
    until = 1 if state == S.VOID else ORDER.index(state)
    if until >= 1:
        actions.announce_list(fresh(draw), without=[], by=people["officer"])
    if until >= 2:
        for role in ("officer", "lead"):
            ceremony.read_digits(fresh(draw), balls=BALLS, dice=DICE, by=people[role])
        ceremony.name_attendees(fresh(draw), attendees="Odile Labatut, assesseure", by=people["officer"])
    if until >= 3:
        sealed_record(fresh(draw))
        actions.name_people(fresh(draw), by=people["officer"])
    if state == S.VOID:
        values = {"state": state, "voided_at": timezone.now(), "void_reason": "Panne de courant."}
        Draw.objects.filter(pk=draw.pk).update(**values)
    return fresh(draw)
