"""The report of a hearing: rich text saved while it is typed, a plain form without script."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from assembly.identity.http import UserRequest
from assembly.web.forms import posted
from assembly.web.versioned import attempt, autosave_response, is_autosave
from consultations.hearings import actions
from consultations.hearings.views import desk_hearing
from consultations.rules import briefing as rules
from sessions.forms.rich_text import RichTextForm

REPORT = gettext_lazy("Compte rendu")


@require_http_methods(["GET", "HEAD", "POST"])
def hearing_report(request: UserRequest, pk: int) -> HttpResponse:
    """Show the report; a POST saves it, while it is typed (JSON answer) or from the plain form."""
    hearing = desk_hearing(request, pk)
    if not rules.can_write_report(request.user, hearing):
        raise PermissionDenied
    form = RichTextForm.of(hearing.report, hearing.report_version, label=REPORT, data=posted(request))
    tried = attempt(
        form,
        lambda version: actions.write_report(hearing, form.html, version=version, by=request.user),
        compare=lambda conflict: form.compare_with(conflict.current.report, conflict.typed["report"]),
        field="text",
    )
    if is_autosave(request):
        return autosave_response(form, tried, hearing.report_version, hearing.report_saved_at)
    if tried.is_saved:
        messages.success(request, _("Le compte rendu est enregistré."))
        return redirect("consultations:hearing", hearing.pk)
    context = {"hearing": hearing, "referral": hearing.referral, "form": form}
    return render(request, "consultations/hearings/report.html", context, status=tried.status)
