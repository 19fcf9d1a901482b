"""Opinions outside the back office: the members' area, the president's office and the sponsor, the public site."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from assembly.fragments.cache import fragment
from assembly.identity.http import UserRequest
from assembly.portal.registry import object_widgets, page_widgets, widgets_by_part
from assembly.portal.share import share_card
from assembly.speed.compiled_query import CompiledQuery
from assembly.speed.page_cache import public_page
from assembly.web.pagination import keyset_page
from opinions.documents.web_version import web_version_of
from opinions.enums import PositionState
from opinions.models import MinorityPosition
from opinions.opinions.views import section_row
from opinions.pages import status_of
from opinions.papers.queries import label_of
from opinions.queries.areas import my_opinions, public_dossier, published_opinion, published_opinions
from opinions.queries.opinion_annexes import with_annexes
from opinions.queries.opinions import (
    figures,
    my_sections,
    sections_of,
    visible_opinion,
    with_leads,
)
from opinions.queries.papers import my_due_capacity
from opinions.rules import opinions as rules
from opinions.versions.queries import vote_data
from opinions.views.dossier import path
from opinions.views.reading import recommendation_widgets, version_to_read
from opinions.views.sections import member_opinion
from sessions.sittings.queries.sittings import published_sittings


@require_safe
def member_opinion_list(request: UserRequest) -> HttpResponse:
    """Show what the assembly writes and what it has written."""
    rows = my_opinions(request.user)
    page = keyset_page(rows.for_screen(), request, ordering=("-created_at",))
    return render(request, "opinions/opinions/member_list.html", {"page": page, "count": rows.count()})


@require_safe
def member_opinion_page(request: UserRequest, pk: int) -> HttpResponse:
    """Show one opinion: the reader's own text first, then its state."""
    opinion = member_opinion(request, pk)
    sections, mine = sections_of(opinion), my_sections(request.user, opinion)
    rows = [section_row(request, section) for section in with_leads(sections)]
    context = {
        "opinion": opinion,
        "status": status_of(opinion, figures(opinion), {}),
        "path": path(opinion),
        "rows": sorted(rows, key=lambda row: row["section"].pk not in mine),
        "mine": mine,
        "version": version_to_read(opinion),
        "my_visa": opinion.is_adopted and my_due_capacity(request.user, opinion),
    }
    return render(request, "opinions/opinions/member.html", context | recommendation_widgets(request.user, opinion))


@require_safe
def office_opinion(request: UserRequest, pk: int) -> HttpResponse:
    """Show the present text, recommendations, minority positions and vote to the president's office or sponsor."""
    opinion = visible_opinion(request.user, pk)
    if not rules.can_read_as_office(request.user, opinion):
        raise PermissionDenied
    positions = MinorityPosition.objects.filter(opinion=opinion, state=PositionState.SUBMITTED)
    context = {
        "opinion": opinion,
        "status": status_of(opinion, figures(opinion), {}),
        "path": path(opinion),
        "version": version_to_read(opinion),
        "positions": list(positions.for_screen()) if opinion.is_adopted else [],
        "ballot": opinion.ballot if opinion.is_adopted else None,
    }
    return render(request, "opinions/opinions/office.html", context | recommendation_widgets(request.user, opinion))


@login_not_required
@require_safe
@public_page
def public_list(request: HttpRequest) -> HttpResponse:
    """Show the published opinions of the assembly, the latest first."""
    rows = published_opinions().select_related("term")
    page = keyset_page(rows.for_screen(), request, ordering=("-adopted_on", "-pk"))
    context = {"page": page, "count": rows.count(), "widgets": page_widgets("public-opinion-list", None, None)["main"]}
    return render(request, "opinions/papers/public_list.html", context)


@login_not_required
@require_safe
@public_page
def public_opinion(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the accessible web version of the PDF: the adopted text, votes, minority positions, easy-read summary.

    Whether it is published is checked at each request; its content is cached.
    """
    opinion = published_opinion(reference)
    if opinion is None:
        raise Http404
    content = fragment(
        ("public-opinion", opinion.pk),
        lambda: render_to_string("opinions/papers/_public.html", _public_content(opinion.pk)),
    )
    return render(request, "opinions/papers/public.html", {"opinion": opinion, "content": content})


DOSSIER = CompiledQuery(lambda pk: with_annexes(public_dossier()).filter(pk=pk))


def _public_content(pk: int) -> dict[str, Any]:
    """Return the context, which is the same for every reader: nothing of the request may enter here."""
    opinion = next(DOSSIER(pk), None)
    if opinion is None:
        raise Http404
    parts = widgets_by_part("public-opinion-part", None, opinion)
    facts = {
        "opinion": opinion,
        "path": path(opinion),
        "on_whole": parts.get("", ""),
        "lead": object_widgets("opinion-lead", None, opinion),
        "sittings": published_sittings(opinion),
    }
    return facts | web_version_of(opinion, parts)


@login_not_required
@require_safe
@public_page
def public_card(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the picture of that page for sharing: its vote fills the seats."""
    rows = published_opinions().filter(reference=reference).select_related("term", "ballot")
    opinion = get_object_or_404(rows)
    vote = vote_data(opinion.ballot) if opinion.ballot else {}
    return share_card(
        title=opinion.title,
        reference=f"{label_of(opinion)} {opinion.reference}",
        line=vote.get("sentence", ""),
        seats=opinion.term.seats,
        votes=(vote.get("for", 0), vote.get("against", 0), vote.get("abstentions", 0)),
    )
