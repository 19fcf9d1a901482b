"""The roll and its closing, sheets and certificates, alerts on absences in a row.

A stay is corrected by voiding it and adding another. The roll raises and lifts alerts; the team alone decides to send
a message or to end a mandate.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.identity.models import Person, User
from assembly.institution.models import Term
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Distribution
from assembly.text.french import format_date, format_time
from assembly.text.printable import check_text
from assembly.workflow import StateConflict, lock
from members.enums import MandateState
from members.mandates import actions as mandates
from members.models import Mandate
from sessions.attendance.mails import write_to_member
from sessions.attendance.models import AbsenceCaseState as S, PresenceMode
from sessions.attendance.queries.absences import missed_in_a_row, procedures, too_often_missing
from sessions.attendance.queries.presence import certifiable_invitees, half_day_spans, presence_at
from sessions.attendance.workflow import ABSENCE
from sessions.models import Absence, AbsenceCase, AgendaItem, Attendance, Invitee, Reply, Sitting, SittingKind, Via
from sessions.sittings import rules
from sessions.sittings.queries.sittings import counted_votes, stays_on_roll
from sessions.sittings.rules import is_during, is_same_minute, is_within
from sessions.sittings.workflow import SITTING

NO_ABSENCE: dict[str, Any] = {"absence": Absence.NONE, "absence_reason": "", "is_absence_derived": False}


@SITTING.action("close")
@transaction.atomic
def close(sitting: Sitting, *, by: User, closed_at: datetime | None = None, reason: str = "") -> None:
    """Close the sitting, end the open stays, and mark who never came as excused or absent by their answer.

    `closed_at`: the hour at which it ended, for somebody who records it later; required once its day is past.
    """
    step = SITTING.require(sitting, "close", by=by)
    now = timezone.now()
    if closed_at is None and rules.is_day_past(sitting):
        raise ValidationError(
            _("Le jour de la séance est passé\u00a0: donnez l’heure à laquelle elle a fini."), code="hour"
        )
    hours: dict[str, Any] = {}
    if closed_at is not None and not is_same_minute(closed_at, now):
        check_end(sitting, closed_at)
        check_planned(sitting, is_within(closed_at, sitting.starts_at, sitting.ends_at), reason)
        hours = {"closed_at": closed_at, "recorded_at": now, "recorded_by": by, "hours_reason": reason.strip()}
    facts = {"closed_at": closed_at} if hours else {}
    SITTING.take(sitting, step, by=by, reason=reason, facts=facts, **hours)
    end_roll(sitting)
    update_alerts(sitting)


def check_end(sitting: Sitting, closed_at: datetime) -> None:
    """Raise ValidationError unless the end is past, on the day, and after the opening and every recorded fact."""
    if sitting.opened_at is not None and closed_at <= sitting.opened_at:
        text = _("La séance s’est ouverte à %(hour)s\u00a0: donnez une fin qui vient après.")
        raise ValidationError(text % {"hour": format_time(sitting.opened_at)}, code="hour")
    if closed_at > timezone.now() or not is_during(closed_at, sitting.starts_at):
        raise ValidationError(
            _("Cette heure n’est pas encore passée, ou n’est pas du jour de la séance."), code="hour"
        )
    if (last := last_recorded_moment(sitting)) is not None and last > closed_at:
        text = _(
            "Une arrivée, un départ, un point ou un vote est noté à %(hour)s\u00a0: la séance n’a pu finir avant."
        )
        raise ValidationError(text % {"hour": format_time(last)}, code="hour")


def check_planned(sitting: Sitting, is_inside: bool, reason: str) -> None:
    """Raise ValidationError when the hours differ from those of the convocation and no reason is given."""
    if not is_inside and not reason.strip():
        text = _("La séance était prévue de %(start)s à %(end)s\u00a0: dites pourquoi ses heures sont autres.")
        hours = {"start": format_time(sitting.starts_at), "end": format_time(sitting.ends_at)}
        raise ValidationError(text % hours, code="reason")


@SITTING.action("note_no_quorum")
@transaction.atomic
def note_no_quorum(sitting: Sitting, *, by: User) -> None:
    """End the sitting for lack of a quorum, or suspend it where the rule of the term gives members time to come."""
    step = SITTING.require(sitting, "note_no_quorum", by=by)
    presence = presence_at(sitting, timezone.now())
    facts = {"present": presence.present, "needed": presence.needed, "rule": sitting.term.no_quorum_rule}
    SITTING.take(sitting, step, by=by, facts=facts)
    if not sitting.is_running:
        end_roll(sitting)


def last_recorded_moment(sitting: Sitting) -> datetime | None:
    """Return the latest hour recorded for the sitting: an arrival, a departure, an item or a vote."""
    stays = stays_on_roll(sitting).aggregate(arrived=Max("arrived_at"), left=Max("left_at"))
    items = AgendaItem.objects.filter(sitting=sitting, removed_at=None)
    points = items.aggregate(opened=Max("opened_at"), closed=Max("closed_at"))
    votes = counted_votes(sitting).aggregate(counted=Max("counted_at"))
    return max((at for at in [*stays.values(), *points.values(), *votes.values()] if at is not None), default=None)


def end_roll(sitting: Sitting) -> None:
    """End the stays and items with the sitting; a stay that began at that very instant is voided instead."""
    convened, moment = Invitee.objects.filter(sitting=sitting), sitting.closed_at
    running = Attendance.objects.filter(invitee__in=convened, voided_at=None, left_at=None)
    running.filter(arrived_at__gte=moment).update(voided_at=moment)
    running.filter(arrived_at__lt=moment).update(left_at=moment)
    points = AgendaItem.objects.filter(sitting=sitting, closed_at=None, removed_at=None)
    points.filter(opened_at__lte=moment).update(closed_at=moment)
    came = Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None))
    missing = convened.expected().filter(~came, is_member=True, absence=Absence.NONE)
    excused = Q(reply=Reply.WILL_NOT)
    missing.filter(excused).update(absence=Absence.EXCUSED, is_absence_derived=True)
    missing.exclude(excused).update(absence=Absence.ABSENT, is_absence_derived=True)


@transaction.atomic
def record_arrival(
    invitee: Invitee, *, by: User, at: datetime | None = None, mode: str = PresenceMode.ROOM, via: str = Via.DESK
) -> Attendance:
    """Record an arrival; two taps for the same arrival make one stay."""
    sitting = lock_running(invitee.sitting, by)
    if running := open_stay_of(invitee):
        return running
    stay = write_stay(invitee, arrived_at=at or timezone.now(), mode=mode, via=via, by=by)
    Invitee.objects.filter(pk=invitee.pk).update(**NO_ABSENCE)
    record(
        "attendance.arrived",
        stay,
        by=by,
        on_behalf_of=invitee.person,
        dossier=sitting,
        at=stay.arrived_at,
        invitee=invitee.pk,
    )
    return stay


@transaction.atomic
def record_arrivals(sitting: Sitting, invitees: Sequence[int], *, by: User) -> tuple[datetime, int]:
    """Record many arrivals at one instant, and return this instant and the number of arrivals.

    The instant identifies them for `void_arrivals`. The stay of a person who is already present does not change.
    """
    locked_sitting, moment = lock_running(sitting, by), timezone.now()
    inside = Exists(Attendance.objects.filter(invitee=OuterRef("pk"), voided_at=None, left_at=None))
    coming = Invitee.objects.expected().filter(~inside, sitting=locked_sitting, pk__in=invitees)
    stays = Attendance.objects.bulk_create(
        [Attendance(invitee=each, arrived_at=moment, via=Via.DESK, recorded_by=by) for each in coming]
    )
    arrived = Invitee.objects.filter(pk__in=[stay.invitee_id for stay in stays])
    arrived.update(**NO_ABSENCE)
    if stays:
        record(
            "attendance.arrived_together", locked_sitting, by=by, dossier=locked_sitting, at=moment, people=len(stays)
        )
    return moment, len(stays)


def arrivals_at(sitting: Sitting, at: datetime, by: User) -> QuerySet[Attendance]:
    """Return the stays of one `record_arrivals` that have not ended."""
    running = Attendance.objects.filter(invitee__sitting=sitting, voided_at=None, left_at=None)
    return running.filter(arrived_at=at, recorded_by=by)


@transaction.atomic
def void_arrivals(sitting: Sitting, *, at: datetime, by: User) -> int:
    """Void the arrivals that were recorded together; people who left meanwhile stay on the roll."""
    locked_sitting = lock_running(sitting, by)
    if count := arrivals_at(locked_sitting, at, by).update(voided_at=timezone.now()):
        record("attendance.voided_together", locked_sitting, by=by, dossier=locked_sitting, at=at, people=count)
    return count


@transaction.atomic
def record_departure(invitee: Invitee, *, by: User, at: datetime | None = None) -> Attendance | None:
    """Record a departure; return None when the person is not present."""
    sitting = lock_running(invitee.sitting, by)
    stay = open_stay_of(invitee)
    if stay is None:
        return None
    moment = at or timezone.now()
    if moment <= stay.arrived_at:
        raise ValidationError(_("Le départ doit venir après l’arrivée."))
    Attendance.objects.filter(pk=stay.pk, left_at=None).update(left_at=moment)
    stay.left_at = moment
    record(
        "attendance.left",
        stay,
        by=by,
        on_behalf_of=invitee.person,
        dossier=sitting,
        at=moment,
        invitee=invitee.pk,
    )
    return stay


@transaction.atomic
def undo_last_tap(invitee: Invitee, *, by: User) -> None:
    """Undo the last tap: void an arrival, or reopen a stay after a departure."""
    sitting = lock_running(invitee.sitting, by)
    last = Attendance.objects.filter(invitee=invitee, voided_at=None).order_by("-arrived_at", "-pk").first()
    if last is None:
        return
    void(last)
    if last.left_at is not None:
        write_stay(invitee, arrived_at=last.arrived_at, mode=last.mode, via=last.via, by=by)
    record("attendance.voided", last, by=by, on_behalf_of=invitee.person, dossier=sitting, invitee=invitee.pk)


@transaction.atomic
def correct(
    stay: Attendance,
    *,
    arrived_at: datetime,
    left_at: datetime | None,
    mode: str,
    by: User,
    hours_reason: str = "",
) -> Attendance:
    """Replace a stay by the right one; the wrong row stays in the table, voided."""
    sitting = lock_roll(stay.invitee.sitting, by)
    check_hours(sitting, arrived_at, left_at, hours_reason)
    void(stay)
    hours: dict[str, Any] = {"arrived_at": arrived_at, "left_at": left_at, "hours_reason": hours_reason}
    replacement = write_stay(stay.invitee, mode=mode, via=stay.via, by=by, **hours)
    facts: dict[str, Any] = {"invitee": stay.invitee_id, "instead_of": stay.pk}
    record(
        "attendance.corrected",
        replacement,
        by=by,
        on_behalf_of=stay.invitee.person,
        dossier=sitting,
        detail=hours_reason.strip(),
        **facts,
    )
    return replacement


@transaction.atomic
def add_stay(
    invitee: Invitee,
    *,
    arrived_at: datetime,
    left_at: datetime | None,
    mode: str,
    via: str,
    by: User,
    hours_reason: str = "",
) -> Attendance:
    """Write a stay from the sign-in sheet, after the sitting."""
    sitting = lock_roll(invitee.sitting, by)
    check_hours(sitting, arrived_at, left_at, hours_reason)
    hours: dict[str, Any] = {"arrived_at": arrived_at, "left_at": left_at, "hours_reason": hours_reason}
    stay = write_stay(invitee, mode=mode, via=via, by=by, **hours)
    Invitee.objects.filter(pk=invitee.pk).update(**NO_ABSENCE)
    facts: dict[str, Any] = {"at": arrived_at, "invitee": invitee.pk}
    record(
        "attendance.arrived",
        stay,
        by=by,
        on_behalf_of=invitee.person,
        dossier=sitting,
        detail=hours_reason.strip(),
        **facts,
    )
    update_alerts(sitting)
    return stay


@transaction.atomic
def void_stay(stay: Attendance, *, by: User) -> None:
    """Void a stay that was recorded by mistake."""
    sitting = lock_roll(stay.invitee.sitting, by)
    void(stay)
    person = stay.invitee.person
    record("attendance.voided", stay, by=by, on_behalf_of=person, dossier=sitting, invitee=stay.invitee_id)
    update_alerts(sitting)


def lock_roll(sitting: Sitting, by: User) -> Sitting:
    """Lock the sitting, or raise PermissionDenied if its roll may not be changed.

    One writer at a time: the closing blocks until the last tap is saved.
    """
    locked_sitting = lock(sitting)
    if not rules.can_take_attendance(by, locked_sitting):
        raise PermissionDenied
    return locked_sitting


def lock_running(sitting: Sitting, by: User) -> Sitting:
    """Lock a running sitting for a tap; after the closing, taps are refused and hours entered one by one.

    Raises PermissionDenied when it does not run, StateConflict once its day is past.
    """
    locked_sitting = lock_roll(sitting, by)
    if not locked_sitting.is_running:
        raise PermissionDenied
    if rules.is_day_past(locked_sitting):
        raise StateConflict(locked_sitting, "roll")
    return locked_sitting


def check_hours(sitting: Sitting, arrived_at: datetime, left_at: datetime | None, reason: str) -> None:
    """Raise ValidationError unless the stay is on the day of the sitting, and explained outside its hours."""
    if not is_during(arrived_at, sitting.starts_at):
        raise ValidationError(_("L’arrivée n’est pas le jour de la séance."))
    if left_at is None and not sitting.is_running:
        raise ValidationError(_("La séance est close : donnez l’heure du départ."))
    if left_at is not None and left_at <= arrived_at:
        raise ValidationError(_("Le départ doit venir après l’arrivée."))
    if max(arrived_at, left_at or arrived_at) > timezone.now():
        raise ValidationError(_("Cette heure n’est pas encore passée."), code="future")
    first, last = half_day_spans(sitting)[0][0], half_day_spans(sitting)[-1][1]
    if not reason.strip() and not all(is_within(at, first, last) for at in (arrived_at, left_at or arrived_at)):
        text = _("La séance a duré de %(start)s à %(end)s\u00a0: dites pourquoi ces heures en sortent.")
        raise ValidationError(text % {"start": format_time(first), "end": format_time(last)}, code="reason")


def open_stay_of(invitee: Invitee) -> Attendance | None:
    return Attendance.objects.filter(invitee=invitee, voided_at=None, left_at=None).first()


def void(stay: Attendance) -> None:
    Attendance.objects.filter(pk=stay.pk, voided_at=None).update(voided_at=timezone.now())


def write_stay(
    invitee: Invitee,
    *,
    arrived_at: datetime,
    mode: str,
    via: str,
    by: User,
    left_at: datetime | None = None,
    hours_reason: str = "",
) -> Attendance:
    """Insert a stay; raise ValidationError when it overlaps another one of this person (database constraint)."""
    values = {"left_at": left_at, "mode": mode, "via": via, "hours_reason": check_text(hours_reason.strip())}
    try:
        with transaction.atomic():
            return Attendance.objects.create(invitee=invitee, arrived_at=arrived_at, recorded_by=by, **values)
    except IntegrityError as error:
        if "attendance_no_overlap" in str(error):
            raise ValidationError(_("Cette personne est déjà notée présente à ces heures.")) from error
        raise


@transaction.atomic
def record_absence(invitee: Invitee, *, absence: str, reason: str = "", by: User) -> None:
    """Record whether somebody who was absent had sent an excuse."""
    sitting = lock_roll(invitee.sitting, by)
    reason = "" if absence == Absence.NONE else reason
    fields = {"absence": absence, "absence_reason": reason, "is_absence_derived": False}
    Invitee.objects.filter(pk=invitee.pk).update(**fields)
    invitee.refresh_from_db()
    record(
        "invitee.absence_recorded",
        invitee,
        by=by,
        on_behalf_of=invitee.person,
        dossier=sitting,
        absence=absence,
        detail=reason,
    )
    update_alerts(sitting)


SIGN_IN_KIND, BADGES_KIND = "sign-in-sheet", "badges"


@transaction.atomic
def request_sheet(sitting: Sitting, kind: str, *, by: User) -> Rendition:
    """Request the PDF of the sign-in sheet for the entrance, or of the badges."""
    if not rules.can_see_desk(by, sitting):
        raise PermissionDenied
    return request_rendition(sitting, kind, by=by)


@transaction.atomic
def send_certificates(sitting: Sitting, *, by: User) -> Distribution:
    """Send each person who came their certificate; a second call with the same closing sends nothing more."""
    if not rules.can_send_certificates(by, sitting):
        raise PermissionDenied
    people = list(certifiable_invitees(sitting))
    # A sitting that was reopened and closed again has other hours, hence other certificates.
    key = f"certificates:{sitting.pk}:{sitting.closed_at:%Y%m%d%H%M%S}"
    known = Distribution.objects.filter(key=key).first()
    if known is not None:
        return known
    distribution = distribute(
        "attendance-certificate",
        sitting,
        [Recipient(invitee.person, context={"invitee": invitee.pk}) for invitee in people],
        by=by,
        title=_("Attestations : « %(title)s », %(day)s")
        % {"title": sitting.title, "day": format_date(sitting.starts_at)},
        term=sitting.term,
        key=key,
    )
    record("certificates.sent", sitting, by=by, people=len(people))
    return distribution


@transaction.atomic
def update_alerts(sitting: Sitting) -> None:
    """Compare the alerts of a term with the rolls, when a plenary closes and when its roll is corrected."""
    if sitting.kind != SittingKind.PLENARY:
        return
    lift_answered(sitting.term)
    in_procedure = dict(procedures(None, sitting.term).values_list("mandate", "since"))
    for mandate in too_often_missing(sitting.term).order_by("pk"):
        if in_procedure.get(mandate.pk, mandate.since) != mandate.since:
            continue
        counted = {"latest_id": mandate.latest, "absences": mandate.missed, "excused": mandate.excused}
        case, is_new = AbsenceCase.objects.select_related("mandate__term").get_or_create(
            mandate=mandate, since_id=mandate.since, defaults={**counted, "raised_at": timezone.now()}
        )
        if is_new:
            record("absence.raised", case, by=None, dossier=mandate, absences=case.absences)
        elif case.state in {S.RAISED, S.PROCEDURE}:
            AbsenceCase.objects.filter(pk=case.pk, state=case.state).update(**counted)
        elif case.state == S.LIFTED or case.state != S.ENDED and case.latest_id != mandate.latest:
            ABSENCE.follow(case, "raise_again", **counted, raised_at=timezone.now())


def lift_answered(term: Term) -> None:
    """Lift the alerts that no roll supports any longer: the person came, or the roll was wrong."""
    waiting = AbsenceCase.objects.filter(mandate__term=term, state__in=S.tagged("alert"))
    rows = missed_in_a_row(Mandate.objects.filter(pk__in=waiting.values("mandate")))
    running = {(mandate.pk, mandate.since) for mandate in rows if mandate.missed >= max(term.absence_alert, 1)}
    for case in waiting.select_related("mandate__term").order_by("pk"):
        if (case.mandate_id, case.since_id) not in running:
            ABSENCE.follow(case, "lift")


@transaction.atomic
def lift_cases(person: Person) -> None:
    """Lift the open cases of a person whose mandate ended, and the raised ones of a suspended mandate."""
    open_ones = AbsenceCase.objects.filter(mandate__member__person=person, state__in=S.tagged("open"))
    for case in open_ones.select_related("mandate__term").order_by("pk"):
        paused = case.mandate.state == MandateState.SUSPENDED and case.state == S.RAISED
        if not case.mandate.is_open or paused:
            ABSENCE.follow(case, "lift")


@ABSENCE.action("warn")
@transaction.atomic
def warn_member(case: AbsenceCase, *, text: str, by: User) -> None:
    """Write to the person with the text that the team read and sent."""
    ABSENCE.transition(case, "warn", by=by)
    write_to_member(case, text=check_text(text), title=_("Vos absences aux séances"), by=by)


@ABSENCE.action("begin")
@transaction.atomic
def begin_procedure(case: AbsenceCase, *, text: str, answer_by: date, by: User) -> None:
    """Open the procedure and notify the person, who may reply with observations until `answer_by`."""
    ABSENCE.transition(case, "begin", by=by, facts={"answer_by": answer_by}, answer_by=answer_by)
    title = _("Vos absences aux séances : vos observations sont attendues")
    write_to_member(case, text=check_text(text), title=title, by=by)


@ABSENCE.action("hear")
@transaction.atomic
def hear_member(case: AbsenceCase, *, answer: str, answered_on: date, by: User) -> None:
    """Record the person's answer in their name."""
    step = ABSENCE.require(case, "hear", by=by)
    person = case.mandate.member.person
    ABSENCE.take(
        case,
        step,
        by=by,
        on_behalf_of=person,
        facts={"answered_on": answered_on},
        answer=check_text(answer.strip()),
        answered_on=answered_on,
    )


@ABSENCE.action("end")
@transaction.atomic
def end_mandate(case: AbsenceCase, *, on: date, detail: str, by: User) -> None:
    """End the mandate, as the lead decided after the person could be heard."""
    ABSENCE.transition(case, "end", by=by, facts={"on": on})
    mandates.end_for_absences(case.mandate, by=by, on=on, detail=detail)
