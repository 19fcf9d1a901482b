"""The list of a committee, and the papers of an application: note and draft decision, to print or to rework."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from mission.grants import queries, rules
from mission.grants.documents import papers, word
from mission.registers.declaration import registers
from mission.registers.views.access import row_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PDF = "application/pdf"


@require_safe
def committee_page(request: UserRequest, pk: int) -> HttpResponse:
    """What the committee reads of one scheme, the best score first."""
    scheme = row_of(request, registers["schemes"], pk)
    rows = list(queries.committee_list(scheme))
    context = {"scheme": scheme, "rows": rows, "totals": queries.committee_totals(rows), "above": registers["schemes"]}
    return render(request, "mission/grants/committee.html", context)


@require_safe
def grant_paper(request: UserRequest, pk: int, name: str) -> HttpResponse:
    """`note` or `projet-de-decision`, as `.pdf` or `.docx`. Whoever still has to give marks reads none."""
    kind, _dot, suffix = name.partition(".")
    if kind not in papers.KINDS or suffix not in {"pdf", "docx"}:
        raise Http404
    row = row_of(request, registers["grants"], pk)
    if rules.is_blind(request.user, row):
        return render(request, "mission/grants/blind.html", {"row": row}, status=409)
    paper = papers.paper(row, kind, request.user)
    content = papers.paper_pdf(paper) if suffix == "pdf" else word.docx(paper)
    return HttpResponse(
        content,
        content_type=PDF if suffix == "pdf" else WORD,
        headers={"Content-Disposition": f'attachment; filename="{row.reference}-{kind}.{suffix}"'},
    )
