"""Views of /aide/: one short page per role and task."""

from itertools import groupby

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.portal.help import BY_SLUG, PAGES
from assembly.speed.page_cache import public_page


@require_safe
@login_not_required
@public_page
def index(request: HttpRequest) -> HttpResponse:
    groups = [(audience, list(pages)) for audience, pages in groupby(PAGES, key=lambda page: page.audience)]
    return render(request, "portal/help_index.html", {"groups": groups})


@require_safe
@login_not_required
@public_page
def page(request: HttpRequest, slug: str) -> HttpResponse:
    if slug not in BY_SLUG:
        raise Http404
    return render(request, f"portal/help/{slug}.html", {"page": BY_SLUG[slug]})
