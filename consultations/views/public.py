"""Public pages of the referrals that were published: titles, question, frame, calendar, steps."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assembly.portal.registry import page_widgets
from assembly.portal.share import share_card
from assembly.speed.page_cache import public_page
from assembly.web.pagination import keyset_page
from consultations.pages import outside_status
from consultations.queries.briefing import hearing_counts, public_hearings
from consultations.queries.member_area import (
    public_documents,
    public_dossier,
    published,
    published_open_first,
)
from consultations.views.frame import path
from sessions.queries.public import published_sittings


@login_not_required
@require_safe
@public_page
def referral_list(request: HttpRequest) -> HttpResponse:
    """List what the assembly works on, then what the council must answer, then what is over."""
    rows = published_open_first()
    page = keyset_page(rows.for_screen(), request, ordering=("is_over", "-created_at"))
    context = {
        "page": page,
        "count": rows.count(),
        "open": [row for row in page if not row.is_over],
        "answered": [row for row in page if row.is_over == 1],
        "over": [row for row in page if row.is_over == 2],
    }
    return render(request, "consultations/referrals/public_list.html", context)


@login_not_required
@require_safe
@public_page
def referral_page(request: HttpRequest, reference: str) -> HttpResponse:
    referral = get_object_or_404(public_dossier(), reference=reference)
    context = {
        "referral": referral,
        "status": outside_status(referral),
        "path": path(referral),
        "parts": referral.parts,
        "sittings": published_sittings(referral),
        "answers": page_widgets("public-referral", None, referral)["main"],
        "documents": public_documents(referral),
        "hearings": public_hearings(referral),
        "counts": hearing_counts(referral),
        "view": getattr(referral, "council_view", None),
    }
    return render(request, "consultations/referrals/public.html", context)


@login_not_required
@require_safe
@public_page
def public_card(request: HttpRequest, reference: str) -> HttpResponse:
    """Send the picture of that page for links that are shared."""
    referral = get_object_or_404(published().select_related("term", "merged_into"), reference=reference)
    return share_card(
        title=referral.question or referral.title,
        reference=referral.reference,
        line=outside_status(referral).sentence,
        seats=referral.term.seats,
    )
