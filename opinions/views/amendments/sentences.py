"""Messages of the pages of amendments: whether they may be proposed, what is due, what comes next."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.text.french import format_moment
from opinions.amending.enums import AmendmentState
from opinions.amendments.queries import AmendmentRow
from opinions.amendments.rules import Window, window
from opinions.models import Opinion
from opinions.pages import amendments_to_check

A = AmendmentState


def window_sentence(opinion: Opinion, now: datetime) -> str:
    """Return until when amendments may be proposed, or why they may not."""
    closes, opens = opinion.amendments_close_at, opinion.amendments_open_at
    match window(opinion, now):
        case Window.OPEN:
            return _("Vous pouvez proposer des amendements jusqu’au %(moment)s.") % {"moment": format_moment(closes)}
        case Window.TO_COME:
            if opens is None:
                return _("Les amendements ne sont pas encore ouverts.")
            return _("Les amendements s’ouvriront le %(moment)s.") % {"moment": format_moment(opens)}
        case Window.CLOSED:
            if closes is None:
                return _("Le dépôt des amendements est fermé.")
            return _("Le dépôt des amendements s’est fermé le %(moment)s.") % {"moment": format_moment(closes)}
    return _("Cet avis n’est pas encore déposé : il n’a pas d’amendements.")


def desk_sentence(rows: list[AmendmentRow], *, is_in_sitting: bool) -> str:
    """Return what the team has to do, the most urgent first."""
    states = [row.amendment.state for row in rows]
    to_check, waiting = states.count(A.SUBMITTED), sum(state in A.tagged("uncalled") for state in states)
    if A.DEBATED in states:
        number = next(row.amendment.number for row in rows if row.amendment.state == A.DEBATED)
        return _("L’amendement n°\u00a0%(n)s est en discussion.") % {"n": number}
    if to_check:
        return amendments_to_check(to_check)
    if waiting and is_in_sitting:
        return ngettext("%(n)s amendement reste à appeler.", "%(n)s amendements restent à appeler.", waiting) % {
            "n": waiting
        }
    if waiting:
        return ngettext(
            "%(n)s amendement sera appelé en séance.", "%(n)s amendements seront appelés en séance.", waiting
        ) % {"n": waiting}
    return _("Tous les amendements sont décidés.") if rows else _("Aucun amendement n’est déposé.")
