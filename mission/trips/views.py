"""View of an order of mission as a file."""

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from assembly.documents.views.responses import bytes_response
from assembly.identity.http import UserRequest
from mission.registers.pages import row_of
from mission.trips.enums import TripState
from mission.trips.order_sheet import order_pdf
from mission.trips.register import TRIPS


@require_safe
def trip_order(request: UserRequest, pk: int) -> HttpResponse:
    """Return the order of mission; 404 once the trip is cancelled: nobody signs it any more."""
    trip = row_of(request, TRIPS, pk)
    if trip.state == TripState.CANCELLED:
        raise Http404
    return bytes_response(request, order_pdf(trip), name=f"{trip.reference}.pdf", media_type="application/pdf")
