"""Queries of minutes: those of a sitting, those that need an action, who may correct them."""

from typing import Any

from django.db.models import Count, Q, QuerySet

from assembly.identity.models import Person
from members.queries import active_mandates
from sessions.enums import CorrectionState, MinutesState, MinutesVisaCapacity, SittingKind
from sessions.minutes.models import MinutesQuerySet
from sessions.models import Attendance, Correction, Invitee, Minutes, Sitting, Visa


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
