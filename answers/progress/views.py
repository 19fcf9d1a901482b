"""Progress report: its public page and data; in the back office the list, the text and the steps to its seal."""

from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy as _, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from answers.follow_up.rules import can_see_follow_ups
from answers.models import ProgressReport
from answers.pages import JSON_TYPE, ask_for_seal
from answers.progress import actions, queries
from assembly.documents.pdf.source import canonical_json
from assembly.fragments.cache import fragment
from assembly.identity.http import UserRequest, recently_authenticated_to_write
from assembly.institution.pages import working_term
from assembly.speed.page_cache import public_page
from assembly.web.forms import StyledForm, posted, text_box
from assembly.web.pages import Question, confirmation_page, form_page
from assembly.web.pagination import keyset_page
from assembly.web.versioned import differences
from opinions.papers.queries import sealing_of

INTRODUCTION_LENGTH = 6000


class ReportPeriodForm(StyledForm):
    """Form for the end of the period: six months are proposed, a shorter one is allowed."""

    ends_on = forms.DateField(
        label=_("Fin de la période"), help_text=_("Le bilan se scelle à partir de ce jour. Vous pourrez la changer.")
    )

    def __init__(self, data: Any = None, *, proposed: date | None) -> None:
        super().__init__(data, initial={"ends_on": proposed})


class ReportForm(StyledForm):
    """Form for the introduction and the end of the period; `version` is the one that was read."""

    introduction = text_box(
        _("Introduction"),
        INTRODUCTION_LENGTH,
        12,
        _("Ce qu’il faut retenir, en mots simples. Laissez une ligne vide entre deux paragraphes."),
    )
    ends_on = forms.DateField(label=_("Fin de la période"), help_text=_("Le bilan se scelle à partir de ce jour."))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, data: Any = None, *, report: ProgressReport) -> None:
        names = ("introduction", "ends_on", "version")
        super().__init__(data, initial={name: getattr(report, name) for name in names})


@login_not_required
@require_safe
@public_page
def public_progress_reports(request: HttpRequest) -> HttpResponse:
    """List every published report, the last first."""
    rows = queries.public_reports().defer("content", "introduction")
    page = keyset_page(rows.for_screen(), request, ordering=("-published_at",))
    titles = [(row, queries.report_title(row)) for row in page]
    context = {"page": page, "rows": titles, "count": rows.count()}
    return render(request, "answers/progress/public_reports.html", context)


def report_or_404(reference: str) -> ProgressReport:
    report = queries.public_report(reference)
    if report is None:
        raise Http404
    return report


