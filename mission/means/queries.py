"""Means of a sitting: its bookings, orders and trips, what it costs, what it sentences, the rooms that are free."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _, ngettext

from assembly.institution.models import Term
from assembly.speed.queries import for_screen
from assembly.text.french import format_date
from mission.contracts.models import Contract, ContractKind, ContractOrder, ContractState
from mission.registers.declaration import registers
from mission.registers.models import RegisterLink
from mission.rooms.models import Booking, Resource, ResourceKind, ResourceState
from mission.rooms.queries import capacity_label, held_bookings
from mission.trips.models import Trip, TripState
from sessions.expenses.queries import cost_of_sitting
from sessions.models import Invitee, Reply, Sitting


@dataclass(frozen=True)
class LinkedBooking:
    """Booking for a sitting. `covers`: it lasts from the beginning of the sitting to its end, at least."""

    booking: Booking
    covers: bool


def bookings_of(user: Any, sitting: Sitting) -> list[LinkedBooking]:
    """Return the active bookings that are linked to the sitting, or to the one that it follows, rooms first."""
    sittings = [sitting.pk, *([sitting.follows_id] if sitting.follows_id else [])]
    links = RegisterLink.objects.filter(register="bookings", sitting__in=sittings).values("row")
    rows = sorted(held_bookings(user).filter(pk__in=links).for_screen(), key=lambda row: kind_place(row.resource))
    return [LinkedBooking(row, row.starts_at <= sitting.starts_at and row.ends_at >= sitting.ends_at) for row in rows]


def kind_place(resource: Resource) -> int:
    """Return the place of a kind: rooms, equipment, vehicles."""
    return ResourceKind.values.index(resource.kind)


def orders_of(user: Any, sitting: Sitting) -> list[ContractOrder]:
    contracts = registers["contracts"].visible_to(user)
    rows = ContractOrder.objects.filter(sitting=sitting, row__in=contracts).select_related("row")
    return list(rows.order_by("ordered_on", "pk").for_screen())


def trips_of(user: Any, sitting: Sitting) -> list[Trip]:
    rows = registers["trips"].visible_to(user).filter(sitting=sitting).exclude(state=TripState.CANCELLED)
    return list(for_screen(rows.order_by("starts_at", "pk")))


def cost_of(sitting: Sitting) -> Decimal:
    """Return what the sitting costs so far, by the same sources as the indicators."""
    rows = Sitting.objects.filter(pk=sitting.pk).values_list(cost_of_sitting(timezone.localdate()), flat=True)
    return rows.get()


@dataclass(frozen=True)
class Expected:
    """How many people to plan for: who is convened and did not decline, who said yes, who wants a meal."""

    people: int
    coming: int
    meals: int


def expected_at(sitting: Sitting) -> Expected:
    rows = Invitee.objects.expected().filter(sitting=sitting)
    may_come = Q(reply__in=[Reply.WILL_ATTEND, Reply.MAYBE])
    counts = {
        "will": Q(reply=Reply.WILL_ATTEND),
        "meals": may_come & Q(wants_meal=True),
        "people": ~Q(reply=Reply.WILL_NOT),
    }
    row = rows.aggregate(**{name: Sum(1, filter=condition, default=0) for name, condition in counts.items()})
    return Expected(row["people"], row["will"], row["meals"])


def missing_means(
    sitting: Sitting, bookings: Sequence[LinkedBooking], orders: Sequence[ContractOrder], expected: Expected
) -> list[str]:
    """Return what an upcoming sitting lacks, in sentences: a room, meals."""
    if not sitting.is_upcoming:
        return []
    sentences = []
    rooms = [one.booking.resource for one in bookings if one.booking.resource.kind == ResourceKind.ROOM]
    places = sum(room.capacity or 0 for room in rooms)
    if sitting.place_name and not rooms:
        sentences.append(_("Aucune salle n’est réservée"))
    elif rooms and all(room.capacity for room in rooms) and places < expected.coming:
        seats = ngettext("%(n)s place", "%(n)s places", places) % {"n": places}
        people = ngettext("%(n)s personne vient", "%(n)s personnes viennent", expected.coming) % {"n": expected.coming}
        sentences.append(f"{seats}, {people}")
    ordered = sum(order.quantity or 0 for order in orders if order.row.kind == ContractKind.CATERING)
    if sitting.offers_meal and expected.meals > ordered:
        meals = ngettext("%(n)s repas commandé", "%(n)s repas commandés", ordered) % {"n": ordered}
        meals = meals if ordered else _("Aucun repas commandé")
        asked = ngettext("%(n)s demandé", "%(n)s demandés", expected.meals) % {"n": expected.meals}
        sentences.append(f"{meals}, {asked}")
    return sentences


@dataclass(frozen=True)
class OrderLink:
    """Contract under which something may be ordered for a sitting."""

    label: str
    url: str


def order_links(user: Any, sitting: Sitting, expected: Expected) -> list[OrderLink]:
    """Return the running contracts of the assembly, each with the address of a form that is filled in."""
    today, day = timezone.localdate(), timezone.localdate(sitting.starts_at)
    rows = (
        registers["contracts"]
        .visible_to(user)
        .filter(
            assembly=sitting.term.assembly_id, state=ContractState.RUNNING, starts_on__lte=today, ends_on__gte=today
        )
    )
    links = []
    for contract in for_screen(rows.order_by("kind", "name__alphabetical", "pk")):
        values = {"sitting": sitting.pk, "ordered_on": today.isoformat(), "delivery_on": day.isoformat()}
        values["title"] = order_title(contract, sitting)
        if contract.kind == ContractKind.CATERING:
            values["quantity"] = max(expected.meals, 1)
        page = reverse("mission:contracts-line-add", args=[contract.pk, "commandes"])
        links.append(
            OrderLink(f"{capfirst(contract.get_kind_display())} : {contract.name}", f"{page}?{urlencode(values)}")
        )
    return links


def order_title(contract: Contract, sitting: Sitting) -> str:
    what = _("Repas") if contract.kind == ContractKind.CATERING else capfirst(contract.get_kind_display())
    return _("%(what)s du %(day)s") % {"what": what, "day": format_date(sitting.starts_at, weekday=False)}


@dataclass(frozen=True)
class RoomOffer:
    """Something that may be booked: `holder` has it already at that time; `suits`: it has enough places."""

    resource: Resource
    holder: Booking | None
    suits: bool

    @property
    def label(self) -> str:
        return f"{self.resource.name}, {self.resource.place}, {capacity_label(self.resource)}"


def offers(user: Any, term: Term, starts_at: datetime, ends_at: datetime, people: int) -> list[RoomOffer]:
    """Return what may be booked between two moments: rooms that suit first, the smallest first; two statements."""
    active = held_bookings(user).filter(starts_at__lt=ends_at, ends_at__gt=starts_at)
    holders = {booking.resource_id: booking for booking in reversed(list(active.select_related("created_by__person")))}
    rows = registers["resources"].visible_to(user).filter(assembly=term.assembly_id, state=ResourceState.IN_SERVICE)
    rows_offered = [
        RoomOffer(row, holders.get(row.pk), row.kind != ResourceKind.ROOM or (row.capacity or 0) >= people)
        for row in for_screen(rows.order_by("name__alphabetical", "pk"))
    ]
    return sorted(
        rows_offered,
        key=lambda one: (
            one.holder is not None,
            kind_place(one.resource),
            not one.suits,
            one.resource.capacity or 0,
        ),
    )
