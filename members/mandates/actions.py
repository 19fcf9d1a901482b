"""Steps of a mandate (domain.md B4), from the addition of a person to the end of the access; steps of many at once."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import erase_details, record
from assembly.audit.models import Entry
from assembly.identity.models import Person, User, sort_key
from assembly.institution.actions import committees, invitations, roles
from assembly.institution.actions.assemblies import lock_assembly
from assembly.institution.models import CommitteeMembership, Invitation, Role, Term
from assembly.institution.rules import can_invite, is_lead
from assembly.text.french import format_date
from members import rules
from members.enums import EndReason, Gender, MandateKind, MandateState
from members.mandates import queries
from members.mandates.workflow import MANDATE
from members.members.actions import create_person
from members.models import Mandate, Member, Seat


def end_member_role(mandate: Mandate, *, by: User, on: date) -> None:
    """End the role, the pending invitations, the sessions and the committee seats (last day: the day before)."""
    person = mandate.member.person
    seats = CommitteeMembership.objects.filter(person=person, committee__term=mandate.term_id, ends_on=None)
    for seat in seats.filter(committee__closed_on=None).select_related("committee"):
        committees.leave_seat(seat, by=by, on=on - timedelta(days=1))
    roles.leave(person, by=by, role=Role.MEMBER, term=mandate.term_id)
    record("member.access_ended", mandate, by=by, on_behalf_of=person)


ANSWERS = frozenset({"accept", "decline"})  # answers of the person, recorded in their name


@transaction.atomic
def create_seats(term: Term, *, by: User, women: int = 2, men: int = 2, unconditional: int = 0) -> int:
    """Create the missing seats of every canton. Return how many were created; none is ever removed."""
    if not rules.can_create_seats(by, term):
        raise PermissionDenied
    counts = {"F": women, "M": men, "X": unconditional}
    seats = [
        Seat(term=term, canton=canton, gender=gender, rank=rank)
        for canton in term.assembly.cantons.all()
        for gender, count in counts.items()
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
    late_reason: str = "",
) -> Mandate:
    """Propose the seat to the person; without a seat the person becomes an alternate.
    `on`: a day already past. `late_reason`: why a seat is given again in the last months of the term."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    check_fits(member, term, seat)
    check_cutoff(term, seat, by, late_reason)
    mandate = Mandate(
        member=member,
        term=term,
        seat=seat,
        kind=MandateKind.TITULAR if seat else MandateKind.ALTERNATE,
        answer_deadline=answer_deadline,
        proposed_at=timezone.make_aware(datetime.combine(on, time(12))) if on else timezone.now(),
    )
    save_new(mandate)
    record("mandate.proposed", mandate, by=by, seat=seat.pk if seat else None, detail=late_reason)
    return mandate


def check_fits(member: Member, term: Term, seat: Seat | None) -> None:
    """Check that the seat is of this term, the member's canton and gender, and the canton of this assembly.

    Who is neither woman nor man sits where the draw placed the person: on any seat of the canton.
    """
    if member.canton.assembly_id != term.assembly_id:
        raise ValidationError(_("Ce canton n’est pas dans le territoire de cette assemblée."))
    if seat is None:
        return
    fits = Gender.OTHER in (member.gender, seat.gender) or seat.gender == member.gender
    if seat.term_id != term.pk or seat.canton_id != member.canton_id or not fits:
        raise ValidationError(_("Ce siège est celui d’un autre canton ou d’un autre genre."))


def check_cutoff(term: Term, seat: Seat | None, by: User, reason: str) -> None:
    """Check that in the last months of a term only the lead gives a vacated seat again, with a reason."""
    if seat is None or not rules.is_past_cutoff(term) or not seat.mandates.exists():
        return
    values = {"day": format_date(rules.replacement_cutoff(term))}
    if not is_lead(by, term):
        message = _("Depuis le %(day)s, seule la responsable décide d’un remplacement : la mandature finit bientôt.")
        raise ValidationError(message % values, code="seat")
    if not reason.strip():
        message = _("La mandature finit bientôt : depuis le %(day)s, un remplacement demande un motif.")
        raise ValidationError(message % values, code="late_reason")


def save_new(mandate: Mandate) -> None:
    """Insert the mandate; raise a French ValidationError for a constraint of the database."""
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
def record_step(mandate: Mandate, step_name: str, *, by: User, on: date | None = None) -> None:
    """Record a step of the mandate on the day it took place, today by default. Raise as `MANDATE.transition`."""
    step = MANDATE.require(mandate, step_name, by=by)
    person = mandate.member.person if step_name in ANSWERS else None
    MANDATE.take(mandate, step, by=by, on_behalf_of=person, facts={"on": on or timezone.localdate()})


@MANDATE.action("end")
@transaction.atomic
def end(mandate: Mandate, *, by: User, reason: str, on: date | None = None, detail: str = "") -> None:
    """End the mandate: the sign-in and the seats in committees end at once; what the person wrote stays.

    Exclusion is never an officer's alone (domain.md B4). Absences are refused here: see `end_for_absences`.
    """
    if reason == EndReason.ABSENCES:
        message = _(
            "Des absences répétées ne mettent fin à un mandat que par leur procédure : la personne est entendue."
        )
        raise ValidationError(message, code="reason")
    if reason == EndReason.EXCLUDED and not is_lead(by, mandate.term_id):
        raise PermissionDenied
    end_on_day(mandate, by=by, reason=reason, on=on, detail=detail)


