"""The path of a trip, and who goes while the order is not signed. The README of the mission carries the same table."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import User
from assembly.workflow import share
from mission.registers.moves import Move
from mission.trips.enums import TripState as S
from mission.trips.models import Trip, TripTraveller


def has_travellers(trip: Trip) -> None:
    if not trip.travellers.exists():
        raise ValidationError(gettext("Ajoutez d’abord qui part."), code="travellers")


def has_left(trip: Trip) -> None:
    if trip.starts_at > timezone.now():
        raise ValidationError(gettext("Ce déplacement n’a pas commencé."), code="early")


def is_draft(line: TripTraveller) -> bool:
    """Until the transaction ends: signing the order waits for it."""
    return share(Trip.objects.filter(pk=line.row_id, state=S.DRAFT)) is not None


def write_traveller(line: TripTraveller, data: dict[str, Any], by: User) -> dict[str, Any]:
    """Whom a signed order names does not change behind it."""
    if not is_draft(line):
        raise ValidationError(gettext("L’ordre est signé : reprenez-le pour changer qui part."))
    return data


def remove_traveller(line: TripTraveller, by: User) -> None:
    if not is_draft(line):
        raise ProtectedError("Ordered.", {line})


MOVES = [
    Move(
        slug="ordonner",
        verb="order",
        sources={S.DRAFT},
        target=S.ORDERED,
        label=_("Noter l’ordre signé"),
        question=_("L’ordre de mission est-il signé ?"),
        done=_("L’ordre de mission est noté comme signé."),
        says=_("a noté l’ordre de mission signé"),
        guards=(has_travellers,),
        changes=lambda row, taken: {"ordered_on": timezone.localdate()},
        primary=True,
    ),
    Move(
        slug="reprendre",
        verb="revise",
        sources={S.ORDERED},
        target=S.DRAFT,
        label=_("Reprendre l’ordre"),
        question=_("Changer ce déplacement ?"),
        done=_("Le déplacement peut changer : l’ordre est de nouveau à signer."),
        says=_("a repris l’ordre de mission"),
        reason=True,
        changes=lambda row, taken: {"ordered_on": None},
    ),
    Move(
        slug="fait",
        verb="finish",
        sources={S.ORDERED},
        target=S.DONE,
        label=_("Noter le retour"),
        question=_("Ce déplacement a-t-il eu lieu ?"),
        done=_("Le déplacement est noté comme fait."),
        says=_("a noté le déplacement comme fait"),
        guards=(has_left,),
        primary=True,
    ),
    Move(
        slug="annuler",
        verb="cancel",
        participle="cancelled",
        sources={S.DRAFT, S.ORDERED},
        target=S.CANCELLED,
        label=_("Annuler"),
        question=_("Annuler ce déplacement ?"),
        done=_("Le déplacement est annulé."),
        says=_("a annulé le déplacement"),
        reason=True,
        danger=True,
        lines=lambda row: [_("La réservation du véhicule reste : annulez-la aussi.")] if row.booking_id else [],
    ),
]
