"""Trips of the team: where, when, how, and who goes."""

from datetime import UTC, datetime
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import Canton
from consultations.models import Referral
from mission.people.models import TeamPost
from mission.registers.models import RegisterLine, RegisterRow, row_constraints, row_indexes, state_field
from mission.rooms.models import Booking
from mission.rooms.moments import BetweenMoments
from mission.trips.enums import SIGNED, Means, TripState
from sessions.models import Sitting

S = TripState


def optional_key(model: Any, label: Any) -> Any:
    return models.ForeignKey(
        model, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class Trip(BetweenMoments, RegisterRow):
    """One order of mission for all who go. `booking`: of the vehicle, where one is kept."""

    SHAPES = {S.DRAFT: "todo", S.ORDERED: "doing", S.DONE: "done", S.CANCELLED: "shut"}

    who: list[str]  # `mission.trips.queries.with_travellers`
    state = state_field(S, S.DRAFT)
    name = models.CharField(_("objet"), max_length=160)
    place = models.CharField(_("destination"), max_length=160)
    starts_at = models.DateTimeField(_("départ"))
    ends_at = models.DateTimeField(_("retour"))
    means = models.CharField(_("moyen de transport"), max_length=12, choices=Means)
    booking = optional_key(Booking, _("réservation du véhicule"))
    sitting = optional_key(Sitting, _("séance"))
    referral = optional_key(Referral, _("saisine"))
    canton = optional_key(Canton, _("canton"))
    ordered_on = models.DateField(_("ordre signé le"), null=True, editable=False)

    class Meta:
        verbose_name = _("déplacement")
        indexes = [*row_indexes("trip"), models.Index(fields=["assembly", "starts_at"], name="trip_by_moment")]
        constraints = [
            *row_constraints("trip", S),
            models.CheckConstraint(
                name="trip_comes_back_after",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("Le retour vient après le départ."),
                violation_error_code="ends_at",
            ),
            models.CheckConstraint(
                name="trip_in_this_century",
                condition=Q(
                    starts_at__gte=datetime(2000, 1, 1, tzinfo=UTC), ends_at__lt=datetime(2100, 1, 1, tzinfo=UTC)
                ),
                violation_error_message=_("Écrivez une année entre 2000 et 2099."),
            ),
            models.CheckConstraint(
                name="trip_booking_of_service_car",
                condition=Q(booking=None) | Q(means=Means.SERVICE_CAR),
                violation_error_message=_("Une réservation va avec un véhicule de service."),
                violation_error_code="booking",
            ),
            models.CheckConstraint(
                name="trip_signed_has_day",
                condition=Q(state__in=SIGNED, ordered_on__isnull=False)
                | Q(state=S.DRAFT, ordered_on=None)
                | Q(state=S.CANCELLED),
            ),
        ]


class TripTraveller(RegisterLine):
    """Somebody of the team who goes."""

    row = models.ForeignKey(Trip, on_delete=models.PROTECT, related_name="travellers")
    post = models.ForeignKey(TeamPost, on_delete=models.PROTECT, related_name="trips", verbose_name=_("personne"))

    class Meta:
        verbose_name = _("personne en déplacement")
        constraints = [
            models.UniqueConstraint(
                fields=["row", "post"],
                name="trip_traveller_once",
                violation_error_message=_("Cette personne est déjà du déplacement."),
                violation_error_code="post",
            )
        ]

    def __str__(self) -> str:
        return self.post.who
