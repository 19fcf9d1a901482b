"""The path of a booking. The README of the mission carries the same table."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.dossiers import StepForm
from mission.registers.moves import Move
from mission.resources.enums import ResourceState
from mission.resources.models import Resource
from mission.resources.register import RESOURCES
from mission.rooms.actions import move_booking
from mission.rooms.enums import HOLDING, BookingState
from mission.rooms.models import Booking

S = BookingState


class MoveForm(StepForm):
    """Another moment, another room, or both."""

    resource = forms.ModelChoiceField(label=_("Salle ou matériel"), queryset=Resource.objects.none())
    starts_at = forms.DateTimeField(label=_("Début"))
    ends_at = forms.DateTimeField(label=_("Fin"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Resource.objects.filter(assembly=self.row.assembly_id, state=ResourceState.IN_SERVICE)
        self.fields["resource"].queryset = offered.order_by("name__alphabetical", "pk")  # type: ignore[attr-defined]  # -- a model choice
        for name in self.fields:
            self.initial.setdefault(name, getattr(self.row, name))


def told_today(booking: Booking, taken: Any) -> dict[str, Any]:
    """Who confirms has spoken with the keeper."""
    return {"keeper_told_on": booking.keeper_told_on or timezone.localdate()}


MOVES = [
    Move(
        slug="prevenir",
        verb="tell_keeper",
        participle="keeper_told",
        sources={S.TO_CONFIRM},
        target=None,
        label=_("Gardien prévenu"),
        question=_("Le gardien est-il prévenu ?"),
        done=_("C’est noté : il reste à confirmer."),
        says=_("a prévenu le gardien"),
        when=lambda row: row.keeper_told_on is None,
        changes=told_today,
    ),
    Move(
        slug="confirmer",
        verb="confirm",
        sources={S.TO_CONFIRM},
        target=S.CONFIRMED,
        label=_("Confirmer"),
        question=_("Le gardien confirme-t-il ?"),
        done=_("La réservation est confirmée."),
        says=_("a confirmé la réservation"),
        changes=told_today,
        primary=True,
    ),
    Move(
        slug="deplacer",
        verb="move",
        sources=set(HOLDING),
        target=S.TO_CONFIRM,
        label=_("Déplacer"),
        question=_("Où et quand ?"),
        done=_("La réservation est déplacée : prévenez le gardien."),
        says=_("a déplacé la réservation"),
        form=MoveForm,
        run=lambda row, user, data: move_booking(row, by=user, **data),
        lines=lambda row: [_("Elle est de nouveau à confirmer.")],
    ),
    Move(
        slug="annuler",
        verb="cancel",
        participle="cancelled",
        sources=set(HOLDING),
        target=S.CANCELLED,
        label=_("Annuler"),
        question=_("Annuler cette réservation ?"),
        done=_("La réservation est annulée : la place est libre."),
        says=_("a annulé la réservation"),
        reason=True,
        danger=True,
    ),
]


def nothing_ahead(resource: Resource) -> None:
    if resource.bookings.filter(state__in=HOLDING, ends_at__gt=timezone.now()).exists():
        raise ValidationError(gettext("Des réservations sont à venir : déplacez-les d’abord."), code="bookings")


RESOURCES.workflow.guard("withdraw", nothing_ahead)
