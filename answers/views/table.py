"""Answer table: a page that anybody reads, its data, and the steps to its seal in the back office."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from answers.cases.rules import can_seal_table
from answers.publication import actions
from answers.queries.progress import last_report
from answers.queries.summaries import answer_summaries
from answers.queries.table import TABLE_KIND, contains_answers, table_context, table_data, table_document
from answers.views.sealing import ask_for_seal
from assembly.documents.pdf.source import canonical_json
from assembly.fragments.cache import fragment
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated_to_write
from assembly.speed.page_cache import public_page
from assembly.web.confirmation import Question, confirmation_page
from opinions.models import Opinion
from opinions.opinions.queries import public_dossier, published_opinion
from opinions.pages import desk_opinion
from opinions.papers.queries import sealing_of

JSON_TYPE = "application/json; charset=utf-8"


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
        lambda: render_to_string("answers/publication/_table_page.html", _content(opinion.pk)),
    )
    return render(request, "answers/publication/table.html", {"opinion": opinion, "content": content})


def _content(pk: int) -> dict[str, Any]:
    """Return the context; it is cached for every reader, so nothing of the request may enter it."""
    opinion = public_dossier().get(pk=pk)
    return table_page_context(opinion) | {"report": last_report(opinion)}


def table_page_context(opinion: Opinion) -> dict[str, Any]:
    """Return the rows of the table, and the sealed file."""
    rows, document = answer_summaries(opinion), table_document(opinion)
    published = document.published_revision if document else None
    return table_context(opinion, rows) | {"document": document, "is_current": contains_answers(published, rows)}


@login_not_required
@require_safe
@public_page
def table_json(request: HttpRequest, reference: str) -> HttpResponse:
    """Return the data of the table in the schema `hemicycle/answers/1`."""
    opinion = get_object_or_404(public_dossier(), pk=opinion_or_404(reference).pk)
    return HttpResponse(canonical_json(table_data(opinion, answer_summaries(opinion))), content_type=JSON_TYPE)


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
    shown = {"sealing": sealing_of(opinion, TABLE_KIND), "may_seal": may_seal}
    return render(request, "answers/publication/desk_table.html", table_page_context(opinion) | shown)
