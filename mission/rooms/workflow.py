"""Workflow of a booking. The README of the mission has the same table."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepForm
from assembly.workflow import make_guard
from mission.registers.steps import RegisterStep
from mission.resources.enums import ResourceState
from mission.resources.models import Resource
from mission.resources.register import RESOURCES
from mission.rooms.actions import move_booking
from mission.rooms.enums import HOLDING
from mission.rooms.enums import BookingState as S
from mission.rooms.models import Booking


class MoveForm(StepForm):
    """Form of another moment, another room, or both."""

    resource = forms.ModelChoiceField(label=_("Salle ou matériel"), queryset=Resource.objects.none())
    starts_at = forms.DateTimeField(label=_("Début"))
    ends_at = forms.DateTimeField(label=_("Fin"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Resource.objects.filter(assembly=self.row.assembly_id, state=ResourceState.IN_SERVICE)
        self.fields["resource"].queryset = offered.order_by("name__alphabetical", "pk")  # type: ignore[attr-defined]  # -- a ModelChoiceField
        for name in self.fields:
            self.initial.setdefault(name, getattr(self.row, name))


def is_keeper_uninformed(booking: Booking) -> bool:
    return booking.keeper_informed_on is None


def columns_of_notice(booking: Booking, taken: Any) -> dict[str, Any]:
    """Return the day on which the keeper was informed, by default today: who confirms has spoken with them."""
    return {"keeper_informed_on": booking.keeper_informed_on or timezone.localdate()}


STEPS = [
    RegisterStep(
        "inform_keeper",
        {S.TO_CONFIRM},
        None,
        participle="keeper_informed",
        when=is_keeper_uninformed,
        changes=columns_of_notice,
    ).page(
        "prevenir",
        _("Gardien prévenu"),
        _("a prévenu le gardien"),
        _("Le gardien est-il prévenu ?"),
        _("C’est noté : il reste à confirmer."),
    ),
    RegisterStep("confirm", {S.TO_CONFIRM}, S.CONFIRMED, changes=columns_of_notice).page(
        "confirmer", _("Confirmer"), _("a confirmé la réservation"), _("Le gardien confirme-t-il ?")
    ),
    RegisterStep("move", set(HOLDING), S.TO_CONFIRM).page(
        "deplacer",
        _("Déplacer"),
        _("a déplacé la réservation"),
        _("Où et quand ?"),
        _("La réservation est déplacée : prévenez le gardien."),
        form=MoveForm,
        action=lambda row, user, data: move_booking(row, by=user, **data),
        consequences=lambda row: [_("Elle est de nouveau à confirmer.")],
    ),
    RegisterStep("cancel", set(HOLDING), S.CANCELLED, participle="cancelled", needs_reason=True).page(
        "annuler",
        _("Annuler"),
        _("a annulé la réservation"),
        danger=True,
        consequences=lambda row: [
            gettext("Le créneau est rendu aux autres. Personne ne reçoit de courriel\u00a0: prévenez le gardien.")
        ],
    ),
]


NOTHING_AHEAD = make_guard(
    lambda resource: not resource.bookings.filter(state__in=HOLDING, ends_at__gt=timezone.now()).exists(),
    _("Des réservations sont à venir : déplacez-les d’abord."),
    "bookings",
)
RESOURCES.workflow.add_guard("withdraw", NOTHING_AHEAD)
