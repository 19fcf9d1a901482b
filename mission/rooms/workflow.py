"""Workflows of a resource and of a booking, and its move. The README of the mission has the same tables."""

from copy import copy
from datetime import datetime
from typing import Any

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.identity.models import User
from assembly.workflow import Step, StepForm
from mission.registers.declaration import registers
from mission.registers.rules import TEAM
from mission.rooms.models import (
    Booking,
    BookingState as S,
    Resource,
    ResourceState,
    lock_in_service,
    name_holder_on_overlap,
)

RESOURCE_STEPS = [
    Step(
        "withdraw",
        {ResourceState.IN_SERVICE},
        ResourceState.WITHDRAWN,
        TEAM,
        event_type="withdrawn",
        history_text=_("a mis hors service"),
        needs_reason=True,
        slug="hors-service",
        label=_("Mettre hors service"),
        question=_("Ne plus proposer à la réservation ?"),
        success_message=_("Ce n’est plus proposé."),
    ),
    Step(
        "restore",
        {ResourceState.WITHDRAWN},
        ResourceState.IN_SERVICE,
        TEAM,
        history_text=_("a remis en service"),
        primary=True,
        slug="en-service",
        label=_("Remettre en service"),
        question=_("Proposer de nouveau à la réservation ?"),
        success_message=_("C’est de nouveau proposé."),
    ),
]


def move_booking(row: Booking, *, resource: Resource, starts_at: datetime, ends_at: datetime, by: User) -> Booking:
    """Book another resource or moment instead; the keeper must be informed again.

    Raises ValidationError if it is already booked: nothing is written then.
    """
    workflow = registers["bookings"].workflow
    columns: dict[str, Any] = {"resource": resource, "starts_at": starts_at, "ends_at": ends_at}
    moved = copy(row)
    for name, value in columns.items():
        setattr(moved, name, value)
    with name_holder_on_overlap(moved), transaction.atomic():
        lock_in_service(resource.pk)
        step = workflow.require(row, "move", by=by)
        moved.validate_constraints(exclude=["state"])
        facts = {"before": row.span_label, "resource": row.resource.reference}
        workflow.take(row, step, by=by, facts=facts, keeper_informed_on=None, **columns)
    return row


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


def columns_of_notice(booking: Booking, taken: Any) -> dict[str, Any]:
    """Return the day on which the keeper was informed, by default today: who confirms has spoken with them."""
    return {"keeper_informed_on": booking.keeper_informed_on or timezone.localdate()}


BOOKING_STEPS = [
    Step(
        "inform_keeper",
        {S.TO_CONFIRM},
        None,
        TEAM,
        event_type="keeper_informed",
        history_text=_("a prévenu le gardien"),
        when=lambda booking: booking.keeper_informed_on is None,
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
