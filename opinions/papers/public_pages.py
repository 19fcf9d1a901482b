"""The public page of an opinion: its recommendations as cards, its text, its votes, its amendments.

The four are tabs, each with its address, under one head and above one foot; all work without script.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assembly.dossiers.frame import Tab
from assembly.fragments.cache import cached_piece
from assembly.open_data.linked import linked_row
from assembly.speed.page_cache import public_page
from assembly.speed.queries import CompiledQuery
from assembly.web.widgets import object_widgets, widgets_by_part
from opinions.amendments import queries as amendments
from opinions.models import Opinion
from opinions.opinions.queries import everybody, public_dossier, published_opinion
from opinions.pages import path
from opinions.papers.cards import ShownCards, asked_cards
from opinions.papers.data_sets import OPINION_DATA, with_public_facts
from opinions.papers.documents.body import votes_of
from opinions.papers.documents.files import published_facts, web_version_of
from opinions.papers.queries import OpinionFacts, with_annexes
from sessions.decisions.rules import Count, format_count
from sessions.sittings.queries.sittings import published_sittings

# Names of the addresses of the four tabs, and the words of those below the first one.
CARDS, TEXT, VOTES, AMENDMENTS = "public", "public-text", "public-votes", "public-amendments"
TABS = {"texte": TEXT, "votes": VOTES, "amendements": AMENDMENTS}


@login_not_required
@require_safe
@public_page
def public_opinion(request: HttpRequest, reference: str, tab: str = CARDS) -> HttpResponse:
    """Show one tab of a published opinion.

    Whether it is published is checked at each request; the content is cached.
    """
    opinion = published_opinion(reference)
    if opinion is None:
        raise Http404
    asked = asked_cards(request.GET) if tab == CARDS else ("", False)
    content, thing = cached_piece(
        ("public-opinion", opinion.pk, tab, *asked), lambda: render_tab(opinion.pk, tab, asked)
    )
    context = {
        "opinion": opinion,
        "content": SafeString(content),
        "name": tab_name(tab) if tab != CARDS else "",
        "linked_thing": thing,
    }
    return render(request, "opinions/papers/public.html", context)


def render_tab(pk: int, tab: str, asked: tuple[str, bool]) -> tuple[str, dict[str, Any]]:
    """Return the content of a tab, and what the first one tells programs."""
    content = _public_content(pk, tab, asked)
    html = render_to_string(f"opinions/papers/_{tab.replace('-', '_')}.html", content)
    return html, linked_row(OPINION_DATA, content["opinion"]) if tab == CARDS else {}


DOSSIER = CompiledQuery(lambda pk: with_public_facts(with_annexes(public_dossier())).filter(pk=pk))


def _public_content(pk: int, tab: str, asked: tuple[str, bool]) -> dict[str, Any]:
    """Return the context, which is the same for every reader: nothing of the request may enter here."""
    opinion = next(DOSSIER(pk), None)
    if opinion is None:
        raise Http404
    content = frame_of(opinion, tab)
    if tab == CARDS:
        return content | cards_content(opinion, content["facts"], ShownCards(opinion, *asked))
    return content | CONTENTS[tab](opinion, content["facts"])


def frame_of(opinion: Opinion, tab: str) -> dict[str, Any]:
    """Return what the head and the foot of every tab show."""
    published = published_facts(opinion)
    facts = published["facts"]
    whole = next((vote for vote in facts["votes"] if vote["is_whole"]), None)
    return published | {
        "opinion": opinion,
        "name": tab_name(tab),
        "is_first": tab == CARDS,
        "is_text": tab == TEXT,
        "tabs": tabs_of_opinion(opinion, facts, tab),
        "lead": object_widgets("opinion-lead", None, opinion),
        "links": object_widgets("public-opinion-links", None, opinion),
        "vote": counted_vote(whole) if whole else None,
        "path": path(opinion),
        "sittings": published_sittings(opinion),
    }


def tab_name(tab: str) -> str:
    names = {CARDS: _("Préconisations"), TEXT: _("Texte"), VOTES: _("Votes"), AMENDMENTS: _("Amendements")}
    return names[tab]


def tabs_of_opinion(opinion: Opinion, facts: OpinionFacts, current: str) -> list[Tab]:
    """Return the four tabs; an opinion without recommendations is answered as a whole."""
    counts = {
        CARDS: len(facts["data"]["recommendations"]),
        TEXT: None,
        VOTES: len(facts["votes"]),
        AMENDMENTS: len(facts["amendments"]),
    }
    return [
        Tab(
            tab_name(tab) if tab != CARDS or count else _("Réponse"),
            reverse(f"opinions:{tab}", args=[opinion.reference]),
            tab == current,
            count,
        )
        for tab, count in counts.items()
    ]


def counted_vote(vote: Mapping[str, Any]) -> dict[str, Any]:
    """Return a vote with its numbers as `groups`, kind and count of each answer, and in one line as `numbers`."""
    count = Count(vote["for"], vote["against"], vote["abstentions"], vote["no_opinion"])
    groups = [(kind, number) for kind, number, _label in votes_of(count, absent=0)]
    return {**vote, "groups": groups, "numbers": format_count(count)}


def cards_content(opinion: Opinion, facts: OpinionFacts, shown: ShownCards) -> dict[str, Any]:
    """Return the cards, and the contents of the text: their lines have the anchors that this address had once."""
    version = web_version_of(facts, {})
    notes = range(1, version["body"].notes.count('<li id="note-') + 1)
    return {"cards": object_widgets("public-opinion", None, shown), "contents": version["contents"], "notes": notes}


def text_content(opinion: Opinion, facts: OpinionFacts) -> dict[str, Any]:
    """Return the whole text as the PDF has it, each recommendation with its answer."""
    parts = widgets_by_part("public-opinion-part", None, opinion)
    return {"on_whole": parts.get("", "")} | web_version_of(facts, parts)


def votes_content(opinion: Opinion, facts: OpinionFacts) -> dict[str, Any]:
    return {"votes": [counted_vote(vote) for vote in facts["votes"]]}


def amendments_content(opinion: Opinion, facts: OpinionFacts) -> dict[str, Any]:
    """Return what was proposed and what became of it, without the names of members."""
    version = amendments.base_version(opinion)
    return {"rows": amendments.without_names(amendments.booklet(version), everybody(opinion)) if version else []}


CONTENTS: dict[str, Callable[[Opinion, OpinionFacts], dict[str, Any]]] = {
    TEXT: text_content,
    VOTES: votes_content,
    AMENDMENTS: amendments_content,
}
