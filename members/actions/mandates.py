"""The path of a mandate, step by step (domain.md B4)."""

from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.identity.signals import standing_ended
from assembly.institution.models import Term
from assembly.workflow import StateConflict
from members import rules
from members.actions.access import end_member_role
from members.enums import EndReason, MandateKind
from members.models import Mandate, Member, Seat, Suspension
from members.models.mandate import OPEN_STATES
from members.workflows import MANDATE

LEAD_REASONS = frozenset({EndReason.ABSENCES, EndReason.EXCLUDED})


@transaction.atomic
def create_seats(term: Term, *, by: User, women: int = 2, men: int = 2, unconditional: int = 0) -> int:
    """Create the seats of every canton that lack. Returns how many were created; none is ever removed."""
    if not rules.can_create_seats(by, term):
        raise PermissionDenied
    wanted = {"F": women, "M": men, "X": unconditional}
    seats = [
        Seat(term=term, canton=canton, gender=gender, rank=rank)
        for canton in term.assembly.cantons.all()
        for gender, count in wanted.items()
        for rank in range(1, count + 1)
    ]
    before = Seat.objects.filter(term=term).count()
    Seat.objects.bulk_create(seats, ignore_conflicts=True)
    created = Seat.objects.filter(term=term).count() - before
    if created:
        record("seats.created", term, by=by, dossier=term, count=created)
    return created


@transaction.atomic
def propose(
    member: Member,
    term: Term,
    *,
    by: User,
    seat: Seat | None = None,
    answer_deadline: date | None = None,
    on: date | None = None,
) -> Mandate:
    """Propose the seat to the person; without a seat the person becomes an alternate. `on`: a day already past."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    check_fits(member, term, seat)
    mandate = Mandate(
        member=member,
        term=term,
        seat=seat,
        kind=MandateKind.TITULAR if seat else MandateKind.ALTERNATE,
        answer_deadline=answer_deadline,
        proposed_at=timezone.make_aware(datetime.combine(on, time(12))) if on else timezone.now(),
    )
    save_new(mandate)
    record("mandate.proposed", mandate, by=by, seat=seat.pk if seat else None)
    return mandate


def check_fits(member: Member, term: Term, seat: Seat | None) -> None:
    """The seat is of this term, of the member's canton and gender; the canton is of this assembly."""
    if member.canton.assembly_id != term.assembly_id:
        raise ValidationError(_("Ce canton n’est pas dans le territoire de cette assemblée."))
    if seat is None:
        return
    if seat.term_id != term.pk or seat.canton_id != member.canton_id or seat.gender not in (member.gender, "X"):
        raise ValidationError(_("Ce siège est celui d’un autre canton ou d’un autre genre."))


def save_new(mandate: Mandate) -> None:
    """Insert, and say in French which rule of the database refused it."""
    try:
        with transaction.atomic():
            mandate.save(force_insert=True)
    except IntegrityError as refused:
        if "mandate_one_holder_per_seat" in str(refused):
            raise ValidationError(_("Ce siège est déjà pourvu.")) from refused
        if "mandate_one_per_member_and_term" in str(refused):
            raise ValidationError(_("Cette personne a déjà un mandat dans cette mandature.")) from refused
        raise


@transaction.atomic
def accept(mandate: Mandate, *, by: User, on: date | None = None) -> None:
    """Note that the person accepts."""
    day = checked_day(mandate, "accept", by, on)
    MANDATE.move(mandate, "accept", accepted_on=day)
    record("mandate.accepted", mandate, by=by, on_behalf_of=mandate.member.person, on=day)


@transaction.atomic
def decline(mandate: Mandate, *, by: User, on: date | None = None) -> None:
    """Note that the person declines: the seat is vacant again."""
    day = checked_day(mandate, "decline", by, on)
    MANDATE.move(mandate, "decline", ended_on=day)
    record("mandate.declined", mandate, by=by, on_behalf_of=mandate.member.person, on=day)


