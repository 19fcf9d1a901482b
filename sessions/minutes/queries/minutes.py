"""Queries of minutes: those of a sitting, those that need an action, who may correct them."""

from typing import Any

from django.db.models import Case, Count, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from assembly.identity.models import Person
from assembly.institution.models import Term
from assembly.institution.rules import is_lead
from members.mandates.queries import active_mandates
from sessions.agenda.enums import AgendaKind
from sessions.minutes.enums import CorrectionState, MinutesKind, MinutesState, MinutesVisaCapacity
from sessions.minutes.models import MinutesQuerySet
from sessions.models import AgendaItem, Attendance, Correction, Invitee, Minutes, MinutesSection, Sitting, Visa
from sessions.sittings.enums import SittingKind, SittingState


def minutes_of(sitting: Sitting) -> Minutes | None:
    """Return the minutes of a sitting, or None if they are not started."""
    minutes = Minutes.objects.filter(sitting=sitting).first()
    if minutes is not None:
        minutes.sitting = sitting
    return minutes


def minutes_for_page(user: Any) -> QuerySet[Minutes]:
    """Return the minutes that `user` may open, with what each of their pages reads."""
    return Minutes.objects.visible_to(user).select_related(
        "sitting__term__assembly",
        "sitting__committee",
        "sitting__chair",
        "sitting__secretary",
        "sitting__recorded_by__person",
        "writer__person",
    )


def attended(user: Any, sitting: Sitting) -> bool:
    """Return whether this account's person is among `people_who_attended`."""
    stays = Attendance.objects.filter(invitee__sitting=sitting, invitee__person=user.person_id, voided_at=None)
    return user.person_id in (sitting.chair_id, sitting.secretary_id) or stays.exists()


def people_who_attended(sitting: Sitting) -> list[Person]:
    """Return those with a stay, however short, by name, and always the chair and the secretary."""
    stays = Attendance.objects.filter(invitee__sitting=sitting, voided_at=None).values("invitee__person")
    functions = [pk for pk in (sitting.chair_id, sitting.secretary_id) if pk]
    people = Person.objects.filter(Q(pk__in=stays) | Q(pk__in=functions), anonymised_at=None)
    return list(people.order_by("sort_name", "pk"))


def readers_of_sealed(minutes: Minutes) -> list[Person]:
    """Return the recipients of the sealed minutes: everybody convened, and all members in office.

    For a sitting of a committee, only those convened; always the chair and the secretary.
    """
    sitting = minutes.sitting
    convened = Invitee.objects.filter(sitting=sitting).values("person")
    condition = Q(pk__in=convened)
    if sitting.kind != SittingKind.COMMITTEE:
        condition |= Q(pk__in=active_mandates(sitting.term_id).values("member__person"))
    condition |= Q(pk__in=[pk for pk in (sitting.chair_id, sitting.secretary_id) if pk])
    return list(Person.objects.filter(condition, anonymised_at=None).order_by("sort_name", "pk"))


def corrections_of(minutes: Minutes) -> QuerySet[Correction]:
    """Return the requests in the order of arrival, with their authors and their items."""
    return Correction.objects.filter(minutes=minutes).select_related("author", "section__agenda_item", "answered_by")


def unanswered_corrections(minutes: Minutes) -> int:
    return Correction.objects.filter(minutes=minutes, state=CorrectionState.ASKED).count()


def answers_to_send(minutes: Minutes) -> QuerySet[Correction]:
    """Return the answered requests whose author has not been notified."""
    answered = corrections_of(minutes).exclude(state=CorrectionState.ASKED)
    return answered.filter(answer_sent_at=None, author__anonymised_at=None)


def my_corrections(user: Any, minutes: Minutes) -> QuerySet[Correction]:
    """Return the corrections that this person asked for, with their answers."""
    return corrections_of(minutes).filter(author=user.person_id)


def next_plenaries(sitting: Sitting) -> QuerySet[Sitting]:
    """Return the coming sittings at which these minutes may be approved: the same body, later."""
    later = Sitting.objects.filter(term=sitting.term_id, starts_at__gt=sitting.starts_at)
    body = {"kind": sitting.kind} if sitting.committee_id is None else {"committee": sitting.committee_id}
    upcoming = ["planned", "notified", "confirmed", "open", "suspended"]
    return later.filter(state__in=upcoming, **body).order_by("starts_at", "pk")


