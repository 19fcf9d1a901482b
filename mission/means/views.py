"""Pages of the means of a sitting: booking for it, moving a booking to its hours."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assembly.identity.http import UserRequest
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.workflow import StateConflict
from mission.means import actions
from mission.means.forms import BookingForm
from mission.means.queries import bookings_of, expected_at, offers
from mission.registers.declaration import registers
from mission.registers.pages import step_pages
from sessions.models import Sitting
from sessions.pages import desk_sitting
from sessions.sittings.queries.convening import people_to_convene


def booked_sitting(request: UserRequest, pk: int) -> Sitting:
    """Return the sitting; 404 unseen, 403 without the right to book, 409 once it is past or called off."""
    sitting = desk_sitting(request, pk)
    actions.check_upcoming(sitting, request.user, "book")
    return sitting


@require_http_methods(["GET", "HEAD", "POST"])
def means_book(request: UserRequest, pk: int) -> HttpResponse:
    """Offer what is free during the sitting, and book what was chosen."""
    sitting = booked_sitting(request, pk)
    people = expected_at(sitting).people or len(people_to_convene(sitting))
    form = BookingForm(
        posted(request),
        initial={"starts_at": sitting.starts_at, "ends_at": sitting.ends_at},
        offers=offers(request.user, sitting.term, sitting.starts_at, sitting.ends_at, people),
    )
    return form_page(
        request,
        form,
        lambda data: actions.book(sitting, **data, by=request.user),
        template="mission/means/book.html",
        context={"sitting": sitting, "people": people},
        success_message=gettext_lazy("C’est réservé : prévenez le gardien."),
        to=reverse("sittings:sitting", args=[sitting.pk]) + "#moyens",
    )


@require_POST
def means_move(request: UserRequest, pk: int, booking: int) -> HttpResponse:
    """Move a booking of the sitting to its hours; where it is taken then, its own page asks for another room.

    One that another sitting needs stays, and the page for a new booking opens.
    """
    sitting = booked_sitting(request, pk)
    row = get_object_or_404(registers["bookings"].visible_to(request.user).select_related("resource"), pk=booking)
    if row.pk not in {one.booking.pk for one in bookings_of(request.user, sitting)}:
        raise StateConflict(row, "move")
    try:
        actions.follow_sitting(sitting, row, by=request.user)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        is_shared = getattr(refused, "code", "") == actions.SHARED
        return redirect(
            reverse("mission:means-book", args=[sitting.pk])
            if is_shared
            else step_pages("bookings").url(row, "deplacer")
        )
    messages.success(request, _("La réservation suit la séance : prévenez le gardien."))
    return redirect(reverse("sittings:sitting", args=[sitting.pk]) + "#moyens")
