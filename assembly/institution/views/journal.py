"""Views of the journal in the back office: filters in the address, keyset pages, CSV; and its published head."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from assembly.audit.lines import JournalLine, bursts, journal_lines
from assembly.audit.models import Entry, Head
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution import queries, rules
from assembly.institution.forms import JournalFilter
from assembly.institution.pages import set_page_term
from assembly.lists import Column, Table
from assembly.web.pagination import LONG_PAGE, keyset_page

MOST_LINES = 20_000


def format_facts(line: JournalLine) -> str:
    return ", ".join(f"{name}: {value}" for name, value in line.facts.items())


LINES = Table(
    gettext_lazy("Journal"),
    [
        Column(gettext_lazy("Moment"), "at"),
        Column(gettext_lazy("Auteur"), "who"),
        Column(gettext_lazy("Action"), "what"),
        Column(gettext_lazy("Objet"), "subject"),
        Column(gettext_lazy("Détail"), "detail"),
        Column(gettext_lazy("Faits"), format_facts),
    ],
)


def _filtered_entries(request: UserRequest) -> tuple[JournalFilter, QuerySet[Entry]]:
    if not rules.can_read_journal(request.user):
        raise PermissionDenied
    form = JournalFilter(request.GET)
    return form, form.narrowed(queries.journal_for(request.user)).select_related("detail")


@require_safe
def journal(request: UserRequest) -> HttpResponse:
    form, rows = _filtered_entries(request)
    page = keyset_page(rows, request, ordering=("-pk",), size=2 * LONG_PAGE)
    lines = journal_lines(page.rows, request.user)
    context = {"form": form, "page": page, "bursts": bursts(lines), "query": request.GET.urlencode()}
    return render(request, "audit/journal.html", context)


@require_safe
@recently_authenticated
def journal_export(request: UserRequest) -> HttpResponse:
    """Export the filtered lines, newest first, at most 20 000 of them."""
    form, rows = _filtered_entries(request)
    return LINES.described_file(request, journal_lines(rows.order_by("-pk")[:MOST_LINES]), form)


@require_safe
def history(request: UserRequest, label: str, pk: str) -> HttpResponse:
    """Show every line of the journal about one dossier."""
    rows = queries.history_for(request.user, label, pk).select_related("detail")
    page = keyset_page(rows, request, ordering=("-pk",), size=LONG_PAGE)
    if not page.rows:
        raise Http404
    set_page_term(request, page.rows[0].term_id)
    return render(request, "audit/history_page.html", {"page": page, "lines": journal_lines(page.rows)})


@require_safe
@login_not_required
@cache_control(public=True, max_age=300)
def head_json(request: HttpRequest) -> JsonResponse:
    """Return the last published head of the hash chain; a copy of it proves later that nothing before it changed."""
    last = Head.objects.order_by("-published_at", "-pk").first()
    if last is None:
        return JsonResponse({"maillon": 0, "empreinte": None, "publiee": None})
    return JsonResponse({"maillon": last.seq, "empreinte": last.hash, "publiee": last.published_at.isoformat()})
