"""Views of a sitting before it begins."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.models import Committee, Term
from assembly.text.untrusted_input import whole_number
from assembly.web.form_page import form_page
from assembly.web.forms import posted
from assembly.web.versioned import differences
from sessions import pages
from sessions.enums import SittingKind
from sessions.forms.sittings import PLENARY, SittingEditForm, SittingForm, StartForm, TemplateForm, initial_of
from sessions.models import SittingTemplate
from sessions.sittings import rules
from sessions.sittings.actions import planning as actions
from sessions.sittings.queries.sittings import last_of_body

KIND_OF = {
    "thematic": SittingKind.THEMATIC,
    "territorial": SittingKind.THEMATIC,
    "cross_cutting": SittingKind.THEMATIC,
}


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_start(request: UserRequest) -> HttpResponse:
    """Ask who meets, and from what to start a new sitting."""
    term = working_term(request, rules.can_start)
    return form_page(
        request,
        StartForm(posted(request), term=term, initial={"body": PLENARY, "start": "last"}),
        lambda data: data,
        template="sessions/sittings/start.html",
        to=lambda data: reverse("sittings:create", args=[data["body"], data["start"]]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_create(request: UserRequest, body: str, start: str) -> HttpResponse:
    term = working_term(request, rules.can_see_term)
    committee = committee_of(term, body)
    if not rules.can_create(request.user, term, committee):
        raise PermissionDenied
    initial, lines, origin = beginning(term, committee, start)
    form = SittingForm(posted(request), term=term, initial=initial | {"officer": request.user.pk})
    kind = KIND_OF.get(committee.kind, SittingKind.COMMITTEE) if committee else SittingKind.PLENARY
    return form_page(
        request,
        form,
        lambda data: actions.create(
            term, kind=kind, committee=committee, by=request.user, lines=lines, **form.values()
        ),
        template="sessions/sittings/create.html",
        context={"committee": committee, "origin": origin},
        success_message=lambda sitting: (
            _("Séance %(ref)s créée. Complétez son ordre du jour.") % {"ref": sitting.reference}
        ),
        to=lambda sitting: f"{reverse('sittings:sitting', args=[sitting.pk])}#nouveau-point",
    )


def committee_of(term: Term, body: str) -> Committee | None:
    if body == PLENARY:
        return None
    committee = Committee.objects.filter(term=term, closed_on=None, pk=whole_number(body)).first()
    if committee is None:
        raise Http404
    return committee


def beginning(term: Term, committee: Committee | None, start: str) -> tuple[dict[str, Any], list[Any], str]:
    """Return the initial values of the form, the lines of the agenda, and a sentence about their source."""
    title = committee.name if committee else _("Séance plénière")
    blank = {"title": title, "is_public": committee is None, "is_quorum_required": committee is None}
    if start == "last" and (last := last_of_body(term, committee)):
        initial = initial_of(last)
        for name in ("day", "version", "message"):
            initial.pop(name, None)
        return initial, actions.agenda_lines(last), _("D’après la séance %(ref)s") % {"ref": last.reference}
    if template := SittingTemplate.objects.filter(term=term, pk=whole_number(start)).first():
        offers = {name: getattr(template, name) for name in ("offers_meal", "offers_childcare", "offers_transport")}
        return blank | offers, template.agenda, _("D’après le modèle « %(name)s »") % {"name": template.name}
    return blank, actions.first_lines(), ""


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_edit(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk, rules.can_edit)
    form = SittingEditForm(posted(request), term=sitting.term, initial=initial_of(sitting))
    return form_page(
        request,
        form,
        lambda data: actions.edit(sitting, version=data["version"], by=request.user, **form.values()),
        compare=lambda late: differences(SittingEditForm(term=sitting.term, initial=initial_of(late.current)), form),
        template="sessions/sittings/edit.html",
        context={"sitting": sitting},
        success_message=_("Séance enregistrée."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sitting_save_template(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    if not rules.can_create(request.user, sitting.term, sitting.committee):
        raise PermissionDenied
    return form_page(
        request,
        TemplateForm(posted(request), initial={"name": sitting.title}),
        lambda data: actions.save_template(sitting, name=data["name"], by=request.user),
        template="sessions/sittings/template.html",
        context={"sitting": sitting},
        success_message=_("Modèle enregistré."),
        to=reverse("sittings:sitting", args=[sitting.pk]),
    )


@require_safe
def sitting_history(request: UserRequest, pk: int) -> HttpResponse:
    sitting = pages.desk_sitting(request, pk)
    return render(request, "sessions/sittings/history.html", pages.context(request, sitting, "history"))
