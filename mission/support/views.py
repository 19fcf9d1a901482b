"""Pages of the support beside those of its register: two to print, and the map."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from mission.registers.views.access import row_of, term_of
from mission.support import queries
from mission.support.register import SUPPORT


@require_safe
def advice_note(request: UserRequest, pk: int) -> HttpResponse:
    """What is advised to whoever asked: the text, and the sheets of the methods."""
    row = row_of(request, SUPPORT, pk)
    methods = row.methods.select_related("method").order_by("pk").for_screen()
    return render(request, "mission/support_note.html", {"row": row, "methods": methods})


@require_safe
def attendance_certificate(request: UserRequest, pk: int, line: int) -> HttpResponse:
    """To print once a person present, whose name is written by hand: the house keeps none. 404 before the session."""
    row = row_of(request, SUPPORT, pk)
    training = get_object_or_404(row.trainings.filter(attended__gt=0), pk=line)
    return render(request, "mission/support_certificate.html", {"row": row, "training": training})


@require_safe
def support_map(request: UserRequest) -> HttpResponse:
    """« Qui a mené quoi »: directorates by policy."""
    term = term_of(request, SUPPORT)
    rows = queries.asked_by_directorates(SUPPORT.rows_of(request.user, term))
    policies, lines = queries.led_by(rows)
    context = {"policies": policies, "lines": lines, "back": reverse("mission:support")}
    return render(request, "mission/support_map.html", context)
