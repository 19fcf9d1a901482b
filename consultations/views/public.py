"""What anybody may read of the referrals that were published: titles, question, frame, calendar, steps."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from assembly.ui.page_cache import public_page
from assembly.ui.pagination import keyset_page
from consultations.queries.briefing import hearing_counts, public_hearings
from consultations.queries.rooms import (
    public_documents,
    public_dossier,
    public_sittings,
    published_open_first,
)
from consultations.views.frame import path
from consultations.views.referral_status import told_outside
from consultations.views.referrals import parts


@login_not_required
@require_safe
@public_page
def referral_list(request: HttpRequest) -> HttpResponse:
    """What the assembly works on, then what it worked on."""
    rows = published_open_first()
    page = keyset_page(rows.for_screen(), request, ordering=("is_over", "-created_at"))
    context = {
        "page": page,
        "count": rows.count(),
        "open": [row for row in page if not row.is_over],
        "over": [row for row in page if row.is_over],
    }
    return render(request, "consultations/public_referral_list.html", context)


@login_not_required
@require_safe
@public_page
def referral_page(request: HttpRequest, reference: str) -> HttpResponse:
    referral = get_object_or_404(public_dossier(), reference=reference)
    context = {
        "referral": referral,
        "status": told_outside(referral),
        "path": path(referral),
        "parts": parts(referral),
        "sittings": public_sittings(referral),
        "documents": public_documents(referral),
        "hearings": public_hearings(referral),
        "counts": hearing_counts(referral),
        "view": getattr(referral, "council_view", None),
    }
    return render(request, "consultations/public_referral.html", context)
