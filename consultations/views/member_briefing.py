"""Pages of the members: the papers of an open pack, as one archive or one PDF as well; hearings of their groups."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assembly.documents.views.responses import zip_response
from assembly.identity.http import UserRequest
from consultations.actions import briefing_reading
from consultations.actions.briefing_pdf import ask_for_pdf
from consultations.briefing.documents import archive_name, files_of
from consultations.briefing.queries import progress_sentence, reading_lines
from consultations.models import BriefingDocument, BriefingPack, Hearing, Referral
from consultations.queries import briefing as queries
from consultations.views.steps import desk_referral
from sessions.queries.calendar import calendar
from sessions.views.calendar import ics


def open_referral(request: UserRequest, pk: int) -> Referral:
    """Return a referral whose pack is open to this reader; before the opening it is 404."""
    return get_object_or_404(queries.readers_referral(request.user), pk=pk)


@require_safe
def member_briefing(request: UserRequest, pk: int) -> HttpResponse:
    """Show the papers, easy-read first; the page is laid out for telephones too."""
    referral = open_referral(request, pk)
    pack = queries.pack_of(referral)
    documents = queries.for_members(queries.documents_of(pack))
    news = [document for document in documents if document.new_since]
    lines = reading_lines(documents, request.user)
    context: dict[str, Any] = {
        "referral": referral,
        "pack": pack,
        "easy": [line for line in lines if line.document.is_easy_read],
        "others": [line for line in lines if not line.document.is_easy_read],
        "progress": progress_sentence(lines),
        "news": news,
        "size": queries.total_size(documents),
        "has_files": any(document.upload for document in documents),
    }
    return render(request, "consultations/briefing/member.html", context)


@require_POST
def member_briefing_mark(request: UserRequest, pk: int, document_pk: int) -> HttpResponse:
    """Set or remove « Lu » on one paper of an open pack, for its reader alone."""
    referral = open_referral(request, pk)
    documents = queries.for_members(queries.documents_of(queries.pack_of(referral)))
    document = next((document for document in documents if document.pk == document_pk), None)
    if document is None:
        raise Http404
    briefing_reading.mark(document, is_read=request.POST.get("read") == "1", by=request.user)
    if not request.headers.get("HX-Request"):
        return redirect(f"{reverse('consultations:my-briefing', args=[pk])}#document-{document_pk}")
    lines = reading_lines(documents, request.user)
    line = next(line for line in lines if line.document.pk == document_pk)
    context = {"line": line, "referral": referral, "progress": progress_sentence(lines)}
    return render(request, "consultations/briefing/member_mark.html", context)


@require_safe
def member_briefing_zip(request: UserRequest, pk: int) -> HttpResponseBase:
    return archive(queries.pack_of(open_referral(request, pk)))


@require_safe
def briefing_zip(request: UserRequest, pk: int) -> HttpResponseBase:
    """Send the same to the back office, before the opening too."""
    return archive(queries.pack_of(desk_referral(request, pk)))


def archive(pack: BriefingPack) -> HttpResponseBase:
    """Send every file, in order, after an index that describes each; links are in the index."""
    documents = queries.for_members(queries.documents_of(pack))
    return zip_response(files_of(pack, documents), name=archive_name(pack))


@require_POST
def member_briefing_pdf(request: UserRequest, pk: int) -> HttpResponse:
    return redirect_to_pdf(request, queries.pack_of(open_referral(request, pk)), "consultations:my-briefing")


@require_POST
def briefing_pdf(request: UserRequest, pk: int) -> HttpResponse:
    return redirect_to_pdf(request, queries.pack_of(desk_referral(request, pk)), "consultations:briefing")


def redirect_to_pdf(request: UserRequest, pack: BriefingPack, back: str) -> HttpResponse:
    """Redirect to the last PDF when nothing changed since, else to the page that shows its progress."""
    try:
        job = ask_for_pdf(pack, by=request.user)
    except ValidationError as refused:
        messages.warning(request, " ".join(refused.messages))
        return redirect(back, pack.referral_id)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)


def hearing_or_404(request: UserRequest, pk: int) -> Hearing:
    return get_object_or_404(queries.hearing_dossier(request.user), pk=pk)


@require_safe
def member_hearing(request: UserRequest, pk: int) -> HttpResponse:
    """Show where and when, who is heard, then what was said."""
    hearing = hearing_or_404(request, pk)
    papers = queries.papers_of(hearing)
    readable = BriefingDocument.objects.readable_by(request.user).filter(hearing=hearing).values_list("pk", flat=True)
    seen = set(readable)
    context = {
        "hearing": hearing,
        "referral": hearing.referral,
        "guests": queries.guests_of(hearing),
        "papers": [paper for paper in papers if paper.pk in seen],
    }
    return render(request, "consultations/hearings/member.html", context)


@require_safe
def member_hearing_event(request: UserRequest, pk: int) -> HttpResponse:
    """Send the hearing as a calendar file."""
    hearing = hearing_or_404(request, pk)
    calendar_file = calendar(hearing.referral.term.assembly.name)
    calendar_file.add_component(queries.event_of(hearing))
    return ics(calendar_file.to_ical())