@login_not_required
@require_safe
@public_page
def progress_report(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the accessible web version of the sealed file, without what was withdrawn since."""
    report = report_or_404(reference)
    content = fragment(
        ("progress-report", report.pk),
        lambda: render_to_string("answers/progress/_page.html", _page_context(report.pk)),
    )
    return render(request, "answers/progress/report.html", {"title": queries.report_title(report), "content": content})


def _page_context(pk: int) -> dict[str, Any]:
    """Return the context; it is cached for every reader, so nothing of the request may enter it."""
    report = queries.public_reports().get(pk=pk)
    others = queries.public_reports().filter(term=report.term_id).exclude(pk=pk).defer("content", "introduction")
    titles = [(one.reference, queries.report_title(one)) for one in others]
    return {
        "report": queries.content_for_page(queries.without_withdrawn(report)),
        "document": queries.report_document(report),
        "others": titles,
        "json": reverse("answers:progress-report-json", args=[report.reference]),
    }


@login_not_required
@require_safe
@public_page
def progress_report_json(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the data of the report in the schema `hemicycle/progress/1`."""
    return HttpResponse(canonical_json(queries.without_withdrawn(report_or_404(reference))), content_type=JSON_TYPE)


@require_safe
def progress_reports(request: UserRequest) -> HttpResponse:
    """List the reports of the term, the last first, with the link to begin the next one."""
    term = working_term(request, can_see_follow_ups)
    rows = list(queries.reports_of(term).for_screen())
    has_draft = any(row.published_at is None for row in rows)
    starts_on = None if has_draft else queries.next_start(term)
    context = {
        "term": term,
        "reports": rows,
        "starts_on": starts_on,
        "may_write": queries.can_write_report(request.user, term),
    }
    return render(request, "answers/progress/reports.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def progress_report_begin(request: UserRequest) -> HttpResponse:
    """Ask for the period of the next report: its first day is fixed, its last one is proposed.

    An unpublished report must be finished first.
    """
    term = working_term(request, queries.can_write_report)
    waiting = queries.reports_of(term).filter(published_at=None).first()
    if waiting is not None and request.method != "POST":
        return redirect("answers:desk-progress-report", waiting.pk)
    starts_on = queries.next_start(term)
    return form_page(
        request,
        ReportPeriodForm(posted(request), proposed=queries.proposed_end(starts_on) if starts_on else None),
        lambda data: actions.begin(term, ends_on=data["ends_on"], by=request.user),
        field="ends_on",
        template="answers/progress/report_begin.html",
        context={"term": term, "starts_on": starts_on},
        success_message=gettext("Le bilan est commencé. Écrivez son introduction."),
        to=lambda report: reverse("answers:desk-progress-report", args=[report.pk]),
    )


def desk_report(request: UserRequest, pk: int) -> ProgressReport:
    """Return a report of a term whose follow-ups the reader sees, or raise 404."""
    report = get_object_or_404(ProgressReport.objects.select_related("term__assembly", "edited_by__person"), pk=pk)
    if not can_see_follow_ups(request.user, report.term_id):
        raise Http404
    return report


def seal_question(report: ProgressReport) -> Question:
    count = queries.report_content(report)["answers"]["given"]
    template = ngettext("Il dit %(n)s réponse du Conseil.", "Il dit %(n)s réponses du Conseil.", count)
    return Question(
        gettext("Sceller et publier le bilan ?"),
        gettext("Sceller et publier"),
        reverse("answers:desk-progress-report", args=[report.pk]),
        [
            template % {"n": count},
            gettext("Tout le monde peut le lire et le vérifier. Un ancien cachet reste vérifiable."),
        ],
        about=report,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def desk_progress_report(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of the report and its content as of today; the lead requests the seal here.

    Sealing needs a recent proof of identity.
    """
    report = desk_report(request, pk)
    if request.method == "POST":
        # Compared as text and never converted: what is not a number of ours counts as another version.
        is_read = request.POST.get("version") == str(report.version)
        return ask_for_seal(
            request,
            lambda: actions.seal(report, version=report.version if is_read else -1, by=request.user),
            page=reverse("answers:desk-progress-report", args=[report.pk]),
            success_message=gettext("Le bilan est sur le site public."),
        )
    if "sceller" in request.GET:
        if not queries.can_seal_report(request.user, report):
            raise PermissionDenied
        return confirmation_page(request, seal_question(report), [("version", request.GET["sceller"])])
    is_published = report.published_at is not None
    content = queries.without_withdrawn(report) if is_published else queries.report_content(report)
    context = {
        "row": report,
        "title": queries.report_title(report),
        "report": queries.content_for_page(content),
        "is_withdrawn_from": is_published and content != report.content,
        "is_over": report.ends_on <= timezone.localdate(),
        "document": queries.report_document(report),
        "sealing": sealing_of(report, queries.REPORT_KIND),
        "may_seal": queries.can_seal_report(request.user, report),
        "may_write": queries.can_write_report(request.user, report.term_id) and not is_published,
    }
    return render(request, "answers/progress/desk_report.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def progress_report_text(request: UserRequest, pk: int) -> HttpResponse:
    """Edit the introduction and the end of the period; two officers at once lose no text."""
    report = desk_report(request, pk)
    if not queries.can_write_report(request.user, report.term_id):
        raise PermissionDenied
    form = ReportForm(posted(request), report=report)
    return form_page(
        request,
        form,
        lambda data: actions.edit(report, by=request.user, **data),
        compare=lambda late: differences(ReportForm(report=late.current), form),
        field="introduction",
        template="answers/progress/report_text.html",
        context={"row": report, "title": queries.report_title(report)},
        success_message=gettext("L’introduction et la période sont gardées."),
        to=reverse("answers:desk-progress-report", args=[report.pk]),
    )


@require_POST
def progress_report_preview(request: UserRequest, pk: int) -> HttpResponse:
    """Request the draft as a file, rendered by a worker."""
    job = actions.preview(desk_report(request, pk), by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
