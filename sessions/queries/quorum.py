"""Quorum of a sitting at one moment: who was in the room, and how many were needed then."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.text.french import format_date, format_time
from sessions.attendance.queries.presence import member_stays, members_in_office, quorum_needed
from sessions.attendance.rules import Quorum, Stay, fullest_moment, present_among
from sessions.decisions.models import COUNTED
from sessions.enums import BallotState, SittingState
from sessions.models import AgendaItem, Ballot, Decision, Sitting


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
