"""Order of mission, to be signed: one page, rendered at once. Equal facts give equal bytes."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.documents.pages import page_source
from assembly.documents.pdf.render import render
from assembly.documents.responses import bytes_response
from assembly.identity.http import UserRequest
from assembly.text.french import format_moment
from mission.registers.pages import row_of
from mission.trips.models import Trip, TripState
from mission.trips.register import TRIPS


def facts_of(trip: Trip) -> list[tuple[str, Any]]:
    """Return what the authority orders, without what is unknown."""
    vehicle = f"{trip.booking.resource.name} ({trip.booking.reference})" if trip.booking else ""
    rows = [
        (_("Objet"), trip.name),
        (_("Destination"), trip.place),
        (_("Départ"), format_moment(trip.starts_at)),
        (_("Retour"), format_moment(trip.ends_at)),
        (_("Moyen de transport"), trip.get_means_display()),
        (_("Véhicule"), vehicle),
        (_("Séance"), trip.sitting),
        (_("Saisine"), trip.referral and f"{trip.referral.reference} {trip.referral.title}".strip()),
        (_("Canton"), trip.canton),
    ]
    return [(label, value) for label, value in rows if value]


def order_pdf(trip: Trip) -> bytes:
    travellers = trip.travellers.select_related("post__holder__person").order_by("pk")
    return render(
        page_source(
            "mission/trips/pdf/order.html",
            {"facts": facts_of(trip), "travellers": travellers},
            assembly=trip.assembly,
            title=_("Ordre de mission"),
            reference=trip.reference,
            made_at=trip.changed_at,
        )
    )


@require_safe
def trip_order(request: UserRequest, pk: int) -> HttpResponse:
    """Return the order of mission; 404 once the trip is cancelled: nobody signs it any more."""
    trip = row_of(request, TRIPS, pk)
    if trip.state == TripState.CANCELLED:
        raise Http404
    return bytes_response(request, order_pdf(trip), name=f"{trip.reference}.pdf", media_type="application/pdf")
