"""Mon espace: what the assembly is asked, its state, who works on it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.ui.pagination import keyset_page
from consultations.queries.briefing import hearing_counts, hearings_of
from consultations.queries.committees import in_charge
from consultations.queries.rooms import decisions_read_by, in_room, own_list, treated_for, with_own_groups
from consultations.views.frame import path
from consultations.views.referral_status import told_outside
from consultations.views.referrals import parts


@require_safe
def referral_list(request: UserRequest) -> HttpResponse:
    """List the referrals, the latest on top; those of the reader's own groups are marked."""
    rows = with_own_groups(own_list(request.user), request.user.person_id)
    page = keyset_page(rows.for_screen(), request, ordering=("-created_at",))
    context = {"page": page, "count": own_list(request.user).count()}
    return render(request, "consultations/member_referral_list.html", context)


@require_safe
def referral_page(request: UserRequest, pk: int) -> HttpResponse:
    referral = get_object_or_404(in_room(request.user).select_related("briefing", "signed_letter"), pk=pk)
    pack = getattr(referral, "briefing", None)
    context = {
        "referral": referral,
        "status": told_outside(referral),
        "path": path(referral),
        "parts": parts(referral),
        "groups": in_charge(referral),
        "treated": treated_for(request.user, referral),
        "decisions": decisions_read_by(request.user, referral),
        "pack_url": reverse("consultations:own-briefing", args=[referral.pk]) if pack and pack.is_released else "",
        "hearings": hearings_of(referral),
        "counts": hearing_counts(referral),
        "letter": f"{referral.reference}-LS"
        if referral.issue_channel == "visa"
        else "",  # it is sealed when the visa was given online
    }
    return render(request, "consultations/member_referral.html", context)
