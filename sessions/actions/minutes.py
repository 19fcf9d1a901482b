"""The life of minutes up to their circulation: begun, written, read again, sent to those who were there."""

from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import Person, User
from assembly.institution.rules import is_team
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from sessions.actions.locks import lock_minutes
from sessions.enums import MinutesKind, MinutesState, SittingKind, SittingState
from sessions.models import Minutes, Sitting, Visa
from sessions.queries.minutes import people_who_attended, unanswered_corrections
from sessions.queries.minutes_facts import title_of
from sessions.rules import minutes as rules
from sessions.workflows.sittings import SITTING


@transaction.atomic
def start(sitting: Sitting, *, by: User, kind: str = "") -> Minutes:
    """Begin the minutes of a sitting: formal ones for a plenary, a report for a committee, unless told otherwise."""
    if not rules.can_start(by, sitting):
        raise PermissionDenied
    usual = MinutesKind.FORMAL if sitting.kind == SittingKind.PLENARY else MinutesKind.REPORT
    day = timezone.localdate(sitting.starts_at) + timedelta(days=sitting.term.minutes_days)
    minutes, is_new = Minutes.objects.get_or_create(
        sitting=sitting, defaults={"kind": MinutesKind(kind or usual), "writer": by, "due_on": day}
    )
    if is_new:
        record("minutes.started", minutes, by=by, dossier=sitting, kind=minutes.kind)
    return minutes


@transaction.atomic
def change_kind(minutes: Minutes, kind: str, *, by: User) -> Minutes:
    """Make a report formal, or the other way round, while it is a draft."""
    if not rules.can_write(by, minutes):
        raise PermissionDenied
    wanted = MinutesKind(kind)
    if not Minutes.objects.filter(pk=minutes.pk, state=MinutesState.DRAFT).update(kind=wanted):
        raise ValidationError(_("Le type ne change plus une fois le compte rendu relu."), code="state")
    minutes.kind = wanted
    record("minutes.kind_changed", minutes, by=by, dossier=minutes.sitting, kind=wanted)
    return minutes


@transaction.atomic
def hand_over(minutes: Minutes, writer: User, *, by: User) -> Minutes:
    """Pass the writing to a colleague of the team."""
    if not (is_team(by, minutes.sitting.term_id) and is_team(writer, minutes.sitting.term_id)):
        raise PermissionDenied
    minutes.writer = writer
    minutes.save(update_fields=["writer"])
    record("minutes.handed_over", minutes, by=by, dossier=minutes.sitting, writer=writer.pseudonym)
    return minutes


@transaction.atomic
def name_functions(minutes: Minutes, *, chair: Person | None, secretary: Person | None, by: User) -> Minutes:
    """Say who chaired and who was secretary of the sitting: they give their visas at the end."""
    sitting = minutes.sitting
    if not is_team(by, sitting.term_id) or minutes.is_final:
        raise PermissionDenied
    lock_minutes(minutes, "name_functions", lambda held: not held.is_final)
    if Visa.objects.filter(minutes=minutes, voided_at=None).exists():
        raise PermissionDenied
    if chair is not None and chair == secretary:
        raise ValidationError(_("La présidence et le secrétariat sont deux personnes différentes."), code="same")
    sitting.chair, sitting.secretary = chair, secretary
    sitting.save(update_fields=["chair", "secretary"])
    record(
        "minutes.functions_named",
        minutes,
        by=by,
        dossier=sitting,
        chair=chair.pseudonym if chair else None,
        secretary=secretary.pseudonym if secretary else None,
    )
    return minutes


def move(minutes: Minutes, verb: str, said: str, *, by: User, detail: str = "", **changes: Any) -> None:
    """Check the right, take the step, write the journal: what every step of minutes has in common."""
    if not rules.holds_right(by, minutes, verb):
        raise PermissionDenied
    before = minutes.state
    rules.machine(minutes).move(minutes, verb, **changes)
    record(said, minutes, by=by, dossier=minutes.sitting, detail=detail, before=before, after=minutes.state)


def _needs_closed(minutes: Minutes) -> None:
    if not minutes.sitting.is_held:
        raise ValidationError(_("La séance n’est pas close : notez d’abord sa fin."), code="sitting")


