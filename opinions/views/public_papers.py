"""Downloads of a published opinion: its recommendations as data, its text, its easy-read summary."""

from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from assembly.collab.document.grammar import PROMPTS
from assembly.documents.pdf.source import canonical_json
from assembly.documents.views.responses import PDF, bytes_response
from assembly.lists import Column, Table
from assembly.speed.page_cache import public_page
from opinions.documents import manuscripts
from opinions.models import Opinion
from opinions.papers.queries import chapters_of, paragraphs, sitting_members
from opinions.papers.views import written
from opinions.queries.areas import public_dossier
from opinions.versions.queries import recommendations_data

JSON_TYPE = "application/json; charset=utf-8"


def answer_to(prompt: str) -> Callable[[Any], object]:
    return lambda row: row["fields"][prompt]["text"]


COLUMNS = [
    Column(gettext_lazy("Référence"), itemgetter("reference")),
    Column(gettext_lazy("Rang"), itemgetter("number")),
    Column(gettext_lazy("Titre"), itemgetter("title")),
    Column(gettext_lazy("Thème"), itemgetter("theme")),
    Column(gettext_lazy("Partie"), itemgetter("section")),
    Column(gettext_lazy("Prioritaire"), itemgetter("priority")),
    *(Column(question, answer_to(prompt)) for prompt, question in PROMPTS.items()),
    Column(gettext_lazy("Vote"), lambda row: row["vote"]["sentence"] if row["vote"] else ""),
    Column(gettext_lazy("Réunit"), lambda row: " ".join(row["merged_from"])),
    Column(gettext_lazy("Adresse"), itemgetter("address")),
]


def published(reference: str) -> Opinion:
    return get_object_or_404(public_dossier(), reference=reference)


@login_not_required
@require_safe
@public_page
def recommendations_json(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the recommendations in the schema `hemicycle/recommendations/1`."""
    return HttpResponse(canonical_json(recommendations_data(published(reference))), content_type=JSON_TYPE)


@login_not_required
@require_safe
@public_page
def recommendations_csv(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the recommendations for a spreadsheet, one line each."""
    rows = recommendations_data(published(reference))["recommendations"]
    return Table(f"preconisations-{reference}", COLUMNS).data(rows)


@login_not_required
@require_safe
@public_page
def members(request: HttpRequest, reference: str) -> HttpResponse:
    """Show who sat on the day of the adoption, on a page of its own because their number grows with the assembly."""
    opinion = published(reference)
    rows = sitting_members(opinion).order_by("member__canton__name__alphabetical", "member__person__sort_name", "pk")
    cantons = [(canton, list(seated)) for canton, seated in groupby(rows, key=lambda row: row.member.canton)]
    return render(request, "opinions/papers/public_members.html", {"opinion": opinion, "cantons": cantons})


@login_not_required
@require_safe
@public_page
def easy_read(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the summary alone, large, on a page that prints well."""
    opinion = published(reference)
    if not opinion.easy_read:
        raise Http404
    context = {"opinion": opinion, "parts": paragraphs(opinion.easy_read)}
    return render(request, "opinions/papers/public_easy_read.html", context)


@login_not_required
@require_safe
def easy_read_file(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the summary as a workshop laid it out, once the antivirus has passed it."""
    upload = chapters_of(published(reference)).easy_read_file
    if upload is None or not upload.is_available:
        raise Http404
    name = f"{reference}-facile-a-lire.pdf"
    return bytes_response(request, upload.blob.open(), name=name, media_type=PDF, etag=upload.blob_id)


@login_not_required
@require_safe
def adopted_file(request: HttpRequest, reference: str, suffix: str) -> HttpResponse:
    """Return the adopted text for a word processor; only the sealed PDF is the legal act."""
    opinion = published(reference)
    return written(request, manuscripts.of_opinion(opinion), suffix, name=opinion.reference)
