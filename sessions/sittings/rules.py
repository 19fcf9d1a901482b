"""Rights on a sitting; writing is for the project team of the term."""

from typing import Any

from django.utils import timezone

from assembly.institution.enums import CommitteeKind, TermState
from assembly.institution.models import Committee, Term
from assembly.institution.rules import is_facilitator, is_team
from sessions.models import Sitting
from sessions.rules.hours import is_day_over


def is_day_past(sitting: Sitting) -> bool:
    """Return whether the day of the sitting is over: facts recorded from now on need their hour."""
    return is_day_over(timezone.now(), sitting.starts_at, sitting.ends_at)


def has_begun(sitting: Sitting) -> bool:
    """Return whether the planned beginning is past."""
    return sitting.starts_at <= timezone.now()


def is_over(sitting: Sitting) -> bool:
    """Return whether the planned end is past."""
    return sitting.ends_at <= timezone.now()


def can_see_term(user: Any, term: Term) -> bool:
    """Return whether the user may open the list in the back office."""
    return is_team(user, term) or is_facilitator(user, term)


def can_start(user: Any, term: Term) -> bool:
    """Return whether the user may plan a sitting at all; `can_create` checks which body may meet."""
    return is_team(user, term)


def can_create(user: Any, term: Term, committee: Committee | None = None) -> bool:
    """Return whether this body may meet; in an ended term, only the follow-up committee."""
    if not is_team(user, term):
        return False
    is_follow_up = committee is not None and committee.kind == CommitteeKind.FOLLOW_UP
    return is_follow_up or term.state not in TermState.tagged("ended")


def can_see_desk(user: Any, sitting: Sitting) -> bool:
    """Return whether the user may open the back-office dossier; members have their own page."""
    return is_team(user, sitting.term_id) or is_facilitator(user, sitting.term_id)


def can_edit(user: Any, sitting: Sitting) -> bool:
    """Return whether dates and places may be corrected: until the sitting begins."""
    return is_team(user, sitting.term_id) and sitting.is_upcoming


def can_edit_agenda(user: Any, sitting: Sitting) -> bool:
    """Return whether the agenda may be changed: until the end of the sitting."""
    return is_team(user, sitting.term_id) and (sitting.is_upcoming or sitting.is_running)


def can_run(user: Any, sitting: Sitting) -> bool:
    """Return whether arrivals and items may be recorded now: the sitting runs, on its day or night."""
    return is_team(user, sitting.term_id) and sitting.is_running and not is_day_past(sitting)


def can_add_papers(user: Any, sitting: Sitting) -> bool:
    """Return whether documents may be added: until the archiving, since slides often come late."""
    return is_team(user, sitting.term_id) and sitting.state not in ("archived", "cancelled", "postponed", "not_held")


def can_see_private(user: Any, sitting: Sitting) -> bool:
    """Return whether the user may read addresses, telephones and needs: the team, never the facilitator."""
    return is_team(user, sitting.term_id)


def abilities(user: Any, sitting: Sitting) -> dict[str, bool]:
    """Return what the page of the sitting may offer to this reader, besides the steps of its workflow."""
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
    """Return whether certificates may be sent: once the roll is closed, from which they are made."""
    return is_team(user, sitting.term_id) and sitting.is_held


def can_invite(user: Any, sitting: Sitting) -> bool:
    """Return whether guests may be added: until the closing, since somebody may come unannounced."""
    return is_team(user, sitting.term_id) and (sitting.is_upcoming or sitting.is_running)


def can_record_answers(user: Any, sitting: Sitting) -> bool:
    """Return whether the team may record answers given by telephone or on paper."""
    return is_team(user, sitting.term_id) and sitting.takes_answers


def can_take_notes(user: Any, sitting: Sitting) -> bool:
    """Return whether notes may be taken: during the sitting, and until the minutes are finished."""
    return is_team(user, sitting.term_id) and (sitting.is_running or sitting.state in ("closed", "not_quorate"))


def can_take_attendance(user: Any, sitting: Sitting) -> bool:
    """Return whether the roll may be changed: live, then corrected until the archiving."""
    return is_team(user, sitting.term_id) and (
        sitting.is_running or sitting.state in ("closed", "minuted", "not_quorate")
    )
