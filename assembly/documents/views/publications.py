"""Public pages: published documents and the register of hashes."""

from itertools import batched

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.documents import queries
from assembly.documents.queries.register import LINES_A_PAGE
from assembly.documents.registry import site_pages
from assembly.documents.views.responses import PDF, ChunkedFileResponse, bytes_response
from assembly.speed.page_cache import public_page
from assembly.web.pagination import keyset_page


@login_not_required
@require_safe
@public_page
def publication_list(request: HttpRequest) -> HttpResponse:
    rows = queries.published()
    page = keyset_page(rows.for_screen(), request, ordering=("-published_at", "-pk"))
    pages = site_pages(page.rows)
    lines = [(document, pages.get(document.pk)) for document in page]
    return render(request, "documents/publication_list.html", {"page": page, "lines": lines, "count": rows.count()})


@login_not_required
@require_safe
def publication_file(request: HttpRequest, reference: str) -> HttpResponse:
    document = queries.published().filter(reference=reference).first()
    if document is None or document.published_revision is None:
        raise Http404
    revision = document.published_revision
    return bytes_response(
        request, revision.open(), name=f"{document.reference}.pdf", media_type=PDF, etag=revision.sha256, inline=True
    )


@login_not_required
@require_safe
def manifest(request: HttpRequest) -> HttpResponseBase:
    pieces = ("".join(lines) for lines in batched(queries.manifest_lines(), LINES_A_PAGE))
    return ChunkedFileResponse(pieces, content_type="application/jsonl; charset=utf-8")
