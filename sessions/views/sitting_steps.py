"""Steps of a sitting as pages: convening, reminding, cancelling; and those of the day, on the roll."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.enums import NoQuorumRule
from assembly.text.french import format_moment
from assembly.text.untrusted_input import local_address
from sessions.enums import BallotState
from sessions.models import Ballot, Sitting
from sessions.pages import desk_sitting
from sessions.queries.notices import changes_since_notice
from sessions.queries.quorum import presence_at
from sessions.sittings.queries.convening import call_sentences, preview, silent_people
from sessions.sittings.rules import has_begun
from sessions.sittings.views.steps import (
    closing_lines,
    expected_people,
    fix_url,
    held_message,
    hold_lines,
    not_held_lines,
    opening_lines,
    recipient_lines,
    reopening_lines,
    undoing_lines,
)
from sessions.sittings.workflow import SITTING
from sessions.workflows.sitting_guards import is_suspended_without_quorum


def sitting_title(sitting: Sitting) -> str:
    return f"{sitting.title}, {format_moment(sitting.starts_at)}"


def sitting_page(request: UserRequest, sitting: Sitting) -> str:
    """Return the tab of answers while they are open, else the agenda."""
    return reverse("sittings:notice" if sitting.takes_answers else "sittings:sitting", args=[sitting.pk])


def roll_page(request: UserRequest, sitting: Sitting) -> str:
    """Return the page that the reader came from (`?retour=`), else the roll, or the attendance tab after the end."""
    return local_address(request, request.GET.get("retour", "")) or reverse(
        "sittings:roll" if sitting.is_running else "sittings:attendance", args=[sitting.pk]
    )


def preview_context(sitting: Sitting) -> dict[str, Any]:
    """Return what would be sent now, and to whom; the form sends the `digest` back."""
    notice_preview = preview(sitting)
    return {"preview": notice_preview, "facts": notice_preview.facts, "digest": notice_preview.digest}


def convened(sitting: Sitting) -> str:
    count = sitting.invitees.expected().count()
    message = ngettext("%(n)s personne convoquée.", "%(n)s personnes convoquées.", count) % {"n": count}
    last = sitting.notices.select_related("distribution").latest("number").distribution
    if last and last.is_waiting:
        message += " " + _("Les courriels partent le %(moment)s.") % {"moment": format_moment(last.send_at)}
    return message


def reminder_title(sitting: Sitting) -> str:
    count = len(silent_people(sitting)[0])
    return ngettext("Relancer %(n)s personne ?", "Relancer %(n)s personnes ?", count) % {"n": count}


def reminder_lines(sitting: Sitting) -> Iterable[str]:
    yield _("Chacune reçoit un courriel avec la date, le lieu et son lien personnel. Une seule relance part par jour.")
    yield from call_sentences(silent_people(sitting)[1])


def reminded(sitting: Sitting) -> str:
    count = len(silent_people(sitting)[0])
    return ngettext("%(n)s relance est en cours d’envoi.", "%(n)s relances sont en cours d’envoi.", count) % {
        "n": count
    }


def lines_without_quorum(sitting: Sitting) -> Iterable[str]:
    """Yield the figures of this moment, and their consequence by the rule of the term."""
    yield presence_at(sitting, timezone.now()).missing_quorum()
    if is_suspended_without_quorum(sitting):
        yield _("La séance est suspendue. Elle reprend quand le quorum est atteint.")
    elif sitting.term.no_quorum_rule == NoQuorumRule.SECOND:
        yield _("La séance prend fin. Une seconde séance, sur le même ordre du jour, décide sans quorum.")
    else:
        yield _("La séance prend fin. Une autre séance la remplace ; le quorum y reste exigé.")
    if source := sitting.term.quorum_source:
        yield _("Règle\u00a0: %(source)s.") % {"source": source}
    waiting = Ballot.objects.filter(agenda_item__sitting=sitting, state=BallotState.PREPARED).count()
    if waiting:
        yield ngettext("%(n)s vote préparé attend.", "%(n)s votes préparés attendent.", waiting) % {"n": waiting}


STEPS: StepPages[Sitting] = StepPages(
    SITTING,
    name="sittings:",
    fetch=desk_sitting,
    back=sitting_page,
    eyebrow=sitting_title,
    fix_url=fix_url,
)
STEPS.bind("success_message", {"notify": convened, "renotify": convened, "remind": reminded, "hold": held_message})
STEPS.bind(
    "context",
    {
        "notify": preview_context,
        "renotify": lambda sitting: {**preview_context(sitting), "changes": changes_since_notice(sitting)},
    },
)
STEPS.bind("question", {"remind": reminder_title})
STEPS.bind(
    "consequences",
    {
        "remind": reminder_lines,
        "postpone": recipient_lines,
        "cancel": recipient_lines,
        "hold": hold_lines,
        "note_not_held": not_held_lines,
        "reopen": reopening_lines,
        "undo_opening": undoing_lines,
        "write": recipient_lines,
    },
)
STEPS.bind("recipients", {"remind": lambda sitting: silent_people(sitting)[0], "write": expected_people})
STEPS.bind(
    "next_url",
    {
        "postpone": lambda sitting, successor: reverse("sittings:sitting", args=[(successor or sitting).pk]),
        "reconvene": lambda sitting, successor: reverse("sittings:notify", args=[successor.pk]),
        "hold": lambda sitting, count: reverse("sittings:attendance", args=[sitting.pk]),
    },
)
STEPS.bind(
    "offered",
    {"hold": lambda user, sitting: has_begun(sitting), "note_not_held": lambda user, sitting: has_begun(sitting)},
)

ROLL_STEPS: StepPages[Sitting] = StepPages(
    SITTING,
    "conduct",
    name="sittings:move",
    fetch=desk_sitting,
    back=roll_page,
    eyebrow=sitting_title,
    fix_url=fix_url,
)
ROLL_STEPS.bind(
    "consequences", {"open": opening_lines, "close": closing_lines, "note_no_quorum": lines_without_quorum}
)
