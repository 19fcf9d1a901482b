"""Views of the list of a committee, of the mails of its decisions, and of the papers of an application."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from mission.grants import deciding, papers, queries, rules
from mission.grants.documents import word
from mission.grants.documents.papers import PAPERS, PaperKind
from mission.grants.models import GrantApplication
from mission.registers.declaration import registers
from mission.registers.pages import row_of, written_row

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@require_safe
def committee_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show what the committee reads of one scheme, the best score first."""
    scheme = row_of(request, registers["schemes"], pk)
    rows = list(queries.committee_list(scheme))
    context = {"scheme": scheme, "rows": rows, "totals": queries.committee_totals(rows), "above": registers["schemes"]}
    return render(request, "mission/grants/committee.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def decisions(request: UserRequest, pk: int) -> HttpResponse:
    """Show every decision mail of this scheme, and send all together; 409 if one has changed."""
    register = registers["schemes"]
    scheme = written_row(request, register, pk)
    back, conflict = reverse("mission:grant-committee", args=[pk]), ""
    if request.method == "POST":
        try:
            count = deciding.send_all_decisions(scheme, seen=request.POST.get("seen", ""), by=request.user)
        except ValidationError as refused:
            conflict = " ".join(refused.messages)
        else:
            messages.success(request, deciding.format_sent(count))
            return redirect(back)
    waiting = list(deciding.decisions_to_send(scheme))
    rows = deciding.with_address(waiting)
    context = {
        "scheme": scheme,
        "rows": [(row, deciding.letter_of(row)) for row in rows],
        "question": deciding.format_unsent(len(rows)),
        "seen": deciding.fingerprint(*rows),
        "by_post": [row for row in waiting if not row.contact_email],
        "conflict": conflict,
        "back": back,
    }
    return render(request, "mission/grants/decisions.html", context, status=409 if conflict else 200)


def paper_for(request: UserRequest, pk: int, slug: str) -> tuple[GrantApplication, PaperKind]:
    """Return the application and the kind of paper; 404 for an unknown kind, or one that has no content yet."""
    row = row_of(request, registers["grants"], pk)
    paper = PAPERS.get(slug)
    if paper is None or not paper.can_print(row):
        raise Http404
    return row, paper


def blind(request: UserRequest, row: GrantApplication) -> HttpResponse:
    """Refuse papers (409) to a reader who still has to give marks."""
    return render(request, "mission/grants/blind.html", {"row": row}, status=409)


@require_safe
def grant_papers(request: UserRequest, pk: int) -> HttpResponse:
    """Show each paper: to print, to edit in Word, sealed."""
    row = row_of(request, registers["grants"], pk)
    if rules.is_blind(request.user, row):
        return blind(request, row)
    context = {"row": row, "papers": papers.papers_of(row), "above": registers["grants"]}
    return render(request, "mission/grants/papers.html", context)


@require_safe
def grant_word(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    row, paper = paper_for(request, pk, slug)
    if rules.is_blind(request.user, row):
        return blind(request, row)
    name = f'attachment; filename="{row.reference}-{slug}.docx"'
    content = word.docx(paper, row, request.user)
    return HttpResponse(content, content_type=WORD, headers={"Content-Disposition": name})


@require_POST
def grant_print(request: UserRequest, pk: int, slug: str) -> HttpResponse:
    """Open the PDF if nothing changed since the last one, else request it and show its progress."""
    row, paper = paper_for(request, pk, slug)
    if rules.is_blind(request.user, row):
        return blind(request, row)
    job = papers.print_paper(row, paper, by=request.user)
    return redirect("documents:rendition-file" if job.is_ready else "documents:rendition-progress", job.public_id)
