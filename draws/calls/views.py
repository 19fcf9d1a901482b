"""Views of the call in the back office: its page and steps, its dates, the table of cells."""

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.models import Role
from assembly.institution.pages import working_term
from assembly.institution.rules import term_ids
from assembly.lists import Column, Table
from assembly.text.french import format_date
from assembly.web.forms import posted
from assembly.web.pages import form_page
from assembly.web.path import path_of
from assembly.workflow import StateConflict
from draws.calls import actions, rules
from draws.calls.forms import CallForm
from draws.calls.queries import call_cells, call_of, count_unexamined, extensions_of, has_ended, is_frozen, totals
from draws.calls.workflow import CALL, term_is_before_its_draw
from draws.models import Call, CallState, NextCallAddress

PATH = ("ouvrir", "clore")


def led_call(request: UserRequest, pk: int) -> Call:
    """Return a call of a term that the reader leads: nobody else takes a step of it."""
    led = term_ids(request.user, Role.LEAD)
    return get_object_or_404(Call.objects.filter(term__in=led).select_related("term"), pk=pk)


def call_fix_url(request: UserRequest, call: Call, code: str) -> str:
    return reverse("members:seat-list") if code == "seats" else reverse("draws:call-prepare")


def opening_lines(call: Call) -> list[str]:
    days = {"a": day(call.opens_on), "b": day(call.closes_on)}
    return [
        _("Le formulaire est public du %(a)s au %(b)s.") % days,
        _("Chaque personne candidate lit que ses données seront effacées le %(day)s, sauf tirage au sort.")
        % {"day": day(rules.erasure_day(call))},
        _("Ensuite les dates ne changent plus que par une prolongation motivée."),
    ]


def day(value: date) -> str:
    return format_date(value, weekday=False)


def waiting_addresses(call: Call) -> int:
    return NextCallAddress.objects.filter(assembly=call.term.assembly_id).count()


def announcing_lines(call: Call) -> list[str]:
    n = waiting_addresses(call)
    return [
        ngettext("Un courriel part à %(n)s adresse.", "Un courriel part à %(n)s adresses.", n) % {"n": n},
        _("Chaque message permet de ne plus en recevoir, d’un clic."),
    ]


def closing_lines(call: Call) -> list[str]:
    lines = [_("Le formulaire public se ferme. Vous pouvez encore saisir des bulletins reçus à temps.")]
    if n := count_unexamined(call):
        message = ngettext(
            "%(n)s candidature attend son examen : la liste du tirage ne se fige pas avant.",
            "%(n)s candidatures attendent leur examen : la liste du tirage ne se fige pas avant.",
            n,
        )
        lines.append(message % {"n": n})
    return lines


CALL_STEPS: StepPages[Call] = StepPages(
    CALL,
    name="draws:call-step",
    fetch=led_call,
    back=lambda request, call: reverse("draws:call"),
    eyebrow=lambda call: call.term.name,
    fix_url=call_fix_url,
)
CALL_STEPS.bind("consequences", {"open": opening_lines, "announce": announcing_lines, "close": closing_lines})
CALL_STEPS.bind("offered", {"announce": lambda user, call: waiting_addresses(call) > 0})


@require_safe
def call_page(request: UserRequest) -> HttpResponse:
    """Show the state of the call, and the next step."""
    term = working_term(request, rules.can_see_candidates)
    call = call_of(term)
    can_prepare = rules.can_prepare_call(request.user, term)
    if call is None:
        return render(request, "draws/calls/none.html", {"term": term, "can_prepare": can_prepare})
    extensions = extensions_of(call)
    first = CALL_STEPS.first_ready(request.user, call, PATH if has_ended(call) else PATH[:1])
    context = {
        "term": term,
        "call": call,
        "extensions": extensions,
        "until": rules.very_last_day(call, extensions),
        "erased_on": rules.erasure_day(call),
        "totals": totals(call),
        "path": path_of([(label.capitalize(), "") for label in CallState.labels], CallState.values.index(call.state)),
        "first": (CALL_STEPS.url(call, first), CALL_STEPS.pages[first].label) if first else None,
        "links": CALL_STEPS.links(request, call, without=[first]),
        "missing": CALL.missing(call, "open") if call.state == CallState.DRAFT else [],
        "is_too_late": call.state == CallState.DRAFT and not term_is_before_its_draw(call),
        "can_prepare": can_prepare and call.state == CallState.DRAFT,
    }
    return render(request, "draws/calls/desk.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def call_prepare(request: UserRequest) -> HttpResponse:
    """Edit dates and conditions, until the call opens."""
    term = working_term(request, rules.can_prepare_call)
    call = call_of(term)
    if call is not None and call.state != CallState.DRAFT:
        if request.method == "POST":
            raise StateConflict(call, "prepare")
        return redirect("draws:call")
    return form_page(
        request,
        CallForm(posted(request), instance=call),
        lambda data: actions.prepare(term, by=request.user, **data),
        template="draws/calls/prepare.html",
        context={"term": term},
        success_message=_("L’appel est préparé. Il n’est pas encore ouvert."),
        to=reverse("draws:call"),
    )


CELLS = Table(
    gettext_lazy("candidatures par canton"),
    [
        Column(gettext_lazy("Canton"), "canton.name"),
        Column(gettext_lazy("Genre"), "gender_label"),
        Column(gettext_lazy("Sièges"), "seats"),
        Column(gettext_lazy("Candidatures"), "people"),
        Column(gettext_lazy("Foyers"), "households"),
        Column(gettext_lazy("Recevables"), "eligible"),
        Column(gettext_lazy("Niveau"), "level"),
        Column(gettext_lazy("Manquent"), "missing"),
    ],
)


@require_safe
def cell_table(request: UserRequest) -> HttpResponse:
    """Show candidates beside seats, canton by canton, so that the team can act before a draw would fail."""
    term = working_term(request, rules.can_see_candidates)
    call = call_of(term)
    cells = call_cells(call) if call else []
    may_come = [] if call and is_frozen(call) else cells
    context: dict[str, Any] = {
        "term": term,
        "call": call,
        "cells": cells,
        "red": [cell for cell in may_come if cell.is_red],
        "amber": [cell for cell in may_come if cell.is_amber],
        "extend": CALL_STEPS.url(call, "prolonger")
        if call and CALL_STEPS.is_offered(request.user, call, "prolonger")
        else "",
        "today": timezone.localdate(),
    }
    return render(request, "draws/calls/cells.html", context)


@require_safe
def cell_table_export(request: UserRequest) -> HttpResponse:
    term = working_term(request, rules.can_see_candidates)
    call = call_of(term)
    return CELLS.described_file(request, call_cells(call) if call else [], place=term.name)
