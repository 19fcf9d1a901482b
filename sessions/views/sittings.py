"""The list of sittings and what is said of one before it begins."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.context_processors import InstitutionContext
from assembly.institution.models import Committee, Term
from assembly.ui.csv import csv_response
from assembly.ui.forms import posted
from assembly.ui.pagination import keyset_page, sorting
from assembly.ui.untrusted_input import whole_number
from assembly.ui.versioned import attempt, differences
from sessions.actions import sittings as actions
from sessions.enums import SittingKind
from sessions.forms.sittings import (
    PLENARY,
    SittingEditForm,
    SittingFilterForm,
    SittingForm,
    StartForm,
    TemplateForm,
    initial_of,
)
from sessions.models import SittingTemplate
from sessions.queries.sittings import last_of_body, listing
from sessions.rules import sittings as rules
from sessions.views import dossier

COLUMNS = {"date": ("starts_at",), "titre": ("title",), "etat": ("state", "starts_at"), "reference": ("reference",)}
KIND_OF = {
    "thematic": SittingKind.THEMATIC,
    "territorial": SittingKind.THEMATIC,
    "cross_cutting": SittingKind.THEMATIC,
}


def desk_term(request: UserRequest) -> Term:
    """The term of the switcher, else the first where the reader works in the bureau."""
    house = InstitutionContext(request)
    for term in [*([house.term] if house.term else []), *house.terms]:
        if rules.can_see_term(request.user, term):
            return term
    raise PermissionDenied


@require_safe
def sitting_list(request: UserRequest) -> HttpResponse:
    term = desk_term(request)
    form = SittingFilterForm(request.GET, term=term)
    rows = listing(request.user, term).filter(form.condition())
    order = sorting(request, COLUMNS, default="-date")
    context = {
        "term": term,
        "form": form,
        "page": keyset_page(rows.for_screen(), request, ordering=order.ordering),
        "count": rows.count(),
        "order": order,
        "columns": list_columns(),
        "can_create": rules.can_create(request.user, term),
        "export": f"{reverse('sittings:export')}?{request.GET.urlencode()}",
        "is_filtered": form.is_used,
    }
    return render(request, "sessions/sitting_list.html", context)


def list_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Séance"), "key": "titre"},
        {"label": _("Date"), "key": "date"},
        {"label": _("Référence"), "key": "reference"},
        {"label": _("Viennent"), "number": True},
        {"label": _("État"), "key": "etat"},
    ]


@require_safe
def sitting_export(request: UserRequest) -> HttpResponse:
    """Exactly the list shown, whole."""
    term = desk_term(request)
    form = SittingFilterForm(request.GET, term=term)
    order = sorting(request, COLUMNS, default="-date").ordering
    rows = listing(request.user, term).filter(form.condition()).order_by(*order)
    return csv_response(_("Séances"), export_header(), (export_line(row) for row in rows.for_screen()))


def export_header() -> list[str]:
    return [
        _("Référence"),
        _("Titre"),
        _("Instance"),
        _("Début"),
        _("Fin"),
        _("Lieu"),
        _("État"),
        _("Convoqués"),
        _("Viennent"),
    ]


def export_line(row: Any) -> list[object]:
    """One sitting, with the counts of `with_counts`."""
    return [
        row.reference,
        row.title,
        row.committee.name if row.committee else _("Assemblée plénière"),
        row.starts_at,
        row.ends_at,
        row.place_name,
        row.get_state_display(),
        row.asked,
        row.coming,
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_start(request: UserRequest) -> HttpResponse:
    """First question of a new sitting: who meets, and from what."""
    term = desk_term(request)
    if not rules.can_start(request.user, term):
        raise PermissionDenied
    form = StartForm(posted(request), term=term, initial={"body": PLENARY, "start": "last"})
    if request.method == "POST" and form.is_valid():
        return redirect("sittings:create", body=form.cleaned_data["body"], start=form.cleaned_data["start"])
    return render(request, "sessions/sitting_start.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_create(request: UserRequest, body: str, start: str) -> HttpResponse:
    term = desk_term(request)
    committee = committee_of(term, body)
    if not rules.can_create(request.user, term, committee):
        raise PermissionDenied
    initial, lines, origin = beginning(term, committee, start)
    form = SittingForm(posted(request), term=term, initial=initial | {"officer": request.user.pk})
    if request.method == "POST" and form.is_valid():
        kind = KIND_OF.get(committee.kind, SittingKind.COMMITTEE) if committee else SittingKind.PLENARY
        made = actions.create(term, kind=kind, committee=committee, by=request.user, lines=lines, **form.values())
        messages.success(request, _("Séance %(ref)s créée. Complétez son ordre du jour.") % {"ref": made.reference})
        return redirect("sittings:sitting", made.pk)
    return render(request, "sessions/sitting_create.html", {"form": form, "committee": committee, "origin": origin})


def committee_of(term: Term, body: str) -> Committee | None:
    if body == PLENARY:
        return None
    found = Committee.objects.filter(term=term, closed_on=None, pk=whole_number(body)).first()
    if found is None:
        raise Http404
    return found


def beginning(term: Term, committee: Committee | None, start: str) -> tuple[dict[str, Any], list[Any], str]:
    """What the form and the agenda begin with, and the sentence that says it."""
    title = committee.name if committee else _("Séance plénière")
    blank = {"title": title, "is_public": committee is None, "is_quorum_required": committee is None}
    if start == "last" and (last := last_of_body(term, committee)):
        kept = initial_of(last)
        for name in ("day", "version", "message"):
            kept.pop(name, None)
        return kept, actions.agenda_lines(last), _("D’après la séance %(ref)s") % {"ref": last.reference}
    if template := SittingTemplate.objects.filter(term=term, pk=whole_number(start)).first():
        offers = {name: getattr(template, name) for name in ("offers_meal", "offers_childcare", "offers_transport")}
        return blank | offers, template.agenda, _("D’après le modèle « %(name)s »") % {"name": template.name}
    return blank, actions.first_lines(), ""


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_edit(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_edit(request.user, sitting):
        raise PermissionDenied
    form = SittingEditForm(posted(request), term=sitting.term, initial=initial_of(sitting))
    tried = attempt(
        form,
        lambda version: actions.edit(sitting, version=version, by=request.user, **form.values()),
        compare=lambda conflict: differences(
            SittingEditForm(term=sitting.term, initial=initial_of(conflict.current)), form
        ),
    )
    if tried.is_saved:
        messages.success(request, _("Séance enregistrée."))
        return redirect("sittings:sitting", sitting.pk)
    return render(request, "sessions/sitting_edit.html", {"form": form, "sitting": sitting}, status=tried.status)


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_save_template(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    if not rules.can_create(request.user, sitting.term, sitting.committee):
        raise PermissionDenied
    form = TemplateForm(posted(request), initial={"name": sitting.title})
    if request.method == "POST" and form.is_valid():
        actions.save_template(sitting, name=form.cleaned_data["name"], by=request.user)
        messages.success(request, _("Modèle enregistré."))
        return redirect("sittings:sitting", sitting.pk)
    return render(request, "sessions/sitting_template.html", {"form": form, "sitting": sitting})


@require_safe
def sitting_history(request: UserRequest, pk: int) -> HttpResponse:
    sitting = dossier.desk_sitting(request, pk)
    return render(request, "sessions/sitting_history.html", dossier.context(request, sitting, "history"))
