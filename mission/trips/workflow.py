"""Workflow of a trip. The README of the mission has the same table."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.workflow import make_guard
from mission.registers.steps import RegisterStep
from mission.trips.enums import TripState as S

HAS_TRAVELLERS = make_guard(
    lambda trip: trip.travellers.exists(), _("Ajoutez d’abord les personnes qui partent."), "travellers"
)
HAS_LEFT = make_guard(lambda trip: trip.starts_at <= timezone.now(), _("Ce déplacement n’a pas commencé."), "early")
STEPS = [
    RegisterStep("order", {S.DRAFT}, S.ORDERED, guards=(HAS_TRAVELLERS,), when_column="ordered_on").page(
        "ordonner",
        _("Noter l’ordre signé"),
        _("a noté l’ordre de mission signé"),
        _("L’ordre de mission est-il signé ?"),
        _("L’ordre de mission est noté comme signé."),
    ),
    RegisterStep(
        "revise", {S.ORDERED}, S.DRAFT, needs_reason=True, changes=lambda row, taken: {"ordered_on": None}
    ).page(
        "reprendre",
        _("Reprendre l’ordre"),
        _("a repris l’ordre de mission"),
        _("Changer ce déplacement ?"),
        _("Le déplacement peut changer : l’ordre est de nouveau à signer."),
    ),
    RegisterStep("finish", {S.ORDERED}, S.DONE, guards=(HAS_LEFT,)).page(
        "fait",
        _("Noter le retour"),
        _("a noté le déplacement comme fait"),
        _("Ce déplacement a-t-il eu lieu ?"),
        _("Le déplacement est noté comme fait."),
    ),
    RegisterStep("cancel", {S.DRAFT, S.ORDERED}, S.CANCELLED, participle="cancelled", needs_reason=True).page(
        "annuler",
        _("Annuler"),
        _("a annulé le déplacement"),
        danger=True,
        consequences=lambda row: [_("La réservation du véhicule reste : annulez-la aussi.")] if row.booking_id else [],
    ),
]
