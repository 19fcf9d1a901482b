"""Attendance and quorum: who was present, when, and whether they were enough."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _, ngettext

from assembly.institution.models import QuorumRule
from assembly.text.french import format_date, format_time, of_name
from members.mandates.queries import seats_held
from members.models import Mandate
from sessions.attendance.rules import Quorum, Stay, changes, fullest_moment, present_among, present_in, required
from sessions.decisions.models import COUNTED
from sessions.models import AgendaItem, Attendance, Ballot, BallotState, Decision, Invitee, Sitting
from sessions.sittings.models import Absence, SittingKind, SittingState


@dataclass(frozen=True)
class HalfDay:
    """One half-day with the number of members and of guests who were present for some of it."""

    starts_at: datetime
    ends_at: datetime
    members: int
    guests: int


@dataclass(frozen=True)
class RollCallRow:
    """One person of the roll call."""

    invitee: Invitee
    stays: list[Attendance]
    half_days: list[bool]
    badge: str = ""  # set by `with_badges`, for those who take the roll

    @property
    def last(self) -> Attendance | None:
        return self.stays[-1] if self.stays else None

    @property
    def is_there(self) -> bool:
        return self.last is not None and self.last.left_at is None

    @property
    def came(self) -> bool:
        return bool(self.stays)

    @property
    def capacity(self) -> str:
        return capacity_of(self.invitee)

    @property
    def half_days_label(self) -> str:
        """Return « 2 sur 2 »."""
        return f"{sum(self.half_days)} sur {len(self.half_days)}" if self.came else "–"

    @property
    def absence_badge(self) -> str:
        return {Absence.EXCUSED: "partial", Absence.REPRESENTED: "partial"}.get(
            Absence(self.invitee.absence), "refused"
        )

    @property
    def minutes(self) -> int:
        """Return the minutes spent in the room; a stay that still runs counts until now."""
        spent = sum(((stay.left_at or timezone.now()) - stay.arrived_at).total_seconds() for stay in self.stays)
        return round(spent / 60)


@dataclass(frozen=True)
class Summary:
    """Attendance of a sitting as the minutes print it; each person is in exactly one list."""

    present: list[RollCallRow] = field(default_factory=list)
    excused: list[RollCallRow] = field(default_factory=list)
    represented: list[RollCallRow] = field(default_factory=list)
    absent: list[RollCallRow] = field(default_factory=list)
    guests: list[RollCallRow] = field(default_factory=list)
    half_days: list[HalfDay] = field(default_factory=list)


def capacity_of(invitee: Invitee) -> str:
    """Return « canton de Revel » for a member drawn by lot, the recorded capacity for anybody else."""
    member = getattr(invitee.person, "member", None)
    if member is not None:
        return _("canton %(of_name)s") % {"of_name": of_name(member.canton.name)}
    return invitee.capacity or invitee.person.capacity


def roll(sitting: Sitting) -> list[RollCallRow]:
    """Return the people expected, by name, with their stays, in two statements."""
    stays = Attendance.objects.filter(voided_at=None).order_by("arrived_at", "pk")
    invitees = (
        Invitee.objects.expected()
        .filter(sitting=sitting)
        .select_related("person", "person__member__canton")
        .prefetch_related(Prefetch("stays", stays, to_attr="current_stays"))
        .order_by("person__sort_name", "pk")
    )
    return [row_of(invitee, sitting) for invitee in invitees]


def with_badges(sitting: Sitting, rows: Sequence[RollCallRow]) -> list[RollCallRow]:
    """Return the rows with the badge number of seat holders: canton and seat, « 12F1 », for the whole term."""
    people = [row.invitee.person_id for row in rows]
    mandates = Mandate.objects.filter(term=sitting.term_id, seat__isnull=False, member__person__in=people)
    seats = mandates.holding_on(timezone.localdate(sitting.starts_at)).values_list(
        "member__person", "seat__canton__number", "seat__gender", "seat__rank"
    )
    numbers = {person: f"{canton}{gender}{rank}" for person, canton, gender, rank in seats}
    return [replace(row, badge=numbers.get(row.invitee.person_id, "")) for row in rows]


def row_of(invitee: Invitee, sitting: Sitting) -> RollCallRow:
    attendances: list[Attendance] = invitee.current_stays  # type: ignore[attr-defined]  # -- set by the prefetch of the caller
    stays = [to_stay(stay) for stay in attendances]
    return RollCallRow(invitee, attendances, [bool(present_in(stays, *half)) for half in half_day_spans(sitting)])


def certifiable_invitees(sitting: Sitting) -> QuerySet[Invitee]:
    """Return those who came to a sitting that is over: each may have a certificate."""
    came = Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None, left_at__isnull=False))
    rows = Invitee.objects.filter(came, sitting=sitting, sitting__state__in=SittingState.tagged("held"))
    return rows.select_related("person", "sitting__term__assembly").order_by("person__sort_name", "pk")


def read_row(invitee: Invitee) -> RollCallRow:
    """Read the roll-call row of one person again."""
    stays = Attendance.objects.filter(voided_at=None).order_by("arrived_at", "pk")
    attendee = (
        Invitee.objects.select_related("person", "person__member__canton", "sitting")
        .prefetch_related(Prefetch("stays", stays, to_attr="current_stays"))
        .get(pk=invitee.pk)
    )
    return row_of(attendee, attendee.sitting)


def has_attended(person: int) -> bool:
    """Return whether a certificate can be made for this person."""
    stays = Attendance.objects.filter(
        voided_at=None, left_at__isnull=False, invitee__sitting__state__in=SittingState.tagged("held")
    )
    return stays.filter(invitee__person=person).exists()


def attended_sittings(mandate: Mandate) -> list[RollCallRow]:
    """Return each held sitting of the term that the holder attended, in order, in two statements."""
    stays = Attendance.objects.filter(voided_at=None, left_at__isnull=False).order_by("arrived_at", "pk")
    came = Exists(stays.filter(invitee=OuterRef("pk")).order_by())
    rows = (
        Invitee.objects.filter(came, person=mandate.member.person_id, sitting__term=mandate.term_id)
        .filter(sitting__state__in=SittingState.tagged("held"))
        .select_related("sitting__committee", "person__member__canton")
        .prefetch_related(Prefetch("stays", stays, to_attr="current_stays"))
        .order_by("sitting__starts_at", "pk")
    )
    return [row_of(invitee, invitee.sitting) for invitee in rows]


def half_day_spans(sitting: Sitting) -> list[tuple[datetime, datetime]]:
    """Return the half-days, extended to the real hours, so that an early opening or a late end counts everybody."""
    halves = list(sitting.half_days)
    first = min(halves[0][0], sitting.opened_at) if sitting.opened_at else halves[0][0]
    last = max(halves[-1][1], sitting.closed_at) if sitting.closed_at else halves[-1][1]
    halves[0] = (first, halves[0][1])
    halves[-1] = (halves[-1][0], last)
    return halves


def to_stay(stay: Attendance) -> Stay:
    return Stay(stay.invitee_id, stay.arrived_at, stay.left_at)


def member_stays(sitting: Sitting) -> list[Stay]:
    """Return the stays of those who count for the quorum."""
    voters = Invitee.objects.expected().filter(sitting=sitting, is_member=True)
    rows = Attendance.objects.filter(invitee__in=voters, voided_at=None)
    return [Stay(*row) for row in rows.values_list("invitee_id", "arrived_at", "left_at")]


def present_at(sitting: Sitting, moment: datetime) -> QuerySet[Invitee]:
    """Return the members present at that instant, in the room or on the line; `.count()` serves a vote."""
    there = present_among(member_stays(sitting), moment)
    return Invitee.objects.filter(pk__in=there).select_related("person").order_by("person__sort_name", "pk")


def present_count(sitting: Sitting, moment: datetime) -> int:
    return len(present_among(member_stays(sitting), moment))


def members_in_office(sitting: Sitting, convened: int | None = None) -> int:
    """Return the base of the quorum: seats held on that day for a plenary, members convened for a committee.

    A caller that has read the roll passes the number of members `convened`.
    """
    if sitting.kind == SittingKind.PLENARY:
        return seats_held(sitting.term_id, timezone.localdate(sitting.starts_at))
    if convened is not None:
        return convened
    return Invitee.objects.expected().filter(sitting=sitting, is_member=True).count()


def quorum_needed(sitting: Sitting, in_office: int | None = None) -> int | None:
    """Return how many of the members (`in_office` if known) must be present, or None without a quorum."""
    term = sitting.term
    if not sitting.is_quorum_required or term.quorum_rule == QuorumRule.NONE:
        return None
    base = members_in_office(sitting) if in_office is None else in_office
    return required(base, term.quorum_rule, term.quorum_percent)


def quorum_at(sitting: Sitting, moment: datetime) -> Quorum:
    """Return the number of members present at that instant, with the number needed."""
    return Quorum(present_count(sitting, moment), quorum_needed(sitting))


def quorum_curve(sitting: Sitting, rows: Sequence[RollCallRow] | None = None) -> list[tuple[datetime, int]]:
    """Return each instant at which the number of members present changed, with this number."""
    if rows is None:
        return changes(member_stays(sitting))
    return changes([to_stay(stay) for row in rows if row.invitee.is_member for stay in row.stays])


def attendance_summary(sitting: Sitting, rows: Sequence[RollCallRow] | None = None) -> Summary:
    """Return present, excused, represented and absent members, guests, and the counts of each half-day."""
    known = roll(sitting) if rows is None else rows
    summary = Summary()
    for row in known:
        if not row.invitee.is_member:
            if row.came:
                summary.guests.append(row)
        elif row.came:
            summary.present.append(row)
        else:
            missing = {Absence.EXCUSED: summary.excused, Absence.REPRESENTED: summary.represented}
            missing.get(Absence(row.invitee.absence), summary.absent).append(row)
    summary.half_days.extend(half_days(sitting, known))
    return summary


def half_days(sitting: Sitting, rows: Sequence[RollCallRow]) -> list[HalfDay]:
    return [
        HalfDay(
            start,
            end,
            members=sum(row.half_days[index] for row in rows if row.invitee.is_member),
            guests=sum(row.half_days[index] for row in rows if not row.invitee.is_member),
        )
        for index, (start, end) in enumerate(half_day_spans(sitting))
    ]


def live_board(sitting: Sitting, rows: Sequence[RollCallRow] | None = None) -> dict[str, Any]:
    """Return the figures of the roll call that change at each tap."""
    known = roll(sitting) if rows is None else rows
    there = sum(row.is_there for row in known if row.invitee.is_member)
    came = sum(row.came for row in known if row.invitee.is_member)
    members = sum(row.invitee.is_member for row in known)
    return {
        "there": there,
        "came": came,
        "members": members,
        "guests": sum(row.is_there for row in known if not row.invitee.is_member),
        "quorum": Quorum(there, quorum_needed(sitting)),
        "now": [("att", there)],
        "there_label": ngettext("%(n)s membre présent sur %(all)s", "%(n)s membres présents sur %(all)s", there)
        % {"n": there, "all": members},
        "votes": [("att", came)],
        "came_label": ngettext("%(n)s membre venu sur %(all)s", "%(n)s membres venus sur %(all)s", came)
        % {"n": came, "all": members},
    }


@dataclass(frozen=True)
class VotingPresence:
    """Voting members present at `moment` (keys of invitees), members in office, and the quorum, None without one."""

    moment: datetime
    invitees: list[int]
    in_office: int
    needed: int | None

    @property
    def present(self) -> int:
        return len(self.invitees)

    @property
    def is_quorate(self) -> bool:
        return Quorum(self.present, self.needed).is_met

    @property
    def facts(self) -> dict[str, Any]:
        """Return the columns of `QuorumMixin`."""
        return {"present": self.present, "quorum": self.needed}

    def missing_quorum(self) -> str:
        """Return « Le quorum n’est pas atteint à 10 h 42 : 3 membres présents, il en faut 53. », or nothing."""
        if self.is_quorate:
            return ""
        return ngettext(
            "Le quorum n’est pas atteint à %(hour)s\u00a0: %(n)s membre présent, il en faut %(needed)s.",
            "Le quorum n’est pas atteint à %(hour)s\u00a0: %(n)s membres présents, il en faut %(needed)s.",
            self.present,
        ) % {"hour": format_time(self.moment), "n": self.present, "needed": self.needed}


def presence_at(sitting: Sitting, moment: datetime, *, is_advisory: bool = False) -> VotingPresence:
    """Return the voting members present at that moment; an advisory vote needs no quorum."""
    office = members_in_office(sitting)
    needed = None if is_advisory else quorum_needed(sitting, office)
    return VotingPresence(moment, sorted(present_among(member_stays(sitting), moment)), office, needed)


def quorum_sentence(ballot: Ballot) -> str:
    """Return « 56 membres présents, quorum de 53 atteint. » for the moment of the vote, or nothing without one."""
    if ballot.quorum is None:
        return ""
    present = ballot.present or 0
    return ngettext(
        "%(n)s\u00a0membre présent, quorum de %(quorum)s atteint.",
        "%(n)s\u00a0membres présents, quorum de %(quorum)s atteint.",
        present,
    ) % {"n": present, "quorum": ballot.quorum}


def corrected_presence(ballot: Ballot, stays: Iterable[Stay]) -> str:
    """Return the sentence about a corrected roll, if it now differs from that of a proclaimed vote.

    `stays` are those of members. The result stays as proclaimed: « À 10 h 42, la feuille de présence corrigée depuis
    compte 50 membres, 56 lors du vote. Le quorum de 53 n’est pas atteint. Résultat maintenu le 30 novembre 2026 : … ».
    """
    if ballot.state != BallotState.PROCLAIMED or ballot.counted_at is None or ballot.present_invitees is None:
        return ""
    now = present_among(stays, ballot.counted_at)
    if now == set(ballot.present_invitees):
        return ""
    sentence = ngettext(
        "À %(hour)s, la feuille de présence corrigée depuis compte %(n)s membre, %(before)s lors du vote.",
        "À %(hour)s, la feuille de présence corrigée depuis compte %(n)s membres, %(before)s lors du vote.",
        len(now),
    ) % {"hour": format_time(ballot.counted_at), "n": len(now), "before": ballot.present}
    if not Quorum(len(now), ballot.quorum).is_met:
        sentence += " " + _("Le quorum de %(n)s n’est pas atteint.") % {"n": ballot.quorum}
    if ballot.upheld_at is not None:
        sentence += " " + _("Résultat maintenu le %(day)s\u00a0: %(reason)s") % {
            "day": format_date(ballot.upheld_at, weekday=False),
            "reason": ballot.upheld_reason,
        }
    return sentence


def waiver_reason(sitting: Sitting, *, is_advisory: bool = False) -> str:
    """Return why a vote of this sitting needs no quorum, with the source of the rule.

    Nothing where it needs one, and where the body never needed any.
    """
    if is_advisory:
        return _("Vote indicatif\u00a0: aucun quorum n’est exigé.")
    first = sitting.follows
    if first is None or not is_second_without_quorum(sitting):
        return ""
    sentence = _(
        "Aucun quorum n’est exigé\u00a0: cette séance est la seconde sur le même ordre du jour, après l’absence de "
        "quorum constatée le %(day)s (%(reference)s)."
    ) % {"day": format_date(first.closed_at or first.starts_at, weekday=False), "reference": first.reference}
    if source := sitting.term.quorum_source:
        sentence += " " + _("Règle\u00a0: %(source)s.") % {"source": source}
    return sentence


def is_second_without_quorum(sitting: Sitting) -> bool:
    """Return whether the sitting follows one that lacked its quorum, by a rule that then needs none."""
    first = sitting.follows
    return first is not None and first.state == SittingState.RECONVENED and not sitting.is_quorum_required


def decided_count(sitting: Sitting) -> int:
    """Count the votes and decisions of this sitting, without advisory votes and withdrawn decisions."""
    ballots = Ballot.objects.filter(agenda_item__sitting=sitting, state__in=COUNTED, is_advisory=False)
    decisions = Decision.objects.filter(sitting=sitting, withdrawn_at=None, ballot=None)
    return ballots.count() + decisions.count()


def presence_at_item(item: AgendaItem) -> VotingPresence:
    """Return the voting members for a decision without a count: now, or at the item's fullest moment.

    Now while the item runs. The hour of such a decision is not recorded: it may be any moment of its item.
    """
    sitting = item.sitting
    if sitting.is_running and item.closed_at is None:
        return presence_at(sitting, timezone.now())
    return fullest_presence(sitting, item.opened_at, item.closed_at)


def fullest_presence(sitting: Sitting, start: datetime | None = None, end: datetime | None = None) -> VotingPresence:
    """Return the voting members at the fullest moment between the two, else of the whole sitting."""
    first = start or sitting.opened_at or sitting.starts_at
    last = end or sitting.closed_at or timezone.now()
    return presence_at(sitting, fullest_moment(member_stays(sitting), first, last - timedelta(seconds=1)))


def check_quorum(presence: VotingPresence, consequence: str) -> None:
    """Raise ValidationError (code `quorum`) if the quorum is missing; `consequence` ends the message."""
    if missing := presence.missing_quorum():
        raise ValidationError(f"{missing} {consequence}", code="quorum")


def check_item_quorum(item: AgendaItem) -> VotingPresence:
    """Return the voting members for a decision without a count; raise ValidationError (code `quorum`)."""
    presence = presence_at_item(item)
    check_quorum(presence, _("Aucune décision n’est prise sans lui, même sans opposition."))
    return presence
