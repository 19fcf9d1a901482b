"""Answers of the invitees, and what to arrange for the day."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from members.enums import NeedKind
from members.models import AccommodationNeed
from sessions.enums import Reply
from sessions.models import Invitee, Sitting
from sessions.sittings.models import InviteeQuerySet


@dataclass(frozen=True)
class Logistics:
    """What to order and to arrange: numbers first, then the persons behind each number."""

    meals: int
    diets: list[tuple[str, int]]
    children: list[Invitee]
    children_count: int
    transport: list[Invitee]
    needs: list[Invitee]
    standing: list[tuple[Any, str, list[str]]] = field(default_factory=list)
    coming: int = 0
    unsure: int = 0


def expected_answers(sitting: Sitting) -> InviteeQuerySet:
    """Return the people expected, by name."""
    return (
        Invitee.objects.expected()
        .filter(sitting=sitting)
        .select_related("person", "reply_recorded_by__person")
        .order_by("person__sort_name", "pk")
    )


def filter_answers(rows: InviteeQuerySet, data: dict[str, Any]) -> InviteeQuerySet:
    """Filter the rows of the answers board."""
    if query := data.get("q"):
        for word in query.split():
            rows = rows.filter(
                Q(person__first_name__unaccent__icontains=word) | Q(person__last_name__unaccent__icontains=word)
            )
    if reply := data.get("reply"):
        rows = rows.filter(reply=reply)
    match data.get("who"):
        case "members":
            rows = rows.filter(is_member=True)
        case "guests":
            rows = rows.filter(is_member=False)
        case "needs":
            rows = rows.filter(Q(wants_meal=True) | Q(children__gt=0) | ~Q(diet="") | ~Q(transport="") | ~Q(needs=""))
    return rows


def logistics(sitting: Sitting) -> Logistics:
    """Count over those who come or do not know yet: a meal too many is better than one too few."""
    rows = list(expected_answers(sitting).filter(reply__in=[Reply.WILL_ATTEND, Reply.MAYBE]))
    eating = [row for row in rows if row.wants_meal]
    diets = Counter(row.diet.strip().lower() for row in eating if row.diet.strip())
    return Logistics(
        meals=len(eating),
        diets=diets.most_common(),
        children=[row for row in rows if row.children],
        children_count=sum(row.children for row in rows),
        transport=[row for row in rows if row.transport],
        needs=[row for row in rows if row.needs],
        standing=standing_needs(sitting, rows),
        coming=sum(row.reply == Reply.WILL_ATTEND for row in rows),
        unsure=sum(row.reply == Reply.MAYBE for row in rows),
    )


def standing_needs(sitting: Sitting, rows: Iterable[Invitee]) -> list[tuple[Any, str, list[str]]]:
    """Return the measures recorded in the members' files, for those who come: label, measure, names."""
    day = timezone.localdate(sitting.starts_at)
    names = {row.person_id: row.person.full_name for row in rows}
    people_by_need: dict[tuple[Any, str], list[str]] = {}
    needs = (
        AccommodationNeed.objects.filter(member__person__in=names, starts_on__lte=day)
        .filter(Q(ends_on=None) | Q(ends_on__gte=day))
        .order_by("kind", "measure__alphabetical", "member__person__sort_name")
        .values_list("kind", "measure", "member__person")
    )
    for kind, measure, person in needs:
        people_by_need.setdefault((NeedKind(kind).label, measure), []).append(names[person])
    return [(label, measure, people) for (label, measure), people in people_by_need.items()]
