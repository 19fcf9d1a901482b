"""A file of members: sent, looked at, confirmed."""

from operator import itemgetter
from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.rules import term_ids
from assembly.ui.csv import csv_response
from assembly.ui.form_page import form_page
from assembly.ui.forms import posted
from assembly.ui.lists import Column, List
from assembly.ui.versioned import attempt
from members import rules
from members.actions import imports as actions
from members.enums import BatchState
from members.forms import ImportConfirmForm, MembersImportForm
from members.import_columns import COLUMNS, EXAMPLE
from members.models import ImportBatch
from members.workflows import IMPORT_BATCH

SHOWN = 200
ERRORS = List(
    gettext_lazy("erreurs import membres"),
    [
        Column(gettext_lazy("Ligne"), itemgetter("line")),
        Column(gettext_lazy("Colonne"), itemgetter("column")),
        Column(gettext_lazy("Valeur"), itemgetter("value")),
        Column(gettext_lazy("Problème"), itemgetter("message")),
    ],
)
MOVES = {"arreter": "stop", "reprendre": "resume"}


@require_http_methods(["GET", "HEAD", "POST"])
def import_start(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_manage)
    return form_page(
        request,
        MembersImportForm(posted(request), request.FILES or None),
        lambda data: actions.preview(term, data["file"].read(), data["file"].name, by=request.user),
        template="members/import_start.html",
        context={"term": term, "columns": COLUMNS},
        field="file",
        to=page_of,
    )


def page_of(batch: ImportBatch) -> str:
    return reverse("members:import-page", args=[batch.public_id])


@require_safe
def import_model(request: UserRequest) -> HttpResponse:
    """An empty file with the right headers and one example."""
    working_term(request, rules.can_manage)
    return csv_response(_("modele membres"), [str(column.title) for column in COLUMNS], [EXAMPLE])


def batch_for(request: UserRequest, public_id: UUID) -> ImportBatch:
    """A preview of a term where the reader is in the team, as long as it is kept."""
    own = ImportBatch.objects.filter(term__in=term_ids(request.user, TEAM_ROLES), expires_at__gt=timezone.now())
    return get_object_or_404(own.select_related("term"), public_id=public_id)


@require_safe
def import_page(request: UserRequest, public_id: UUID) -> HttpResponse:
    """The preview before the confirmation, the progress, the result."""
    return show(request, batch_for(request, public_id), ImportConfirmForm())


def show(request: UserRequest, batch: ImportBatch, form: ImportConfirmForm, status: int = 200) -> HttpResponse:
    is_part = request.headers.get("HX-Request") == "true"
    if is_part or batch.state in (BatchState.RUNNING, BatchState.STOPPED):
        return render(request, f"members/import_progress.html{'#progress' if is_part else ''}", {"batch": batch})
    todo = batch.counters.get("create", 0) + batch.counters.get("update", 0)
    context: dict[str, Any] = {"batch": batch, "form": form, "counters": batch.counters, "todo": todo}
    context |= {"errors": batch.errors[:SHOWN], "rows": batch.rows[:SHOWN], "shown": SHOWN}
    context["label"] = ngettext("Importer %(n)s membre", "Importer %(n)s membres", todo) % {"n": todo}
    is_done = batch.state == BatchState.CONFIRMED
    return render(
        request, "members/import_done.html" if is_done else "members/import_page.html", context, status=status
    )


@require_POST
@recently_authenticated
def import_confirm(request: UserRequest, public_id: UUID) -> HttpResponse:
    batch = batch_for(request, public_id)
    if batch.state != BatchState.PREVIEWED:
        return redirect(page_of(batch))
    form = ImportConfirmForm(request.POST)
    tried = attempt(form, lambda version: actions.start(batch, by=request.user, **form.cleaned_data))
    return redirect(page_of(batch)) if tried.is_saved else show(request, batch, form, tried.status)


@require_POST
def import_move(request: UserRequest, public_id: UUID, verb: str) -> HttpResponse:
    """Stop an import that runs, or go on with a stopped one."""
    if verb not in MOVES:
        raise Http404
    batch = batch_for(request, public_id)
    IMPORT_BATCH.transition(batch, MOVES[verb], by=request.user)
    return redirect(page_of(batch))


@require_safe
@recently_authenticated
def import_errors(request: UserRequest, public_id: UUID) -> HttpResponse:
    batch = batch_for(request, public_id)
    return ERRORS.csv(batch.errors)