@transaction.atomic
def end_for_absences(mandate: Mandate, *, by: User, on: date | None = None, detail: str = "") -> None:
    """End a mandate for absences, by the lead: only for the procedure of a higher app, which heard the person."""
    if not is_lead(by, mandate.term_id):
        raise PermissionDenied
    end_on_day(mandate, by=by, reason=EndReason.ABSENCES, on=on, detail=detail)


def end_on_day(mandate: Mandate, *, by: User, reason: str, on: date | None, detail: str) -> None:
    day = on or timezone.localdate()
    facts = {"reason": reason, "on": day}
    MANDATE.transition(mandate, "end", by=by, reason=detail, facts=facts, end_reason=EndReason(reason))
    end_member_role(mandate, by=by, on=day)


@transaction.atomic
def seat_alternate(mandate: Mandate, seat: Seat, *, by: User, late_reason: str = "") -> None:
    """Give a vacant seat of the same canton and gender to an alternate, for the time that remains."""
    step = MANDATE.require(mandate, "seat", by=by)
    check_fits(mandate.member, mandate.term, seat)
    check_cutoff(mandate.term, seat, by, late_reason)
    facts = {"seat": seat.pk}
    try:
        MANDATE.take(mandate, step, by=by, reason=late_reason, facts=facts, seat=seat, kind=MandateKind.TITULAR)
    except IntegrityError as refused:
        raise ValidationError(_("Ce siège est déjà pourvu."), code="seat") from refused


@transaction.atomic
def add_member(
    term: Term,
    *,
    by: User,
    person: dict[str, Any],
    member: dict[str, Any],
    seat: Seat | None = None,
    answer_deadline: date | None = None,
    on: date | None = None,
    late_reason: str = "",
) -> Mandate:
    """Create the person and the member, and propose the seat. Refuse the same person twice."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    lock_assembly(term.assembly_id)
    same_people = Mandate.objects.filter(
        term=term,
        member__person__sort_name=sort_key(person["last_name"], person["first_name"]),
        member__birth_year=member["birth_year"],
        member__canton=member["canton"],
    )
    if same_people.exists():
        raise ValidationError(_("Cette personne est déjà membre de cette mandature."))
    newcomer = Member(person=create_person(term, by=by, **person), **member)
    newcomer.full_clean(exclude=["person", "canton"])  # Both come from their own rows, just read or written.
    newcomer.save()
    return propose(newcomer, term, by=by, seat=seat, answer_deadline=answer_deadline, on=on, late_reason=late_reason)


@transaction.atomic
def activate_all(term: Term, *, by: User, on: date | None = None) -> tuple[int, int]:
    """Open every accepted mandate that has a seat. Return how many, and how many are refused for their date."""
    if not rules.can_manage(by, term):
        raise PermissionDenied
    done = refused = 0
    for mandate in queries.mandates_to_open(term):
        try:
            with transaction.atomic():
                record_step(mandate, "activate", by=by, on=on)
        except ValidationError:
            refused += 1
        else:
            done += 1
    return done, refused


@transaction.atomic
def invite_members(
    term: Term, *, by: User, again: bool = False, only: Collection[int] | None = None
) -> list[Invitation]:
    """Invite the members who cannot sign in yet: those never invited, or those whose invitation was not used.

    `only`: of these mandates; who was invited meanwhile, or may not be, is left out.
    """
    if not can_invite(by, term):
        raise PermissionDenied
    Term.objects.select_for_update(of=("self",), no_key=True).get(
        pk=term.pk
    )  # The second request of a double click blocks here, then has nobody left to invite.
    people = [mandate.member.person for mandate in queries.mandates_to_invite(term, again=again, only=only)]
    return invitations.invite_many(people, Role.MEMBER, by=by, term=term)


@transaction.atomic
def end_mandates_of(person: Person, by: User) -> None:
    """Close open mandates and erase the journal's details. Called by the erasure, which has its own permission."""
    today = timezone.localdate()
    for mandate in Mandate.objects.filter(member__person=person).select_related("member__person"):
        if mandate.state == MandateState.PROPOSED:
            MANDATE.follow(mandate, "decline", by=by, facts={"on": today})
        elif mandate.is_open:
            facts = {"reason": EndReason.ERASED, "on": today}
            MANDATE.follow(mandate, "end", by=by, facts=facts, end_reason=EndReason.ERASED)
            end_member_role(mandate, by=by, on=today)
        about = Q(subject_type="members.Mandate", subject_id=str(mandate.pk))
        about |= Q(dossier_type="members.Mandate", dossier_id=str(mandate.pk))
        entries = Entry.objects.filter(about, detail__isnull=False, detail__erased_at=None)
        erase_details(list(entries.values_list("pk", flat=True)), by=by)
