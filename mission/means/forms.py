"""Form of a booking for a sitting: what to book, from when to when."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy as _

from assembly.web.forms import StyledForm
from mission.means.queries import RoomOffer
from mission.rooms.models import Resource


class OfferChoice(forms.ModelMultipleChoiceField):
    """Choice among what is free, with the number of places."""

    offers: dict[int, RoomOffer]

    def label_from_instance(self, obj: Any) -> str:
        offer = self.offers[obj.pk]
        if offer.holder:
            who = (offer.holder.owner or offer.holder.created_by).get_full_name()
            text = gettext("%(resource)s : pris par %(who)s pour « %(name)s », %(hours)s")
            return text % {
                "resource": offer.label,
                "who": who,
                "name": offer.holder.name,
                "hours": offer.holder.hours_label,
            }
        return offer.label if offer.suits else gettext("%(resource)s, trop petite") % {"resource": offer.label}


class BookingForm(StyledForm):
    """Form for rooms and equipment; what is taken is named with its holder and refused when it is saved."""

    resources = OfferChoice(
        label=_("Salle et matériel"),
        queryset=Resource.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choisissez une salle ou du matériel.")},
    )
    starts_at = forms.DateTimeField(label=_("Début"))
    ends_at = forms.DateTimeField(label=_("Fin"))

    def __init__(self, *args: Any, offers: Sequence[RoomOffer], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["resources"]
        choices.offers = {offer.resource.pk: offer for offer in offers}
        choices.queryset = Resource.objects.filter(pk__in=choices.offers)
        choices.choices = [(offer.resource.pk, choices.label_from_instance(offer.resource)) for offer in offers]
