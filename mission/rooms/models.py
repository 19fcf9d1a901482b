"""Rooms, equipment and vehicles, and their bookings: a constraint prevents two active ones from overlapping."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext, gettext_lazy as _

from assembly.workflow import State, States, share
from mission.registers.models import (
    IN_THIS_CENTURY,
    MOMENTS,
    PeriodMixin,
    RegisterRow,
    check,
    filled_in,
    key_to,
    no_overlap,
    row_constraints,
    row_indexes,
    state_field,
)


class ResourceKind(models.TextChoices):
    ROOM = "room", _("salle")
    EQUIPMENT = "equipment", _("matériel")
    VEHICLE = "vehicle", _("véhicule")


class ResourceState(States):
    IN_SERVICE = "in_service", State("done"), _("en service")
    WITHDRAWN = "withdrawn", State("closed"), _("hors service")


class BookingState(States):
    TO_CONFIRM = "to_confirm", State("waiting", tags={"active"}), _("à confirmer")
    CONFIRMED = "confirmed", State("done", tags={"active"}), _("confirmée")
    CANCELLED = "cancelled", State("closed"), _("annulée")


class Resource(RegisterRow):
    """Room, piece of equipment or vehicle that may be booked while it is in service."""

    state = state_field(ResourceState, ResourceState.IN_SERVICE)
    kind = models.CharField(_("type"), max_length=12, choices=ResourceKind)
    place = models.CharField(_("lieu"), max_length=120)
    capacity = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    is_accessible = models.BooleanField(_("accessible en fauteuil"), default=False)
    keeper = models.CharField(_("gardien ou accueil"), max_length=160, blank=True)

    class Meta:
        verbose_name = _("salle ou matériel")
        indexes = row_indexes("resource")
        constraints = row_constraints("resource", ResourceState)

    def __str__(self) -> str:
        return f"{self.name}, {self.place}"


S = BookingState


class Booking(PeriodMixin, RegisterRow):
    """Resource booked from one moment to another, the second excluded: the next booking may begin then."""

    state = state_field(S, S.TO_CONFIRM)
    name = models.CharField(_("objet"), max_length=160)
    resource = key_to(Resource, _("salle ou matériel"), "bookings")
    starts_at = models.DateTimeField(_("début"))
    ends_at = models.DateTimeField(_("fin"))
    keeper_informed_on = models.DateField(_("gardien prévenu le"), null=True, editable=False)

    class Meta:
        verbose_name = _("réservation")
        indexes = [*row_indexes("booking"), models.Index(fields=["assembly", "starts_at"], name="booking_by_moment")]
        constraints = row_constraints(
            "booking",
            S,
            ends_after_start=check(Q(ends_at__gt=F("starts_at")), _("La fin vient après le début."), "ends_at"),
            in_this_century=IN_THIS_CENTURY,
            confirmed_keeper_informed=filled_in(
                S.CONFIRMED, "keeper_informed_on", _("Une réservation confirmée dit quand le gardien a été prévenu.")
            ),
            no_overlap=no_overlap(
                "resource", MOMENTS, _("C’est déjà réservé à ce moment."), condition=Q(state__in=S.tagged("active"))
            ),
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        with name_holder_on_overlap(self):
            if self._state.adding and self.state in S.tagged("active"):
                lock_in_service(self.resource_id)
            super().save(*args, **kwargs)

    def validate_constraints(self, exclude: Any = None) -> None:
        """Raise an error with who booked it and when, which the constraint alone cannot name."""
        if self.resource_id and self.starts_at and self.ends_at:
            if self.ends_at <= self.starts_at:  # not a range: the database could not compare it
                raise ValidationError({"ends_at": gettext("La fin vient après le début.")})
            if holder := self.holder():
                raise ValidationError(taken_message(holder), code="taken")
        super().validate_constraints(exclude)

    def holder(self) -> "Booking | None":
        """Return the first other active booking of the resource that overlaps this one."""
        others = Booking.objects.filter(resource=self.resource_id, state__in=S.tagged("active")).exclude(pk=self.pk)
        overlapping = others.filter(starts_at__lt=self.ends_at, ends_at__gt=self.starts_at)
        rows = overlapping.select_related("resource", "owner__person", "created_by__person").order_by("starts_at")
        return rows.first() if self.state in S.tagged("active") else None


def taken_message(holder: Booking) -> str:
    """Return the error message for whoever books second."""
    who = holder.owner or holder.created_by
    text = gettext("Déjà réservé : %(resource)s, %(span)s, par %(who)s pour « %(name)s » (%(reference)s).")
    return text % {
        "resource": holder.resource.name,
        "span": holder.span_label,
        "who": who.get_full_name(),
        "name": holder.name,
        "reference": holder.reference,
    }


def lock_in_service(resource: int) -> None:
    """Share-lock the resource until this transaction ends; raise ValidationError if it is out of service.

    Of one who books and one who withdraws at once, the second blocks and is refused (docs/locks.md).
    """
    if share(Resource.objects.filter(pk=resource, state=ResourceState.IN_SERVICE)) is None:
        raise ValidationError(gettext("Cette salle ou ce matériel est hors service."), code="resource")


@contextmanager
def name_holder_on_overlap(booking: Booking) -> Iterator[None]:
    """Give the second of two simultaneous saves the error message of the form, not that of the constraint."""
    try:
        with transaction.atomic():
            yield
    except (IntegrityError, ValidationError):
        booking.validate_constraints(exclude=["state"])
        raise
