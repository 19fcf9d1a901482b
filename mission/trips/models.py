"""Trips and who goes: a constraint prevents one person from two trips at once."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assembly.identity.personal_data import ModelPrivacy, retained
from assembly.institution.models import Canton
from assembly.workflow import State, States
from consultations.models import Referral
from mission.people.models import TeamPost
from mission.registers.models import (
    IN_THIS_CENTURY,
    MOMENTS,
    PeriodMixin,
    RegisterLine,
    RegisterRow,
    check,
    key_to,
    no_overlap,
    optional_key,
    row_constraints,
    row_indexes,
    rules_of,
    state_field,
    unique,
)
from mission.rooms.models import Booking
from sessions.models import Sitting


class TripState(States):
    """States of a trip. `planned`: nobody who goes may be on another trip at that time."""

    DRAFT = "draft", State("todo", tags={"planned"}), _("à ordonner")
    ORDERED = "ordered", State("in_progress", tags={"planned", "signed"}), _("ordre signé")
    DONE = "done", State("done", tags={"signed"}), _("fait")
    CANCELLED = "cancelled", State("closed"), _("annulé")


class Means(models.TextChoices):
    TRAIN = "train", _("train")
    SERVICE_CAR = "service_car", _("véhicule de service")
    OWN_CAR = "own_car", _("véhicule personnel")
    TRANSIT = "transit", _("transports en commun")
    OTHER = "other", _("autre")


S = TripState


class Trip(PeriodMixin, RegisterRow):
    """Trip, with one order of mission for all who go. `booking`: of the vehicle, where one is booked."""

    who: list[str]  # `mission.trips.queries.with_travellers` annotates it
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
        constraints = row_constraints(
            "trip",
            S,
            comes_back_after=check(Q(ends_at__gt=F("starts_at")), _("Le retour vient après le départ."), "ends_at"),
            in_this_century=IN_THIS_CENTURY,
            booking_of_service_car=check(
                Q(booking=None) | Q(means=Means.SERVICE_CAR),
                _("Une réservation va avec un véhicule de service."),
                "booking",
            ),
            signed_has_day=check(
                Q(state__in=S.tagged("signed"), ordered_on__isnull=False)
                | Q(state=S.DRAFT, ordered_on=None)
                | Q(state=S.CANCELLED),
            ),
        )


class TripTraveller(RegisterLine):
    """Somebody of the team who goes: nobody is on two trips at once.

    The moments and the state are those of the trip, copied by a trigger; a foreign key ensures that they stay equal
    (`triggers.sql`, `keys.sql`).
    """

    row = key_to(Trip, related_name="travellers")
    post = key_to(TeamPost, _("personne"), "trips")
    starts_at = models.DateTimeField(editable=False)
    ends_at = models.DateTimeField(editable=False)
    state = models.CharField(max_length=16, editable=False)

    privacy = ModelPrivacy(
        _("Vos déplacements pour la mission"),
        owner="post__holder__person",
        default=retained(_("ordre de mission, jusqu’à deux ans après le retour")),
        internal=["starts_at", "ends_at", "state"],
    )

    class Meta:
        verbose_name = _("personne en déplacement")
        constraints = rules_of(
            "trip_traveller",
            once=unique(["row", "post"], _("Cette personne est déjà du déplacement."), "post"),
            one_trip_at_a_time=no_overlap(
                "post",
                MOMENTS,
                _("Cette personne est déjà en déplacement à ce moment."),
                "post",
                condition=Q(state__in=S.tagged("planned")),
            ),
        )

    def __str__(self) -> str:
        return self.post.who
