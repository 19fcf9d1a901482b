"""/recherche/: one address for all readers; each finds what they may see, in their own area, else the public one."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy as _
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.institution import menu
from assembly.institution.commands import acts_for, pages_for
from assembly.institution.pages import show_in
from assembly.institution.queries import current_terms
from assembly.search import queries
from assembly.search.queries import QUERY_LENGTH
from assembly.search.registry import sources
from assembly.speed.page_cache import public_page

AREAS = ("desk", "directorate", "member")


class SearchForm(forms.Form):
    """Search words and kind; a kind that does not exist filters nothing, words without meaning find nothing."""

    q = forms.CharField(
        label=_("Mots à chercher"),
        required=False,
        max_length=QUERY_LENGTH,
        widget=forms.TextInput(attrs={"type": "search", "enterkeyhint": "search", "autocomplete": "off"}),
    )
    type = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, auto_id="search-%s")

    def query_and_kind(self) -> tuple[str, str]:
        """Return the words, and the kind where it exists."""
        self.is_valid()
        kind = self.cleaned_data.get("type", "")
        known = {source.kind for source in sources()}
        return self.cleaned_data.get("q", ""), kind if kind in known else ""


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
    area = show_in(request, next((area for area in AREAS if menu.menu_for(request.user, area, "")), "public"))
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


FIRST = 8  # results on the page of commands; the whole search has the rest


@require_safe
def desk_results(request: UserRequest) -> HttpResponse:
    """Show acts, pages and objects of the back office whose words begin as typed; the palette reads this page."""
    form = SearchForm(request.GET)
    query_text, _kind = form.query_and_kind()
    user = request.user
    terms = current_terms(user)
    acts = [each for each in acts_for(user, terms) if each.begins(query_text)]
    pages = [each for each in pages_for(user, terms) if each.begins(query_text)]
    hits = queries.begun_hits(user, query_text, size=FIRST)
    context = {"form": form, "query_text": query_text, "acts": acts, "pages": pages, "hits": hits}
    return render(request, "search/desk.html", context)


def chips(counts: Mapping[str, int], query_text: str, chosen: str) -> list[dict[str, Any]]:
    """Return one filter for each kind with matches, and the one that is chosen."""
    if not counts:
        return []
    kinds = [(source.kind, source.label) for source in sources() if counts.get(source.kind) or source.kind == chosen]
    everything = {
        "label": gettext("Tout"),
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