def readable_minutes(user: Any) -> MinutesQuerySet:
    """Return the minutes that a member may read, latest sitting first, with the member's open requests."""
    mine = Q(corrections__author=user.person_id, corrections__state=CorrectionState.ASKED)
    return (
        Minutes.objects.visible_to(user)
        .filter(state__in=MinutesState.tagged("circulated", "published"))
        .select_related("sitting__committee", "public_document", "internal_document")
        .annotate(waiting=Count("corrections", filter=mine))
        .order_by("-sitting__starts_at", "-pk")
    )


def visas_to_give(minutes: Minutes) -> list[MinutesVisaCapacity]:
    """Return the functions whose visa is missing on these minutes."""
    capacities = set(Visa.objects.filter(minutes=minutes, voided_at=None).values_list("capacity", flat=True))
    return [capacity for capacity in MinutesVisaCapacity if capacity not in capacities]


def to_begin(user: Any, term: Term | int) -> QuerySet[Sitting]:
    """Return the closed sittings without minutes."""
    return Sitting.objects.filter(term=term, state=SittingState.CLOSED, minutes=None)


def being_written(user: Any, term: Term | int) -> QuerySet[Minutes]:
    """Return the minutes not circulated yet; `is_written`: there are items, and each has a summary.

    A written report is on the list of the lead only, who checks it.
    """
    points = AgendaItem.objects.filter(sitting=OuterRef("sitting"), removed_at=None, is_internal=False)
    points = points.exclude(kind=AgendaKind.BREAK).exclude(parent__is_internal=True)
    summaries = MinutesSection.objects.filter(agenda_item=OuterRef("pk")).exclude(summary_html="")
    written = Q(
        Exists(points), ~Exists(points.exclude(Exists(summaries))), sitting__state__in=SittingState.tagged("held")
    )
    rows = Minutes.objects.filter(sitting__term=term, state__in=MinutesState.tagged("writing"))
    rows = rows.annotate(is_written=Case(When(written, then=True), default=False))
    if is_lead(user, term):
        return rows
    return rows.exclude(Q(is_written=True, state=MinutesState.DRAFT) & ~Q(kind=MinutesKind.FORMAL))


def to_seal(user: Any, term: Term | int) -> QuerySet[Minutes]:
    return Minutes.objects.filter(sitting__term=term, state=MinutesState.APPROVED)


def minutes_to_sign(user: Any, term: Term | int) -> QuerySet[Minutes]:
    """Return the approved minutes that lack the visa of this person, who was chair or secretary."""
    visas = Visa.objects.filter(minutes=OuterRef("pk"), person=user.person_id, voided_at=None)
    return to_seal(user, term).filter(~Exists(visas), has_function(user))


def has_function(user: Any) -> Q:
    return Q(sitting__chair=user.person_id) | Q(sitting__secretary=user.person_id)


def to_correct(user: Any, term: Term | int) -> QuerySet[Minutes]:
    """Return the minutes with unanswered corrections, `asked` of them."""
    asked = Correction.objects.filter(minutes=OuterRef("pk"), state=CorrectionState.ASKED).order_by()
    count = Subquery(asked.values("minutes").annotate(n=Count("pk")).values("n"))
    rows = Minutes.objects.filter(Exists(asked), sitting__term=term, state__in=MinutesState.tagged("reading"))
    return rows.annotate(asked=count)


def to_read(user: Any, term: Term | int) -> QuerySet[Minutes]:
    return readable_now(user).filter(sitting__term=term)


def readable_now(user: Any) -> QuerySet[Minutes]:
    """Return the texts to read: circulated, open to corrections, of a sitting that this person attended.

    Somebody who sent a correction has read the text, so it leaves their list; the answer is up to the team.
    """
    stays = Attendance.objects.filter(invitee__person=user.person_id, voided_at=None).values("invitee__sitting")
    sent = Correction.objects.filter(minutes=OuterRef("pk"), author=user.person_id)
    came = Q(sitting__in=stays) | has_function(user)
    rows = Minutes.objects.filter(~Exists(sent), came, state=MinutesState.CIRCULATED, signed_at=None)
    return rows.filter(corrections_until__gte=timezone.now())


def written_by(user: Any, term: Term) -> QuerySet[Minutes]:
    """Return the open minutes of a writer, for the colleague who takes them over."""
    return Minutes.objects.filter(writer=user, sitting__term=term).exclude(state__in=MinutesState.tagged("published"))
