"""Views of the open data: the page of the sets, their files, the JSON beside public pages, the OpenAPI description."""

import hashlib
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from assembly.fragments.cache import cached_piece
from assembly.open_data.archive import last_archive
from assembly.open_data.description import describe_api
from assembly.open_data.files import (
    CSV_TYPE,
    LICENCE,
    LICENCE_URL,
    csv_file,
    facts_of_sets,
    json_bytes,
    json_file,
    page_file,
    source_name,
)
from assembly.open_data.linked import catalog_of
from assembly.open_data.registry import DataSet, data_set, data_sets
from assembly.speed.page_cache import public_page

JSON_TYPE = "application/json; charset=utf-8"
ZIP_TYPE = "application/zip"


def open_response(request: HttpRequest, content: bytes, media_type: str, name: str = "") -> HttpResponse:
    """Return public data that pages of any site may read, or 304; `name`: of a file to save."""
    headers = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
    saved = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'  # as the cache of public pages writes it
    response = HttpResponse(content, content_type=media_type, headers={**headers, **saved, "ETag": etag})
    answer = get_conditional_response(request, etag=etag, response=response) or response
    for header, value in headers.items():
        answer.headers.setdefault(header, value)
    return answer


def read_only[**P](view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """Open a view to everybody for GET and HEAD.

    Any other method gets 405 with `Allow`: without the exemption, 403 for a missing CSRF token would hide it.
    """
    return login_not_required(csrf_exempt(require_safe(view)))


def set_or_404(key: str) -> DataSet:
    match = data_set(key)
    if match is None:
        raise Http404
    return match


@read_only
@public_page
def index(request: HttpRequest) -> HttpResponse:
    """Show each set with its columns, its rows and its files."""
    facts = facts_of_sets()
    context = {
        "sets": facts,
        "linked_thing": catalog_of(facts, _("Données ouvertes")),
        "pages": [each for each in data_sets() if each.page],
        "archive": last_archive(),
        "licence": LICENCE,
        "licence_url": LICENCE_URL,
        "source": source_name(),
        "last": max((each.changed_on for _set, each in facts if each.changed_on), default=None),
    }
    return render(request, "open_data/index.html", context)


@read_only
@public_page
def set_csv(request: HttpRequest, name: str) -> HttpResponse:
    return open_response(request, csv_file(set_or_404(name)), CSV_TYPE, name=f"{name}.csv")


@read_only
@public_page
def set_json(request: HttpRequest, name: str) -> HttpResponse:
    return open_response(request, json_file(set_or_404(name)), JSON_TYPE)


@read_only
@public_page
def page_json(request: HttpRequest, key: str, reference: str) -> HttpResponse:
    """Return the facts of one public page; 404 for what is not public."""
    content = page_file(set_or_404(key), reference)
    if content is None:
        raise Http404
    return open_response(request, content, JSON_TYPE)


@read_only
@public_page
def description(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI description of all these addresses."""
    content = cached_piece(("open-data", "description"), lambda: json_bytes(describe_api(data_sets())))
    return open_response(request, content, JSON_TYPE)


@read_only
def archive_file(request: HttpRequest) -> HttpResponse:
    """Return the archive of the last night; 404 before the first one."""
    archive = last_archive()
    try:
        content = archive.path.read_bytes() if archive else None
    except FileNotFoundError:  # the next one was made meanwhile
        content = None
    if content is None:
        raise Http404
    return open_response(request, content, ZIP_TYPE, name="donnees.zip")
