"""/recherche/: one address for all readers; each finds what they may see, in their own area."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.institution.pages import show_in
from assembly.search import queries
from assembly.search.areas import area_of
from assembly.search.forms import SearchForm
from assembly.search.registry import sources
from assembly.speed.page_cache import public_page

HITS = 15


@login_not_required
@require_safe
@public_page
def results(request: HttpRequest) -> HttpResponse:
    """Show the matches in titles and texts, the best first."""
    form = SearchForm(request.GET)
    query_text, kind = form.query_and_kind()
    outcome = queries.search_results(request, query_text, kind, size=HITS)
    counts, among = outcome.matches.counts, outcome.matches.among
    count = counts.get(kind, 0) if kind else sum(counts.values())
    area = show_in(request, area_of(request.user))
    context = {
        "form": form,
        "query_text": query_text,
        "page": outcome.page,
        "count": count,
        "best": min(count, queries.BEST),
    }
    context |= {"suggestion": outcome.suggestion, "suggestion_url": address(outcome.suggestion, "")}
    context |= {"hits": outcome.hits, "chips": chips(counts, query_text, kind), "among": among}
    return render(request, "search/results.html", {**context, "area": area, "layout": f"layouts/{area}.html"})


def chips(counts: Mapping[str, int], query_text: str, chosen: str) -> list[dict[str, Any]]:
    """Return one filter for each kind with matches, and the one that is chosen."""
    if not counts:
        return []
    kinds = [(source.kind, source.label) for source in sources() if counts.get(source.kind) or source.kind == chosen]
    everything = {
        "label": _("Tout"),
        "url": address(query_text, ""),
        "current": not chosen,
        "count": sum(counts.values()),
    }
    lines = [
        {"label": label, "url": address(query_text, kind), "current": kind == chosen, "count": counts.get(kind, 0)}
        for kind, label in kinds
    ]
    return [everything, *lines]


def address(query_text: str, kind: str) -> str:
    query = QueryDict(mutable=True)
    query.update({"q": query_text} | ({"type": kind} if kind else {}))
    return f"?{query.urlencode()}"
