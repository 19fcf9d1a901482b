"""Workflow of a trip. The README of the mission has the same table."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.workflow import Step, make_guard
from mission.registers.rules import TEAM
from mission.trips.models import TripState as S

HAS_TRAVELLERS = make_guard(
    lambda trip: trip.travellers.exists(), _("Ajoutez d’abord les personnes qui partent."), "travellers"
)
HAS_LEFT = make_guard(lambda trip: trip.starts_at <= timezone.now(), _("Ce déplacement n’a pas commencé."), "early")
STEPS = [
    Step(
        "order",
        {S.DRAFT},
        S.ORDERED,
        TEAM,
        history_text=_("a noté l’ordre de mission signé"),
        guards=(HAS_TRAVELLERS,),
        when_column="ordered_on",
        slug="ordonner",
        label=_("Noter l’ordre signé"),
        question=_("L’ordre de mission est-il signé ?"),
        success_message=_("L’ordre de mission est noté comme signé."),
    ),
    Step(
        "revise",
        {S.ORDERED},
        S.DRAFT,
        TEAM,
        history_text=_("a repris l’ordre de mission"),
        needs_reason=True,
        changes=lambda row, taken: {"ordered_on": None},
        slug="reprendre",
        label=_("Reprendre l’ordre"),
        question=_("Changer ce déplacement ?"),
        success_message=_("Le déplacement peut changer : l’ordre est de nouveau à signer."),
    ),
    Step(
        "finish",
        {S.ORDERED},
        S.DONE,
        TEAM,
        history_text=_("a noté le déplacement comme fait"),
        guards=(HAS_LEFT,),
        slug="fait",
        label=_("Noter le retour"),
        question=_("Ce déplacement a-t-il eu lieu ?"),
        success_message=_("Le déplacement est noté comme fait."),
    ),
    Step(
        "cancel",
        {*S.tagged("planned")},
        S.CANCELLED,
        TEAM,
        event_type="cancelled",
        history_text=_("a annulé le déplacement"),
        needs_reason=True,
        slug="annuler",
        label=_("Annuler"),
        danger=True,
        consequences=lambda row: [_("La réservation du véhicule reste : annulez-la aussi.")] if row.booking_id else [],
    ),
]
