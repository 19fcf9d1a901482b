"""Follow-up committee in the members’ area: the list, one follow-up, remarks and requested hearings."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from answers.follow_up.queries import follow_up_summaries
from answers.models import FollowUp
from answers.queries.committee import committee_notes, follow_ups_for_committee
from answers.rules.follow_up import follow_up_seats, late_days
from answers.workflows import FOLLOW_UP
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.web.pagination import keyset_page


def committee_follow_up_or_404(request: UserRequest, pk: int) -> FollowUp:
    """Return a follow-up that the reader’s committee follows, or raise 404."""
    return get_object_or_404(follow_ups_for_committee(request.user), pk=pk)


def page_of(request: UserRequest, row: FollowUp) -> str:
    return reverse("answers:committee-follow-up", args=[row.pk])


COMMITTEE_STEPS = StepPages(
    FOLLOW_UP,
    "committee",
    name="answers:committee-step",
    fetch=committee_follow_up_or_404,
    back=page_of,
    eyebrow=lambda row: f"{row.case.reference}, {row.case.title}",
)


@require_safe
def committee_follow_ups(request: UserRequest) -> HttpResponse:
    """List what the committee follows, the longest missing update first."""
    if not follow_up_seats(request.user).exists():
        raise PermissionDenied
    rows, today = follow_ups_for_committee(request.user), timezone.localdate()
    page = keyset_page(rows.for_screen(), request, ordering=("update_due_on",))
    context = {"page": page, "rows": [(row, late_days(row, today)) for row in page], "count": rows.count()}
    return render(request, "answers/follow_up/committee_list.html", context)


@require_safe
def committee_follow_up(request: UserRequest, pk: int) -> HttpResponse:
    row = committee_follow_up_or_404(request, pk)
    context: dict[str, Any] = {
        "row": row,
        "summary": follow_up_summaries([row.case_id])[row.case_id],
        "committee_notes": committee_notes(row),
        "links": COMMITTEE_STEPS.links(request, row),
    }
    return render(request, "answers/follow_up/committee.html", context)
