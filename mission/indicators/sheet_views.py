"""Views of the sheets of indicators: made from the last night, printed, sealed by the lead."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from answers.pages import ask_for_seal
from assembly.documents.queries.register import latest_ready
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.institution.current_term import working_term
from assembly.web.confirmation import Question, confirmation_page
from assembly.web.form_page import form_page
from assembly.web.forms import StyledForm, posted
from mission.indicators import rules
from mission.indicators import sheets as actions
from mission.indicators.models import IndicatorSheet, IndicatorValue
from opinions.papers.queries import sealing_of


@require_http_methods(["GET", "HEAD", "POST"])
def sheets(request: UserRequest) -> HttpResponse:
    """List the sheets of the term, with a button that makes the one of the last night."""
    term = working_term(request, rules.can_see_indicators)
    return form_page(
        request,
        StyledForm(posted(request)),
        lambda data: actions.make_sheet(term, by=request.user),
        template="mission/indicators/sheets.html",
        context=lambda: {
            "term": term,
            "sheets": IndicatorSheet.objects.filter(term=term).defer("content").for_screen(),
            "day": IndicatorValue.objects.last_night(term),
        },
        to=lambda row: reverse("mission:indicator-sheet", args=[row.pk]),
    )


def desk_sheet(request: UserRequest, pk: int) -> IndicatorSheet:
    row = get_object_or_404(IndicatorSheet.objects.select_related("term__assembly", "noted_by__person"), pk=pk)
    if not rules.can_see_indicators(request.user, row.term_id):
        raise Http404
    return row


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def sheet(request: UserRequest, pk: int) -> HttpResponse:
    """Show a sheet; seal it for the lead, after a proof of identity."""
    row = desk_sheet(request, pk)
    if request.method == "POST":
        return ask_for_seal(
            request,
            lambda: actions.seal(row, by=request.user),
            page=reverse("mission:indicator-sheet", args=[row.pk]),
            success_message=gettext_lazy("La fiche est scellée."),
        )
    if "sceller" in request.GET:
        if not rules.can_seal_sheet(request.user, row.term_id):
            raise PermissionDenied
        lines = [gettext("Le PDF scellé a une référence, et se vérifie par tout le monde. La fiche ne change plus.")]
        back = reverse("mission:indicator-sheet", args=[row.pk])
        return confirmation_page(
            request, Question(gettext("Sceller la fiche ?"), gettext("Sceller la fiche"), back, lines, about=row)
        )
    rendition = latest_ready(actions.SHEET, str(row.pk), actions.SEALED_KIND)
    context = {
        "row": row,
        "title": actions.sheet_title(row),
        "sheet": row.content,
        "document": rendition.revision.document if rendition and rendition.revision else None,
        "sealing": sealing_of(row, actions.SEALED_KIND),
        "may_seal": rules.can_seal_sheet(request.user, row.term_id),
    }
    return render(request, "mission/indicators/sheet.html", context)


@require_POST
def sheet_print(request: UserRequest, pk: int) -> HttpResponse:
    job = actions.print_sheet(desk_sheet(request, pk), by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