@transaction.atomic
def submit(minutes: Minutes, *, by: User) -> Minutes:
    """Give the formal draft to a colleague who reads it again."""
    _needs_closed(minutes)
    if minutes.sitting.chair_id is None or minutes.sitting.secretary_id is None:
        raise ValidationError(_("Dites d’abord qui présidait et qui était secrétaire de séance."), code="functions")
    move(minutes, "submit", "minutes.submitted", by=by)
    return minutes


@transaction.atomic
def give_back(minutes: Minutes, *, by: User, reason: str = "") -> Minutes:
    """Return the text to its writer, with what remains to be done."""
    move(minutes, "return", "minutes.returned", by=by, detail=reason.strip())
    return minutes


@transaction.atomic
def validate(minutes: Minutes, *, by: User) -> Minutes:
    """The lead finds the report fit to be sent."""
    _needs_closed(minutes)
    move(minutes, "validate", "minutes.validated", by=by)
    return minutes


def corrections_deadline(minutes: Minutes, now: datetime) -> datetime:
    """End of the last day for corrections, in Paris."""
    day = timezone.localdate(now) + timedelta(days=minutes.sitting.term.correction_days)
    return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))


@transaction.atomic
def circulate(minutes: Minutes, *, by: User) -> Distribution:
    """Send the text to those who attended, who may ask for corrections during the delay of the term."""
    now = timezone.now()
    recipients = [Recipient(person=person) for person in people_who_attended(minutes.sitting)]
    if not recipients:
        raise ValidationError(_("Personne n’est noté présent : corrigez d’abord les présences."), code="nobody")
    move(
        minutes,
        "circulate",
        "minutes.circulated",
        by=by,
        circulated_at=now,
        corrections_until=corrections_deadline(minutes, now),
    )
    if not minutes.is_formal:
        record_as_minuted(minutes)
    return distribute(
        "minutes-circulated",
        minutes,
        recipients,
        by=by,
        title=title_of(minutes),
        term=minutes.sitting.term,
        key=f"minutes-circulated:{minutes.pk}:{now:%Y%m%d%H%M%S}",
    )


def record_as_minuted(minutes: Minutes) -> None:
    """The sitting has its minutes: its own workflow says so, unless it said so already."""
    if minutes.sitting.state == SittingState.CLOSED:
        SITTING.move(minutes.sitting, "record_minutes")


@transaction.atomic
def end_corrections(minutes: Minutes, *, by: User) -> Minutes:
    """Close the delay for corrections once it is over."""
    _needs_deadline_passed(minutes)
    move(minutes, "end_corrections", "minutes.corrections_ended", by=by)
    return minutes


def _needs_deadline_passed(minutes: Minutes) -> None:
    if rules.takes_corrections(minutes, timezone.now()):
        raise ValidationError(
            _("Les personnes présentes peuvent encore demander des corrections : le délai annoncé court toujours."),
            code="deadline",
        )


def needs_corrections_answered(minutes: Minutes) -> None:
    """Every request has its answer before the text goes on, and nobody is cut off before the announced day."""
    _needs_deadline_passed(minutes)
    if unanswered_corrections(minutes):
        raise ValidationError(_("Des corrections attendent encore une réponse."), code="corrections")


@transaction.atomic
def reopen(minutes: Minutes, *, by: User, reason: str) -> Minutes:
    """The lead opens the text again, with a reason; what was circulated is no longer the text."""
    if not reason.strip():
        raise ValidationError(_("Dites pourquoi le compte rendu est rouvert."), code="reason")
    move(
        minutes,
        "reopen",
        "minutes.reopened",
        by=by,
        detail=reason.strip(),
        circulated_at=None,
        corrections_until=None,
        approval_item=None,
    )
    if minutes.sitting.state == SittingState.MINUTED:
        SITTING.move(minutes.sitting, "reopen_minutes")
    return minutes


@transaction.atomic
def archive(minutes: Minutes, *, by: User) -> Minutes:
    """Close the file of the minutes."""
    move(minutes, "archive", "minutes.archived", by=by)
    return minutes
