"""What becomes of each proposal, for anybody: its thread as a page and as a feed."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from answers.queries.thread import public_recommendation, thread_of
from answers.views.feeds import ThreadFeed
from assembly.fragments.cache import fragment, until_changed
from assembly.institution.enums import Role
from assembly.institution.rules import has_role
from assembly.ui.page_cache import public_page
from opinions.models import Recommendation


def recommendation_or_404(reference: str) -> Recommendation:
    """Whether it is public is asked at each look; what it tells is kept."""
    row = public_recommendation(reference)
    if row is None:
        raise Http404
    return row


@login_not_required
@require_safe
@public_page
def thread(request: HttpRequest, reference: str) -> HttpResponse:
    """From the question to the answer, each step dated, linked and provable."""
    row = recommendation_or_404(reference)
    may_rate = has_role(request.user, Role.MEMBER, assembly=row.opinion.term.assembly_id)
    content = fragment(
        ("thread", row.pk, may_rate), lambda: render_to_string("answers/_thread.html", _content(row.pk, may_rate))
    )
    return render(request, "answers/thread.html", {"recommendation": row, "content": content})


def _content(pk: int, may_rate: bool) -> dict[str, Any]:
    """The same for every reader, but for the link of members to rate the answer."""
    return {"thread": thread_of(pk), "may_rate": may_rate}


@login_not_required
@require_safe
@public_page
def thread_feed(request: HttpRequest, reference: str) -> HttpResponse:
    """The same steps for newsreaders, kept a minute whoever hammers."""
    pk = recommendation_or_404(reference).pk
    thread = until_changed(("thread-steps", pk), lambda: thread_of(pk))
    return ThreadFeed(thread)(request)
