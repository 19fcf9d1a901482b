"""Who may do what with a sitting. Writing belongs to the project team of the term."""

from typing import Any

from django.utils import timezone

from assembly.institution.enums import CommitteeKind, TermState
from assembly.institution.models import Committee, Term
from assembly.institution.rules import is_facilitator, is_team
from sessions.models import Sitting
from sessions.rules.hours import is_day_over

ENDED_TERMS = frozenset({TermState.CLOSED, TermState.ARCHIVED})


def is_day_past(sitting: Sitting) -> bool:
    """Whether the day of the sitting is over: what is noted from now on gives its hour."""
    return is_day_over(timezone.now(), sitting.starts_at, sitting.ends_at)


def has_begun(sitting: Sitting) -> bool:
    """Whether its planned beginning has come."""
    return sitting.starts_at <= timezone.now()


def is_over(sitting: Sitting) -> bool:
    """Whether its planned end is past."""
    return sitting.ends_at <= timezone.now()


def can_see_term(user: Any, term: Term) -> bool:
    """The list in the bureau."""
    return is_team(user, term) or is_facilitator(user, term)


def can_start(user: Any, term: Term) -> bool:
    """Ask for a new sitting; which body may still meet is `can_create`."""
    return is_team(user, term)


def can_create(user: Any, term: Term, committee: Committee | None = None) -> bool:
    """In an ended term only the follow-up committee still meets."""
    if not is_team(user, term):
        return False
    return term.state not in ENDED_TERMS or (committee is not None and committee.kind == CommitteeKind.FOLLOW_UP)


def can_see_desk(user: Any, sitting: Sitting) -> bool:
    """The dossier in the bureau; members have their own page."""
    return is_team(user, sitting.term_id) or is_facilitator(user, sitting.term_id)


def can_edit(user: Any, sitting: Sitting) -> bool:
    """Dates and places stay correctable until the sitting begins."""
    return is_team(user, sitting.term_id) and sitting.is_upcoming


def can_edit_agenda(user: Any, sitting: Sitting) -> bool:
    """The agenda may still be completed while the sitting runs."""
    return is_team(user, sitting.term_id) and (sitting.is_upcoming or sitting.is_running)


def can_run(user: Any, sitting: Sitting) -> bool:
    """Tap arrivals and departures, open and close points: while the sitting runs, on its day or in its night."""
    return is_team(user, sitting.term_id) and sitting.is_running and not is_day_past(sitting)


def can_add_papers(user: Any, sitting: Sitting) -> bool:
    """Slides often come after the sitting: papers are taken until it is archived."""
    return is_team(user, sitting.term_id) and sitting.state not in ("archived", "cancelled", "postponed", "not_held")


def can_see_private(user: Any, sitting: Sitting) -> bool:
    """Addresses, telephone numbers and needs: the team only, never the facilitator."""
    return is_team(user, sitting.term_id)


def abilities(user: Any, sitting: Sitting) -> dict[str, bool]:
    """What the page of the sitting may offer to this reader, besides the steps of its workflow."""
    return {
        "edit": can_edit(user, sitting),
        "agenda": can_edit_agenda(user, sitting),
        "run": can_run(user, sitting),
        "papers": can_add_papers(user, sitting),
        "private": can_see_private(user, sitting),
        "answers": can_record_answers(user, sitting),
        "attendance": can_take_attendance(user, sitting),
        "notes": can_take_notes(user, sitting),
        "copy": is_team(user, sitting.term_id),
        "invite": can_invite(user, sitting),
        "certify": can_send_certificates(user, sitting),
    }


def can_send_certificates(user: Any, sitting: Sitting) -> bool:
    """Certificates tell what the closed roll says."""
    return is_team(user, sitting.term_id) and sitting.is_held


def can_invite(user: Any, sitting: Sitting) -> bool:
    """Guests may be added until the sitting is closed: somebody may come unannounced."""
    return is_team(user, sitting.term_id) and (sitting.is_upcoming or sitting.is_running)


def can_record_answers(user: Any, sitting: Sitting) -> bool:
    """What a member says by telephone or on paper."""
    return is_team(user, sitting.term_id) and sitting.takes_answers


def can_take_notes(user: Any, sitting: Sitting) -> bool:
    """While people speak, and afterwards until the minutes are filed."""
    return is_team(user, sitting.term_id) and (sitting.is_running or sitting.state in ("closed", "not_quorate"))


def can_take_attendance(user: Any, sitting: Sitting) -> bool:
    """Noted live, corrected afterwards until the sitting is archived."""
    return is_team(user, sitting.term_id) and (
        sitting.is_running or sitting.state in ("closed", "minuted", "not_quorate")
    )
