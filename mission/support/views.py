"""Views of the support, in addition to those of its register: note, certificates, map, count by EPCI."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.text.untrusted_input import whole_number
from assembly.web.forms import posted
from assembly.web.idempotency import repeatable
from mission.registers.pages import row_of, term_of
from mission.support import queries
from mission.support.models import SupportRequest
from mission.support.register import SUPPORT
from mission.trainings.certificates import CertificatesForm


@require_safe
def advice_note(request: UserRequest, pk: int) -> HttpResponse:
    """Show what is advised to whoever asked: the text, and the sheets of the methods."""
    row = row_of(request, SUPPORT, pk)
    return note_page(request, row, back=reverse("mission:support-row", args=[row.pk]))


def note_page(request: UserRequest, row: SupportRequest, *, back: str) -> HttpResponse:
    """Render the note, for the back office as for the area of the directorate."""
    methods = row.methods.select_related("method").order_by("pk").for_screen()
    return render(request, "mission/support/note.html", {"row": row, "methods": methods, "back": back})


@repeatable("nothing is written: the names go on the paper and nowhere else")
@require_http_methods(["GET", "HEAD", "POST"])
def attendance_certificates(request: UserRequest, pk: int, line: int) -> HttpResponse:
    """Ask for the names of people present, then show one certificate each, to print. 404 before the session."""
    row = row_of(request, SUPPORT, pk)
    training = get_object_or_404(row.trainings.filter(attended__gt=0), pk=line)
    form = CertificatesForm(posted(request), training=training)
    context = {"row": row, "training": training, "form": form, "back": reverse("mission:support-row", args=[row.pk])}
    if request.method != "POST":
        return render(request, "mission/support/certificates.html", context)
    if not form.is_valid():
        return render(request, "mission/support/certificates.html", context, status=422)
    context["names"] = form.cleaned_data["names"]
    return render(request, "mission/support/certificate.html", context)


@require_safe
def support_map(request: UserRequest) -> HttpResponse:
    """Show « Qui a mené quoi »: directorates by policy."""
    term = term_of(request, SUPPORT)
    rows = queries.asked_by_directorates(SUPPORT.rows_of(request.user, term))
    policies, lines = queries.led_by(rows)
    context = {"policies": policies, "lines": lines, "back": reverse("mission:support")}
    return render(request, "mission/support/map.html", context)


@require_safe
def support_territories(request: UserRequest) -> HttpResponse:
    """Show the requests of a year by EPCI; each number links to its rows."""
    term = term_of(request, SUPPORT)
    years = queries.years_asked(term.assembly_id)
    asked = whole_number(request.GET.get("annee", ""))
    year = asked if asked in years else next(iter(years), None)
    lines = queries.by_epci(term.assembly_id, year) if year else []
    totals = {
        name: sum(getattr(line, name) for line in lines) for name in ("requests", "delivered", "sessions", "attended")
    }
    context = {"years": years, "year": year, "lines": lines, "totals": totals, "back": reverse("mission:support")}
    return render(request, "mission/support/territories.html", context)
