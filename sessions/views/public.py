"""Public pages of the announced sittings."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from assembly.fragments.cache import fragment
from assembly.portal.share import share_card
from assembly.speed.page_cache import public_page
from assembly.text.french import format_moment
from assembly.web.pagination import keyset_page
from sessions.models import Minutes
from sessions.queries.minutes_facts import body_label
from sessions.queries.public import announced, public_dossier, public_lines
from sessions.sittings.queries.sittings import NEAREST, coming_sittings, past_sittings

YEAR = timedelta(days=366)


@login_not_required
@require_safe
@public_page
def public_list(request: HttpRequest) -> HttpResponse:
    """List the coming sittings, then those of the last year: titles, days and places only."""
    past = past_sittings(announced()).filter(ends_at__gte=timezone.now() - YEAR, starts_at__lte=timezone.now())
    upcoming = list(coming_sittings(announced()).for_screen()[: NEAREST + 1])
    page = keyset_page(past.for_screen(), request, ordering=("-starts_at",))
    context = {"upcoming": upcoming[:NEAREST], "has_more": len(upcoming) > NEAREST}
    context |= {"page": page, "count": past.count()}
    return render(request, "sessions/sittings/public_list.html", context)


@login_not_required
@require_safe
@public_page
def public_sitting(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the agenda, the votes and the minutes of one sitting.

    Whether it is announced is checked at each request, outside the cached fragment.
    """
    sitting = get_object_or_404(announced(), reference=reference)
    content = fragment(
        ("public-sitting", sitting.pk),
        lambda: render_to_string("sessions/sittings/_public_sitting.html", _public_content(sitting.pk)),
    )
    return render(request, "sessions/sittings/public_sitting.html", {"sitting": sitting, "content": content})


def _public_content(pk: int) -> dict[str, Any]:
    """Build the content that every reader gets: it must not depend on the request."""
    sitting = get_object_or_404(public_dossier(), pk=pk)
    minutes: Minutes | None = getattr(sitting, "minutes", None)
    document = minutes.public_document if minutes else None
    return {
        "sitting": sitting,
        "body": body_label(sitting),
        "lines": public_lines(sitting),
        "document": document if document and document.published_revision else None,
    }


@login_not_required
@require_safe
@public_page
def public_card(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the picture of that page for social networks."""
    sitting = get_object_or_404(announced().select_related("term"), reference=reference)
    return share_card(
        title=sitting.title,
        reference=sitting.reference,
        line=format_moment(sitting.starts_at),
        seats=sitting.term.seats,
    )
