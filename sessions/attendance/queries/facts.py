"""Attendance as minutes and certificates print it: counts for everybody, names for those who may read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _, ngettext

from assembly.documents.pages import page_source
from assembly.documents.pdf.render import render
from assembly.documents.pdf.source import RenderSource
from assembly.identity.models import Person
from assembly.text.french import NBSP, format_date, format_time
from members.models import Mandate
from sessions.attendance import rules
from sessions.attendance.queries.presence import (
    RollCallRow,
    Summary,
    attendance_summary,
    capacity_of,
    members_in_office,
    quorum_needed,
    read_row,
    roll,
    to_stay,
    waiver_reason,
)
from sessions.models import Attendance, Invitee, Sitting

NAMED_AT_MOST = 3


@dataclass(frozen=True)
class Roll:
    """The people of one sitting, read once: rows by presence, stays of voting members, number in office."""

    sitting: Sitting
    summary: Summary
    members: list[RollCallRow]
    others: list[RollCallRow]
    stays: list[rules.Stay]
    in_office: int
    required: int | None

    def present_at(self, moment: datetime | None) -> int | None:
        """Return the number of voting members present at that moment."""
        return len(rules.present_among(self.stays, moment)) if moment else None

    def name_of(self, who: int) -> str:
        return next(row.invitee.person.full_name for row in self.members if row.invitee.pk == who)


def roll_of(sitting: Sitting) -> Roll:
    """Read the roll in two statements, plus the number of members in office."""
    rows = roll(sitting)
    members = [row for row in rows if row.invitee.is_member]
    office = members_in_office(sitting, convened=len(members))
    return Roll(
        sitting=sitting,
        summary=attendance_summary(sitting, rows),
        members=members,
        others=[row for row in rows if not row.invitee.is_member],
        stays=[to_stay(stay) for row in members for stay in row.stays],
        in_office=office,
        required=quorum_needed(sitting, office),
    )


def is_official(person: Person, capacity: str) -> bool:
    """Return whether the person represents an institution: a capacity, and no seat drawn by lot."""
    return bool(capacity) and getattr(person, "member", None) is None


def attendance_facts(roll: Roll) -> dict[str, Any]:
    """Return the counts and the names of the whole sitting."""
    summary = roll.summary
    at_opening = roll.present_at(roll.sitting.opened_at)
    away = [*summary.excused, *summary.represented, *summary.absent]
    facts: dict[str, Any] = {
        "in_office": roll.in_office,
        "present": len(summary.present),
        "excused": len(summary.excused),
        "absent": len(summary.absent),
        "represented": len(summary.represented),
        "present_at_opening": at_opening,
        "quorum": roll.required,
        "quorum_met": None if roll.required is None or at_opening is None else at_opening >= roll.required,
        "people": [
            _person(row) | {"hours": _hours_of(row), "whole_sitting": _stayed(row, roll.sitting)}
            for row in summary.present
        ],
        "away": [_person(row) | {"absence": _absence_label(row)} for row in away],
        "guests": [_person(row) | {"hours": _hours_of(row)} for row in summary.guests],
    }
    sentence = presence_sentence(facts)
    if waiver := waiver_reason(roll.sitting):
        sentence = f"{sentence} {waiver}"
    return facts | {"sentence": sentence}


def _person(row: RollCallRow) -> dict[str, Any]:
    return {"name": row.invitee.person.full_name, "capacity": capacity_of(row.invitee)}


def _absence_label(row: RollCallRow) -> str:
    return str(row.invitee.get_absence_display()) if row.invitee.absence else _("absent·e")


def _stayed(row: RollCallRow, sitting: Sitting) -> bool:
    """Return whether the person stayed from the opening (or earlier) to the closing, without a break."""
    if len(row.stays) != 1 or sitting.opened_at is None:
        return False
    (stay,) = row.stays
    stayed_on = stay.left_at is None or (sitting.closed_at is not None and stay.left_at >= sitting.closed_at)
    return stay.arrived_at <= sitting.opened_at and stayed_on


def _hours_of(row: RollCallRow) -> str:
    return ", ".join(_hours(stay) for stay in row.stays)


def _hours(stay: Attendance) -> str:
    if stay.left_at is None:
        return _("depuis %(hour)s") % {"hour": format_time(stay.arrived_at)}
    return _("de %(start)s à %(end)s") % {"start": format_time(stay.arrived_at), "end": format_time(stay.left_at)}


def presence_sentence(facts: dict[str, Any]) -> str:
    """Return « 91 membres sur 106 en mandat ; 9 excusés, 6 absents. Quorum : 54. »."""
    presence = ngettext(
        "%(present)s\u00a0membre sur %(office)s en mandat",
        "%(present)s\u00a0membres sur %(office)s en mandat",
        facts["present"],
    ) % {"present": facts["present"], "office": facts["in_office"]}
    parts = [
        ngettext(one, many, facts[name]) % {"n": facts[name]}
        for name, one, many in (
            ("excused", "%(n)s\u00a0excusé·e", "%(n)s\u00a0excusé·es"),
            ("represented", "%(n)s\u00a0représenté·e", "%(n)s\u00a0représenté·es"),
            ("absent", "%(n)s\u00a0absent·e", "%(n)s\u00a0absent·es"),
        )
        if facts[name]
    ]
    sentence = f"{presence}{NBSP}; {', '.join(parts)}." if parts else f"{presence}."
    if facts["quorum"] is None:
        return sentence
    return f"{sentence} " + _("Quorum\u00a0: %(quorum)s.") % {"quorum": facts["quorum"]}


def item_sentences(roll: Roll, opened_at: datetime, since: datetime | None, *, named: bool) -> list[str]:
    """Return the sentences of an item: hour, members in the room, who came and left, quorum."""
    present = roll.present_at(opened_at) or 0
    room = ngettext("%(n)s\u00a0membre est dans la salle.", "%(n)s\u00a0membres sont dans la salle.", present)
    sentences = [_("Le point s’ouvre à %(hour)s.") % {"hour": format_time(opened_at)}, room % {"n": present}]
    if since is not None:
        came = [(stay.who, stay.arrived) for stay in roll.stays if since < stay.arrived <= opened_at]
        left = [(stay.who, stay.left) for stay in roll.stays if stay.left and since < stay.left <= opened_at]
        sentences += _moves(roll, came, _("Arrivées depuis le point précédent"), named=named)
        sentences += _moves(roll, left, _("Départs depuis le point précédent"), named=named)
    if roll.required is not None:
        met = _("Le quorum de %(n)s est atteint.")
        missed = _("Le quorum de %(n)s n’est pas atteint.")
        sentences.append((met if present >= roll.required else missed) % {"n": roll.required})
    return sentences


def _moves(roll: Roll, moves: Iterable[tuple[int, datetime]], title: str, *, named: bool) -> list[str]:
    known = sorted(moves, key=lambda move: move[1])
    if not known:
        return []
    if not named or len(known) > NAMED_AT_MOST:
        return [f"{title}{NBSP}: {len(known)}."]
    names = [f"{roll.name_of(who)} ({format_time(moment)})" for who, moment in known]
    return [f"{title}{NBSP}: {', '.join(names)}."]


def recorded_sentence(sitting: Sitting, *, named: bool = True) -> str:
    """Return « Heures relevées le 3 décembre 2026 par Nadia Fauré. », if hours were recorded afterwards."""
    if sitting.recorded_at is None or sitting.recorded_by is None:
        return ""
    facts = {"day": format_date(sitting.recorded_at, weekday=False), "who": sitting.recorded_by.get_full_name()}
    return (_("Heures relevées le %(day)s par %(who)s.") if named else _("Heures relevées le %(day)s.")) % facts


def certificate_source(invitee: Invitee) -> RenderSource:
    """Build the source of the certificate of one person who came."""
    row, sitting = read_row(invitee), invitee.sitting
    return page_source(
        "sessions/attendance/pdf/certificate.html",
        {
            "sitting": sitting,
            "row": row,
            "person": row.invitee.person,
            "half_days": [half for half, was_there in zip(sitting.half_days, row.half_days, strict=True) if was_there],
            "recorded": recorded_sentence(sitting),
        },
        assembly=sitting.term.assembly,
        title=_("Attestation de présence"),
        reference=f"{sitting.reference}-AT{invitee.pk}",
        made_at=sitting.closed_at or sitting.ends_at,
        sheets=["sittings"],
    )


def certificate_pdf(invitee: Invitee) -> bytes:
    return render(certificate_source(invitee))


def mandate_certificate_pdf(mandate: Mandate, rows: Sequence[RollCallRow]) -> bytes:
    """Return the PDF of all that one member attended (`attended_sittings`); nobody else is named."""
    minutes = sum(row.minutes for row in rows)
    source = page_source(
        "sessions/attendance/pdf/mandate_certificate.html",
        {
            "mandate": mandate,
            "rows": rows,
            "minutes": minutes,
            "half_days": sum(sum(row.half_days) for row in rows),
        },
        assembly=mandate.term.assembly,
        title=_("Attestation de présence"),
        reference=f"{mandate.term.code}-AT{mandate.pk}",
        made_at=rows[-1].invitee.sitting.closed_at or rows[-1].invitee.sitting.ends_at,
        sheets=["sittings"],
    )
    return render(source)
