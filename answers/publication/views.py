"""Thread of a proposal as a page and as an Atom feed (RFC 4287); answer table, its data and its seal."""

from datetime import datetime, time
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from answers.cases.rules import can_seal_table
from answers.pages import JSON_TYPE, ask_for_seal, proposal_or_404
from answers.progress.queries import last_report
from answers.publication import actions, queries
from answers.publication.cards import cards_of
from answers.voice.models import Proposal, opinion_of
from assembly.documents.feeds import absolute
from assembly.documents.pdf.source import canonical_json
from assembly.fragments.cache import cached_piece, fragment
from assembly.identity.http import UserRequest, recently_authenticated_to_write
from assembly.institution.models import Role
from assembly.institution.queries import main_assembly
from assembly.institution.rules import has_role
from assembly.speed.page_cache import public_page
from assembly.web.framing import framed_page
from assembly.web.pages import Question, confirmation_page
from opinions.models import Opinion
from opinions.opinions.queries import public_dossier, published_opinion
from opinions.pages import desk_opinion
from opinions.papers.queries import sealing_of


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
        lambda: render_to_string("answers/publication/_thread.html", _thread_content(row, may_rate)),
    )
    context = {"proposal": row, "opinion": opinion_of(row), "content": content}
    return render(request, "answers/publication/thread.html", context)


def _thread_content(proposal: Proposal, may_rate: bool) -> dict[str, Any]:
    """Return the context, alike for every reader, except the link with which members rate the answer."""
    card_address = absolute(reverse("answers:thread-card", args=[proposal.reference]))
    return {"thread": queries.thread_of(proposal), "may_rate": may_rate, "card_address": card_address}


@login_not_required
@require_safe
@framed_page
@public_page
def thread_card(request: HttpRequest, reference: str) -> HttpResponse:
    """Show a recommendation with its answer as a card that other sites may embed."""
    row = proposal_or_404(reference)
    rows = cards_of(queries.answer_summaries(opinion_of(row)))
    card = next((each for each in rows if each.proposal == row), None)
    return render(request, "answers/publication/card.html", {"proposal": row, "card": card})


@login_not_required
@require_safe
@public_page
def thread_feed(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the same steps for feed readers, cached for a minute however many requests come."""
    row = proposal_or_404(reference)
    thread = cached_piece(("thread-steps", *key_of(row)), lambda: queries.thread_of(row))
    return ThreadFeed(thread)(request)


class ThreadFeed(Feed):
    """Feed of the steps that took place, the latest first; each entry links to its step on the page."""

    feed_type = Atom1Feed

    def __init__(self, thread: queries.ProposalThread) -> None:
        self.thread = thread

    def title(self) -> str:
        row = self.thread.proposal
        return _("%(reference)s : %(title)s") % {"reference": row.reference, "title": row.title}

    def subtitle(self) -> str:
        return _("Ce que devient %(what)s, de la question à la réponse.") % {"what": self.thread.what}

    def author_name(self) -> str:
        assembly = main_assembly()
        return assembly.name if assembly else ""

    def link(self) -> str:
        return absolute(reverse("answers:thread", args=[self.thread.proposal.reference]))

    def feed_url(self) -> str:
        return absolute(reverse("answers:thread-feed", args=[self.thread.proposal.reference]))

    def items(self) -> list[queries.ThreadStep]:
        return [step for step in reversed(self.thread.steps) if step.day]

    def item_title(self, item: queries.ThreadStep) -> str:
        return item.title

    def item_description(self, item: queries.ThreadStep) -> str:
        """Return the step escaped: feed readers parse it as HTML, and what somebody typed stays text."""
        return escape(queries.entry_text(item))

    def item_link(self, item: queries.ThreadStep) -> str:
        return f"{self.link()}#{item.anchor}"

    item_guid = item_link

    def item_pubdate(self, item: queries.ThreadStep) -> datetime | None:
        return timezone.make_aware(datetime.combine(item.day, time.min)) if item.day else None

    item_updateddate = item_pubdate


def opinion_or_404(reference: str) -> Opinion:
    """Return a published opinion that was handed over, or raise 404: before that no answer is owed."""
    opinion = published_opinion(reference)
    if opinion is None or opinion.handed_over_on is None:
        raise Http404
    return opinion


@login_not_required
@require_safe
@public_page
def table(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the accessible web version of the sealed file, and whether an answer came after the seal."""
    opinion = opinion_or_404(reference)
    content = fragment(
        ("answer-table", opinion.pk),
        lambda: render_to_string("answers/publication/_table_page.html", _table_content(opinion.pk)),
    )
    return render(request, "answers/publication/table.html", {"opinion": opinion, "content": content})


def _table_content(pk: int) -> dict[str, Any]:
    """Return the context; it is cached for every reader, so nothing of the request may enter it."""
    opinion = public_dossier().get(pk=pk)
    return table_page_context(opinion) | {"report": last_report(opinion)}


def table_page_context(opinion: Opinion) -> dict[str, Any]:
    """Return the rows of the table, and the sealed file."""
    rows, document = queries.answer_summaries(opinion), queries.table_document(opinion)
    published = document.published_revision if document else None
    return queries.table_context(opinion, rows) | {
        "document": document,
        "is_current": queries.contains_answers(published, rows),
    }


@login_not_required
@require_safe
@public_page
def table_json(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the data of the table in the schema `hemicycle/answers/1`."""
    opinion = get_object_or_404(public_dossier(), pk=opinion_or_404(reference).pk)
    return HttpResponse(
        canonical_json(queries.table_data(opinion, queries.answer_summaries(opinion))), content_type=JSON_TYPE
    )


def seal_question(opinion: Opinion) -> Question:
    content = table_page_context(opinion)
    count, total = content["given"], len(content["rows"])
    template = ngettext("%(n)s réponse publiée sur %(all)s.", "%(n)s réponses publiées sur %(all)s.", count)
    return Question(
        _("Sceller et publier le tableau des réponses ?"),
        _("Sceller et publier"),
        reverse("answers:desk-table", args=[opinion.pk]),
        [
            template % {"n": count, "all": total},
            _("Tout le monde peut le lire et le vérifier. Un ancien cachet reste vérifiable."),
        ],
        about=opinion,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@recently_authenticated_to_write
def desk_table(request: UserRequest, pk: int) -> HttpResponse:
    """Show the state of the table; the lead has it sealed and published after a proof of identity."""
    opinion = desk_opinion(request, pk)
    if opinion.handed_over_on is None:
        raise Http404
    if request.method == "POST":
        return ask_for_seal(
            request,
            lambda: actions.seal(opinion, by=request.user),
            page=reverse("answers:desk-table", args=[opinion.pk]),
            success_message=_("Le tableau est sur le site public."),
        )
    may_seal = can_seal_table(request.user, opinion)
    if "sceller" in request.GET:
        if not may_seal:
            raise PermissionDenied
        return confirmation_page(request, seal_question(opinion))
    shown = {"sealing": sealing_of(opinion, queries.TABLE_KIND), "may_seal": may_seal}
    return render(request, "answers/publication/desk_table.html", table_page_context(opinion) | shown)
