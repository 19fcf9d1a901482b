"""What becomes of each proposal, for anybody: its thread as a page and as a feed."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from answers.publication.queries import public_proposal, thread_of
from answers.publication.views import ThreadFeed
from answers.voice.models import Proposal, opinion_of
from assembly.fragments.cache import cached_piece, fragment
from assembly.institution.enums import Role
from assembly.institution.rules import has_role
from assembly.speed.page_cache import public_page


def proposal_or_404(reference: str) -> Proposal:
    """Return the proposal or raise 404; its publication is checked at each request, its content is cached."""
    row = public_proposal(reference)
    if row is None:
        raise Http404
    return row


def key_of(proposal: Proposal) -> tuple[str, int]:
    return type(proposal).__name__, proposal.pk


@login_not_required
@require_safe
@public_page
def thread(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the steps from the question to the answer, each with its day, its links and its proof."""
    row = proposal_or_404(reference)
    may_rate = has_role(request.user, Role.MEMBER, assembly=opinion_of(row).term.assembly_id)
    content = fragment(
        ("thread", *key_of(row), may_rate),
        lambda: render_to_string("answers/publication/_thread.html", _content(row, may_rate)),
    )
    context = {"proposal": row, "opinion": opinion_of(row), "content": content}
    return render(request, "answers/publication/thread.html", context)


def _content(proposal: Proposal, may_rate: bool) -> dict[str, Any]:
    """Return the context, alike for every reader, except the link with which members rate the answer."""
    return {"thread": thread_of(proposal), "may_rate": may_rate}


@login_not_required
@require_safe
@public_page
def thread_feed(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the same steps for feed readers, cached for a minute however many requests come."""
    row = proposal_or_404(reference)
    thread = cached_piece(("thread-steps", *key_of(row)), lambda: thread_of(row))
    return ThreadFeed(thread)(request)
