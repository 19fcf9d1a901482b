"""Views of the support: note, certificates, map and count by EPCI; what directorates asked, and the outcome."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.pages import working_term
from assembly.web import errors
from assembly.web.errors import StateConflict
from assembly.web.forms import posted, whole_number
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.pagination import keyset_page
from assembly.web.versioned import differences
from mission.registers.pages import path_to, row_of, term_of
from mission.registers.rules import term_of_row
from mission.support import actions, queries
from mission.support.forms import AskForm, CertificatesForm
from mission.support.models import SupportRequest, SupportState as S
from mission.support.queries import can_see_requests
from mission.support.register import SUPPORT


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


def my_request(request: UserRequest, pk: int) -> SupportRequest:
    """Return a request of the directorates of this user; 404 for what another directorate asked."""
    row: SupportRequest = get_object_or_404(queries.asked_by_own(request.user), pk=pk)
    return row


def request_page(request: UserRequest, row: SupportRequest) -> str:
    return reverse("mission:directorate-support-row", args=[row.pk])


DIRECTORATE_STEPS: StepPages[SupportRequest] = StepPages(
    SUPPORT.workflow,
    "directorate",
    name="mission:directorate-support-step",
    fetch=my_request,
    back=request_page,
    eyebrow=lambda row: f"{row.reference}, {row.name}",
)


@require_safe
def directorate_support(request: UserRequest) -> HttpResponse:
    """List the requests of the directorates of this user, the last first."""
    term = working_term(request, can_see_requests)
    rows = queries.asked_by_own(request.user)
    page = keyset_page(rows.for_screen(), request, ordering=("-received_on",))
    can_ask = queries.asks_for(request.user, term).exists()
    return render(
        request, "mission/support/directorate_list.html", {"page": page, "count": rows.count(), "can_ask": can_ask}
    )


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_support_new(request: UserRequest) -> HttpResponse:
    """Ask for support, in the name of one’s directorate."""
    term = working_term(request, lambda user, term: queries.asks_for(user, term).exists())
    form = AskForm(posted(request), term=term, user=request.user)
    return form_page(
        request,
        form,
        lambda data: actions.ask(term, by=request.user, **form.asked()),
        template="mission/support/directorate_new.html",
        context={"back": reverse("mission:directorate-support")},
        success_message=_("Votre demande est partie : la mission vous répond."),
        to=lambda row: request_page(request, row),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def directorate_support_edit(request: UserRequest, pk: int) -> HttpResponse:
    """Correct a request until the mission follows or answers it: then 409, with a link to the request."""
    row = my_request(request, pk)
    try:
        return correction(request, row)
    except StateConflict:
        return errors.state_conflict(request, back=request_page(request, row))


def correction(request: UserRequest, row: SupportRequest) -> HttpResponse:
    by, term = request.user, term_of_row(row)
    actions.check_correct(by, row)

    def form_of(instance: SupportRequest, data: Any = None) -> AskForm:
        return AskForm(data, instance=instance, term=term, user=by)

    form = form_of(SupportRequest.objects.get(pk=row.pk), posted(request))  # validation changes its own copy
    return form_page(
        request,
        form,
        lambda data: actions.correct(row, by=by, values=form.values(), version=data["version"] or 0),
        compare=lambda late: differences(form_of(late.current), form),
        template="mission/support/directorate_edit.html",
        context={"back": request_page(request, row), "row": row},
        success_message=_("Votre demande est corrigée."),
        to=request_page(request, row),
    )


@require_safe
def directorate_support_row(request: UserRequest, pk: int) -> HttpResponse:
    """Show what was asked, its state, and the advice once it is delivered."""
    row = my_request(request, pk)
    slug = DIRECTORATE_STEPS.first_ready(request.user, row, ["evaluer"])
    context = {
        "row": row,
        "path": path_to(SUPPORT, row),
        "sentence": sentence_of(row),
        "step": (DIRECTORATE_STEPS.url(row, slug), DIRECTORATE_STEPS.pages[slug].label) if slug else None,
        "links": DIRECTORATE_STEPS.links(request, row, without=[slug] if slug else []),
        "can_correct": queries.can_be_corrected(row),
        "trainings": row.trainings.order_by("held_on", "pk"),
    }
    return render(request, "mission/support/directorate_row.html", context)


def sentence_of(row: SupportRequest) -> str:
    """Return the state as a sentence for those who asked."""
    match row.state:
        case S.RECEIVED:
            return _("La mission lit votre demande.")
        case S.ACCEPTED | S.IN_PROGRESS if row.owner:
            return _("%(name)s prépare la réponse.") % {"name": row.owner.get_full_name()}
        case S.ACCEPTED:
            return _("La mission accepte votre demande : quelqu’un va la suivre.")
        case S.DECLINED if row.withdrawn_on:
            return _("Votre demande est retirée.")
        case S.DECLINED:
            return _("La mission ne répond pas elle-même à cette demande : elle dit pourquoi.")
        case S.DELIVERED if row.rating is None:
            return _("L’appui est rendu : dites ce qu’il a produit.")
    return _("L’appui est rendu et évalué.")


@require_safe
def directorate_support_note(request: UserRequest, pk: int) -> HttpResponse:
    """Show the advice note, as the back office prints it; 404 until it is delivered."""
    row = my_request(request, pk)
    if row.delivered_at is None:
        raise Http404
    return note_page(request, row, back=request_page(request, row))
