"""Mon espace: what the assembly is asked, its state, who works on it."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.web.pagination import keyset_page
from consultations.pages import outside_status
from consultations.queries.briefing import hearing_counts, hearings_of
from consultations.queries.committees import committees_in_charge
from consultations.queries.member_area import (
    agenda_items_read_by,
    area_referrals,
    decisions_read_by,
    my_referrals,
    with_my_groups,
)
from consultations.views.frame import path


@require_safe
def referral_list(request: UserRequest) -> HttpResponse:
    """List the referrals, the latest on top; those of the reader's own groups are marked."""
    rows = with_my_groups(my_referrals(request.user), request.user.person_id)
    page = keyset_page(rows.for_screen(), request, ordering=("-created_at",))
    context = {"page": page, "count": my_referrals(request.user).count()}
    return render(request, "consultations/referrals/member_list.html", context)


@require_safe
def referral_page(request: UserRequest, pk: int) -> HttpResponse:
    referral = get_object_or_404(area_referrals(request.user).select_related("briefing", "signed_letter"), pk=pk)
    pack = getattr(referral, "briefing", None)
    context = {
        "referral": referral,
        "status": outside_status(referral),
        "path": path(referral),
        "parts": referral.parts,
        "groups": committees_in_charge(referral),
        "treated": agenda_items_read_by(request.user, referral),
        "decisions": decisions_read_by(request.user, referral),
        "pack_url": reverse("consultations:my-briefing", args=[referral.pk]) if pack and pack.is_released else "",
        "hearings": hearings_of(referral),
        "counts": hearing_counts(referral),
        "letter": f"{referral.reference}-LS"
        if referral.issue_channel == "visa"
        else "",  # it is sealed when the visa was given online
    }
    return render(request, "consultations/referrals/member.html", context)
