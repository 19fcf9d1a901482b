"""Workflow of a booking. The README of the mission has the same table."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.workflow import Step, StepForm, make_guard
from mission.registers.rules import TEAM
from mission.resources.enums import ResourceState
from mission.resources.models import Resource
from mission.resources.register import RESOURCES
from mission.rooms.actions import move_booking
from mission.rooms.enums import BookingState as S
from mission.rooms.models import Booking


class MoveForm(StepForm):
    """Form of another moment, another room, or both."""

    prefilled = ("resource", "starts_at", "ends_at")
    resource = forms.ModelChoiceField(label=_("Salle ou matériel"), queryset=Resource.objects.none())
    starts_at = forms.DateTimeField(label=_("Début"))
    ends_at = forms.DateTimeField(label=_("Fin"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Resource.objects.filter(assembly=self.row.assembly_id, state=ResourceState.IN_SERVICE)
        self.fields["resource"].queryset = offered.order_by("name__alphabetical", "pk")  # type: ignore[attr-defined]  # -- a ModelChoiceField


def is_keeper_uninformed(booking: Booking) -> bool:
    return booking.keeper_informed_on is None


def columns_of_notice(booking: Booking, taken: Any) -> dict[str, Any]:
    """Return the day on which the keeper was informed, by default today: who confirms has spoken with them."""
    return {"keeper_informed_on": booking.keeper_informed_on or timezone.localdate()}


STEPS = [
    Step(
        "inform_keeper",
        {S.TO_CONFIRM},
        None,
        TEAM,
        event_type="keeper_informed",
        history_text=_("a prévenu le gardien"),
        when=is_keeper_uninformed,
        changes=columns_of_notice,
        slug="prevenir",
        label=_("Gardien prévenu"),
        question=_("Le gardien est-il prévenu ?"),
        success_message=_("C’est noté : il reste à confirmer."),
    ),
    Step(
        "confirm",
        {S.TO_CONFIRM},
        S.CONFIRMED,
        TEAM,
        history_text=_("a confirmé la réservation"),
        changes=columns_of_notice,
        slug="confirmer",
        label=_("Confirmer"),
        question=_("Le gardien confirme-t-il ?"),
    ),
    Step(
        "move",
        {*S.tagged("active")},
        S.TO_CONFIRM,
        TEAM,
        history_text=_("a déplacé la réservation"),
        slug="deplacer",
        label=_("Déplacer"),
        question=_("Où et quand ?"),
        success_message=_("La réservation est déplacée : prévenez le gardien."),
        form=MoveForm,
        action=move_booking,
        consequences=[_("Elle est de nouveau à confirmer.")],
    ),
    Step(
        "cancel",
        {*S.tagged("active")},
        S.CANCELLED,
        TEAM,
        event_type="cancelled",
        history_text=_("a annulé la réservation"),
        needs_reason=True,
        slug="annuler",
        label=_("Annuler"),
        danger=True,
        consequences=[
            _("Le créneau est rendu aux autres. Personne ne reçoit de courriel\u00a0: prévenez le gardien.")
        ],
    ),
]


NOTHING_AHEAD = make_guard(
    lambda resource: not resource.bookings.filter(state__in=S.tagged("active"), ends_at__gt=timezone.now()).exists(),
    _("Des réservations sont à venir : déplacez-les d’abord."),
    "bookings",
)
RESOURCES.workflow.add_guard("withdraw", NOTHING_AHEAD)
