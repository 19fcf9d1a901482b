"""Facts of a sitting entered after its day: held, not held, its closing or its opening undone."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.dossiers.pages import CHANGED
from assembly.identity.models import User
from assembly.text.printable import check_text
from sessions.actions import absences
from sessions.attendance.actions import NO_ABSENCE, check_end, check_planned, end_roll
from sessions.enums import Via
from sessions.expenses.workflow import EXPENSE
from sessions.models import AgendaItem, Attendance, Invitee, Sitting
from sessions.notifications.corrections import write_to_convened
from sessions.queries.sitting_record import claims_here, stays_on_roll
from sessions.rules.hours import is_during, is_within
from sessions.signals import sitting_opening_undone, sitting_replaced
from sessions.sittings.workflow import SITTING


@SITTING.action("hold")
@transaction.atomic
def hold(
    sitting: Sitting,
    *,
    opened_at: datetime,
    closed_at: datetime,
    shown: Collection[int],
    away: Collection[int],
    by: User,
    reason: str = "",
) -> int:
    """Record a sitting that took place and that nobody opened: its hours, and everybody `shown` except `away`.

    Returns the number of people present. Raises ValidationError « changed » when other people are expected now.
    """
    step, now = SITTING.require(sitting, "hold", by=by), timezone.now()
    if not is_during(opened_at, sitting.starts_at):
        raise ValidationError(_("Cette heure n’est pas du jour de la séance."), code="opened")
    expected = Invitee.objects.expected().filter(sitting=sitting).order_by("pk")
    if {invitee.pk for invitee in expected} != set(shown):
        text = _("La liste des personnes convoquées a changé depuis que vous l’avez lue. Relisez-la.")
        raise ValidationError(text, code=CHANGED)
    came = [invitee for invitee in expected if invitee.pk not in set(away)]
    if not came:
        raise ValidationError(
            _("Personne n’est noté présent\u00a0: notez plutôt qu’elle n’a pas eu lieu."), code="away"
        )
    sitting.opened_at = opened_at
    check_end(sitting, closed_at)
    hours_planned = (sitting.starts_at, sitting.ends_at)
    check_planned(sitting, is_within(opened_at, *hours_planned) and is_within(closed_at, *hours_planned), reason)
    hours = {"opened_at": opened_at, "closed_at": closed_at}
    recorded = {"recorded_at": now, "recorded_by": by, "hours_reason": reason.strip()}
    SITTING.take(sitting, step, by=by, reason=reason, facts={**hours, "people": len(came)}, **hours, **recorded)
    Attendance.objects.bulk_create(
        Attendance(invitee=each, arrived_at=opened_at, left_at=closed_at, via=Via.PAPER, recorded_by=by)
        for each in came
    )
    Invitee.objects.filter(pk__in=[invitee.pk for invitee in came]).update(**NO_ABSENCE)
    record("attendance.copied", sitting, by=by, people=len(came))
    end_roll(sitting)
    absences.update_alerts(sitting)
    return len(came)


@SITTING.action("note_not_held")
@transaction.atomic
def note_not_held(sitting: Sitting, *, reason: str, by: User) -> None:
    """Record that the sitting did not take place: nobody is absent, and its votes move to another sitting."""
    SITTING.transition(sitting, "note_not_held", by=by, reason=reason)
    erase_hours(sitting)
    sitting_replaced.send(Sitting, sitting=sitting, follower=None, by=by)


@SITTING.action("reopen")
@transaction.atomic
def reopen(sitting: Sitting, *, reason: str, by: User) -> None:
    """Undo a closing: the sitting goes on, and the people present when it closed are present again."""
    step, former = SITTING.require(sitting, "reopen", by=by), sitting.closed_at
    SITTING.take(sitting, step, by=by, reason=reason, facts={"closed_at": former})
    stays_on_roll(sitting).filter(left_at=former).update(left_at=None)
    AgendaItem.objects.filter(sitting=sitting, closed_at=former, removed_at=None).update(closed_at=None)
    Invitee.objects.filter(sitting=sitting, is_absence_derived=True).update(**NO_ABSENCE)
    absences.update_alerts(sitting)


@SITTING.action("undo_opening")
@transaction.atomic
def undo_opening(sitting: Sitting, *, reason: str, by: User) -> None:
    """Undo an opening: the sitting is a coming one again, its roll is voided and the hours of its items erased."""
    step, opened_at = SITTING.require(sitting, "undo_opening", by=by), sitting.opened_at
    SITTING.take(sitting, step, by=by, reason=reason, facts={"opened_at": opened_at})
    if count := stays_on_roll(sitting).update(voided_at=timezone.now()):
        record("attendance.set_aside", sitting, by=by, stays=count)
    erase_hours(sitting)
    for claim in claims_here(sitting).select_related("term", "invitee__person"):
        EXPENSE.follow(claim, "lapse", by=by, reason=reason)
    sitting_opening_undone.send(Sitting, sitting=sitting, opened_at=opened_at, by=by)


def erase_hours(sitting: Sitting) -> None:
    """Erase the hours of the items and the derived absences; the audit log still records them."""
    AgendaItem.objects.filter(sitting=sitting).update(opened_at=None, closed_at=None)
    Invitee.objects.filter(sitting=sitting, is_absence_derived=True).update(**NO_ABSENCE)


@SITTING.action("write")
@transaction.atomic
def write(sitting: Sitting, *, title: str, text: str, by: User) -> None:
    """Send everybody convened a text that a person typed, since an earlier message may no longer be true."""
    step = SITTING.require(sitting, "write", by=by)
    count = write_to_convened(sitting, title=check_text(title.strip()), text=check_text(text.strip()), by=by)
    SITTING.take(sitting, step, by=by, facts={"people": count})
