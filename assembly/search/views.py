"""/recherche/: one address for everybody; each reader finds what they may see, in their own room."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.institution.context_processors import show_in
from assembly.search import queries
from assembly.search.forms import SearchForm
from assembly.search.registry import sources
from assembly.search.rooms import room_of
from assembly.ui.page_cache import public_page

HITS = 15


@login_not_required
@require_safe
@public_page
def results(request: HttpRequest) -> HttpResponse:
    """Words found in titles and texts, the best first."""
    form = SearchForm(request.GET)
    words, kind = form.asked()
    told = queries.search_results(request, words, kind, size=HITS)
    counts, among = told.found.counts, told.found.among
    count = counts.get(kind, 0) if kind else sum(counts.values())
    room = show_in(request, room_of(request.user))
    context = {"form": form, "words": words, "page": told.page, "count": count, "best": min(count, queries.BEST)}
    context |= {"suggestion": told.suggestion, "suggestion_url": address(told.suggestion, "")}
    context |= {"hits": told.hits, "chips": chips(counts, words, kind), "among": among}
    return render(request, "search/results.html", {**context, "room": room, "layout": f"layouts/{room}.html"})


def chips(counts: Mapping[str, int], words: str, chosen: str) -> list[dict[str, Any]]:
    """One filter for each kind where something was found, and the one that is chosen."""
    if not counts:
        return []
    kinds = [(source.kind, source.label) for source in sources() if counts.get(source.kind) or source.kind == chosen]
    everything = {"label": _("Tout"), "url": address(words, ""), "current": not chosen, "count": sum(counts.values())}
    lines = [
        {"label": label, "url": address(words, kind), "current": kind == chosen, "count": counts.get(kind, 0)}
        for kind, label in kinds
    ]
    return [everything, *lines]


def address(words: str, kind: str) -> str:
    asked = QueryDict(mutable=True)
    asked.update({"q": words} | ({"type": kind} if kind else {}))
    return f"?{asked.urlencode()}"