@transaction.atomic
def lapse(mandate: Mandate, *, by: User) -> None:
    """Note that the person did not answer before the deadline: the seat is vacant again."""
    day = checked_day(mandate, "lapse", by, None)
    if mandate.answer_deadline and mandate.answer_deadline >= day:
        raise ValidationError(_("Le délai de réponse n’est pas encore passé."))
    MANDATE.move(mandate, "lapse", ended_on=day)
    record("mandate.lapsed", mandate, by=by)


@transaction.atomic
def activate(mandate: Mandate, *, by: User, on: date | None = None) -> None:
    """Open the mandate: from that day the person sits."""
    day = checked_day(mandate, "activate", by, on, after=mandate.accepted_on)
    if mandate.seat_id is None:
        raise ValidationError(_("Cette personne est suppléante : donnez-lui d’abord un siège vacant."))
    MANDATE.move(mandate, "activate", activated_on=day)
    record("mandate.activated", mandate, by=by, on=day)


@transaction.atomic
def suspend(mandate: Mandate, *, by: User, on: date | None = None) -> None:
    """Pause the mandate; the seat stays the person's."""
    day = checked_day(mandate, "suspend", by, on, after=mandate.activated_on)
    MANDATE.move(mandate, "suspend", suspended_on=day)
    Suspension.objects.create(mandate=mandate, starts_on=day)
    record("mandate.suspended", mandate, by=by, on=day)
    standing_ended.send(Mandate, person=mandate.member.person, by=by)


@transaction.atomic
def resume(mandate: Mandate, *, by: User, on: date | None = None) -> None:
    """End the pause."""
    day = checked_day(mandate, "resume", by, on, after=mandate.suspended_on)
    MANDATE.move(mandate, "resume", suspended_on=None)
    mandate.suspensions.filter(ends_on=None).update(ends_on=day)
    record("mandate.resumed", mandate, by=by, on=day)


@transaction.atomic
def end(mandate: Mandate, *, by: User, reason: str, on: date | None = None, detail: str = "") -> None:
    """End the mandate: the sign-in and the seats in committees end at once; what the person wrote stays."""
    day = checked_day(mandate, "end", by, on, after=mandate.activated_on or mandate.accepted_on)
    if reason in LEAD_REASONS and not rules.can_exclude(by, mandate):
        raise PermissionDenied
    MANDATE.move(mandate, "end", ended_on=day, end_reason=EndReason(reason), suspended_on=None)
    mandate.suspensions.filter(ends_on=None).update(ends_on=day)
    record("mandate.ended", mandate, by=by, detail=detail, reason=reason, on=day)
    end_member_role(mandate, by=by, on=day)


@transaction.atomic
def seat_alternate(mandate: Mandate, seat: Seat, *, by: User) -> None:
    """Give a vacant seat of the same canton and gender to an alternate, for the time that remains."""
    if not rules.can_seat(by, mandate):
        raise PermissionDenied
    check_fits(mandate.member, mandate.term, seat)
    waiting = Mandate.objects.filter(pk=mandate.pk, seat=None, state__in=OPEN_STATES)
    try:
        with transaction.atomic():
            moved = waiting.update(seat=seat, kind=MandateKind.TITULAR)
    except IntegrityError as refused:
        raise ValidationError(_("Ce siège est déjà pourvu.")) from refused
    if not moved:
        raise StateConflict(mandate, "seat")
    mandate.seat, mandate.kind = seat, MandateKind.TITULAR
    record("mandate.seated", mandate, by=by, seat=seat.pk)


def checked_day(mandate: Mandate, verb: str, by: User, on: date | None, after: date | None = None) -> date:
    """The day of the step: allowed, not in the future, not before the step that came first."""
    if not rules.can_move(by, mandate, verb):
        if verb not in MANDATE.verbs_from(mandate.state) and rules.can_manage(by, mandate.term_id):
            raise StateConflict(mandate, verb)
        raise PermissionDenied
    today = timezone.localdate()
    day = on or today
    if day > today:
        raise ValidationError(_("Cette date est dans le futur. Notez ce fait le jour venu."))
    if after and day < after:
        raise ValidationError(_("Cette date vient avant l’étape d’avant."))
    return day
