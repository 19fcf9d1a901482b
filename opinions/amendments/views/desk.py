"""Amendments in the back office: the table in its order of call, one amendment with its steps, the booklet."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext as _, gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from assembly.audit.actions import record as write_journal
from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution.models import Committee
from assembly.lists import Column, Table
from assembly.text.french import format_moment
from assembly.web.forms import posted
from assembly.web.pages import Context, form_page
from opinions.amendments import actions, queries, rules
from opinions.amendments.actions import consent
from opinions.amendments.forms import AmendmentFilterForm, AmendmentRecordForm, RecordRecommendationForm
from opinions.amendments.queries import AmendmentRow, dossier
from opinions.amendments.rules import Window, window
from opinions.amendments.workflow import AMENDMENT
from opinions.models import Amendment, AmendmentState, Opinion
from opinions.opinions.queries import figures, sitting_people
from opinions.opinions.rules import can_see_desk
from opinions.pages import amendments_to_check, desk_opinion, tabs
from sessions.pages import origin_page


def desk_amendment(request: UserRequest, pk: int) -> Amendment:
    """Return one amendment for the back office."""
    amendment = get_object_or_404(dossier(request.user), pk=pk)
    if not can_see_desk(request.user, amendment.opinion.term_id):
        raise PermissionDenied
    return amendment


A = AmendmentState


def window_sentence(opinion: Opinion, now: datetime) -> str:
    """Return until when amendments may be proposed, or why they may not."""
    closes, opens = opinion.amendments_close_at, opinion.amendments_open_at
    match window(opinion, now):
        case Window.OPEN:
            return _("Vous pouvez proposer des amendements jusqu’au %(moment)s.") % {"moment": format_moment(closes)}
        case Window.TO_COME:
            if opens is None:
                return _("Les amendements ne sont pas encore ouverts.")
            return _("Les amendements s’ouvriront le %(moment)s.") % {"moment": format_moment(opens)}
        case Window.CLOSED:
            if closes is None:
                return _("Le dépôt des amendements est fermé.")
            return _("Le dépôt des amendements s’est fermé le %(moment)s.") % {"moment": format_moment(closes)}
    return _("Cet avis n’est pas encore déposé : il n’a pas d’amendements.")


def desk_sentence(rows: list[AmendmentRow], *, is_in_sitting: bool) -> str:
    """Return what the team has to do, the most urgent first."""
    states = [row.amendment.state for row in rows]
    to_check, waiting = states.count(A.SUBMITTED), sum(state in A.tagged("uncalled") for state in states)
    if A.DEBATED in states:
        number = next(row.amendment.number for row in rows if row.amendment.state == A.DEBATED)
        return _("L’amendement n°\u00a0%(n)s est en discussion.") % {"n": number}
    if to_check:
        return amendments_to_check(to_check)
    if waiting and is_in_sitting:
        return ngettext("%(n)s amendement reste à appeler.", "%(n)s amendements restent à appeler.", waiting) % {
            "n": waiting
        }
    if waiting:
        return ngettext(
            "%(n)s amendement sera appelé en séance.", "%(n)s amendements seront appelés en séance.", waiting
        ) % {"n": waiting}
    return _("Tous les amendements sont décidés.") if rows else _("Aucun amendement n’est déposé.")


# Steps that move the amendment forward are big buttons.
FIRST = {"recevable", "appeler", "voter", "retablir"}


def return_query(request: UserRequest) -> str:
    """Return the query string with the address to return to, if the reader came from the order of call."""
    back = origin_page(request)
    return format_return_query(back) if back else ""


def format_return_query(address: str) -> str:
    return f"?{urlencode({'retour': address}, safe='/')}"


def back_to(request: UserRequest, amendment: Amendment) -> str:
    """Return the amendment; once its result is recorded, the order of call if the reader came from it."""
    is_over = request.method == "POST" and amendment.is_decided
    return (is_over and origin_page(request)) or reverse("opinions:amendment", args=[amendment.pk]) + return_query(
        request
    )


def amendment_label(amendment: Amendment) -> str:
    label = gettext("Amendement n°\u00a0%(n)s, %(ref)s")
    return label % {"n": amendment.number, "ref": amendment.opinion.reference}


STEPS = StepPages(
    AMENDMENT,
    name="opinions:amendment-step",
    fetch=desk_amendment,
    back=back_to,
    eyebrow=amendment_label,
)
STEPS.bind("action", {"sans-opposition": consent})

COLUMNS = [
    Column(gettext_lazy("Ordre"), "rank"),
    Column(gettext_lazy("Numéro"), "amendment.number"),
    Column(gettext_lazy("Passage"), "place"),
    Column(gettext_lazy("Ce qui est proposé"), "description.sentence"),
    Column(gettext_lazy("Nouveau texte"), lambda row: queries.plain_text(row.amendment)),
    Column(gettext_lazy("Pourquoi"), "amendment.reason"),
    Column(gettext_lazy("Auteur"), lambda row: row.signers[0]),
    Column(gettext_lazy("Cosignataires"), lambda row: ", ".join(row.signers[1:])),
    Column(gettext_lazy("Reçu"), "amendment.get_via_display"),
    Column(gettext_lazy("État"), "amendment.get_state_display"),
    Column(gettext_lazy("Avis du rapporteur"), "amendment.get_view_stance_display"),
    Column(gettext_lazy("Résultat"), lambda row: row.result or row.amendment.end_reason or row.amendment.check_reason),
    Column(gettext_lazy("Se heurte à"), lambda row: ", ".join(map(str, row.collides))),
]


def rows_of(request: UserRequest, opinion: Opinion) -> list[queries.AmendmentRow]:
    """Return the rows in the order of call, each with its rank and its collisions."""
    version = queries.base_version(opinion)
    return queries.rows(version, queries.listing(request.user, version)) if version else []


def narrowed(every: list[queries.AmendmentRow], form: AmendmentFilterForm) -> list[queries.AmendmentRow]:
    """Return the filtered rows; they have the rank and the collisions that they have among all."""
    if not form.is_used:
        return every
    matches = Amendment.objects.filter(form.condition(), pk__in=[row.amendment.pk for row in every])
    asked = set(matches.values_list("pk", flat=True))
    return [row for row in every if row.amendment.pk in asked and (row.collides or not form.only_colliding)]


@require_safe
def desk_list(request: UserRequest, pk: int) -> HttpResponse:
    opinion = desk_opinion(request, pk)
    form = AmendmentFilterForm(request.GET)
    every = rows_of(request, opinion)
    context = {
        "opinion": opinion,
        "tabs": tabs(request, opinion, figures(opinion), "amendments"),
        "form": form,
        "rows": narrowed(every, form),
        "count": len(every),
        "sentence": desk_sentence(every, is_in_sitting=rules.is_in_sitting(opinion)),
        "window": window_sentence(opinion, timezone.now()),
        "next": next_row(every, opinion),
        "return_query": format_return_query(request.get_full_path()),
        "can_record": rules.can_record(request.user, opinion),
        "export": f"{reverse('opinions:amendments-export', args=[pk])}?{request.GET.urlencode()}",
        "has_next_text": queries.has_next_text(opinion),
    }
    return render(request, "opinions/amendments/list.html", context)


def next_row(rows: list[queries.AmendmentRow], opinion: Opinion) -> queries.AmendmentRow | None:
    """Return the first row that the team has to treat: to check, or in the sitting to call or to vote."""
    callable_states = ["debated", "admissible", "rapporteur_view"] if rules.is_in_sitting(opinion) else []
    for states in (callable_states[:1], ["submitted"], callable_states[1:]):
        match = next((row for row in rows if row.amendment.state in states), None)
        if match is not None:
            return match
    return None


@require_safe
@recently_authenticated
def export(request: UserRequest, pk: int) -> HttpResponse:
    """Export exactly the table shown, in the order of call."""
    opinion = desk_opinion(request, pk)
    form = AmendmentFilterForm(request.GET)
    rows = narrowed(rows_of(request, opinion), form)
    with transaction.atomic():
        write_journal("amendment.exported", opinion, by=request.user, rows=len(rows))
    return Table(_("Amendements %(ref)s") % {"ref": opinion.reference}, COLUMNS).described_file(request, rows, form)


@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    """Show one amendment with the steps that the team may take."""
    amendment = desk_amendment(request, pk)
    opinion = amendment.opinion
    every = queries.rows(amendment.version, queries.of_version(amendment.version))
    at = next(index for index, row in enumerate(every) if row.amendment.pk == pk)
    context = {
        "opinion": opinion,
        "amendment": amendment,
        "row": every[at],
        "steps": steps_for(request, amendment),
        "return_query": return_query(request),
        "subs": [row for row in every if row.amendment.parent_id == pk],
        "before": every[at - 1].amendment if at else None,
        "after": every[at + 1].amendment if at + 1 < len(every) else None,
        "can_amend": rules.can_record(request.user, opinion) and queries.is_amendable(amendment),
    }
    return render(request, "opinions/amendments/show.html", context)


def steps_for(request: UserRequest, amendment: Amendment) -> list[dict[str, Any]]:
    """Return the steps that may be taken now, those that move it forward as big buttons."""
    return [
        {"link": STEPS.link(request, amendment, slug), "primary": slug in FIRST}
        for slug in STEPS.offered(request.user, amendment)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def record(request: UserRequest, pk: int) -> HttpResponse:
    """Key in what a member gave on paper, by telephone or in the sitting."""
    opinion = recording(request, pk)
    form = record_form(request, opinion)

    def context() -> dict[str, Any]:
        shown = queries.shown_passage(opinion, form["alinea_from"].value(), None, form["parent"].value())
        return {"opinion": opinion, "shown": shown}

    return record_page(request, opinion, form, context)


@require_http_methods(["GET", "HEAD", "POST"])
def record_recommendation(request: UserRequest, pk: int) -> HttpResponse:
    """Key in a whole recommendation that a member gave."""
    opinion = recording(request, pk)
    members = sitting_people(opinion)
    form = RecordRecommendationForm(posted(request), members=members, places=queries.places_after(opinion))
    return record_page(request, opinion, form, {"opinion": opinion, "is_recommendation": True})


def recording(request: UserRequest, pk: int) -> Opinion:
    opinion = desk_opinion(request, pk)
    if not rules.can_record(request.user, opinion):
        raise PermissionDenied
    return opinion


def record_page(
    request: UserRequest,
    opinion: Opinion,
    form: AmendmentRecordForm | RecordRecommendationForm,
    context: Context | Callable[[], Context],
) -> HttpResponse:
    return form_page(
        request,
        form,
        lambda data: actions.record_for(opinion, data["author"], by=request.user, **form.received(), **form.values()),
        template="opinions/amendments/record.html",
        context=context,
        success_message=lambda amendment: _("Amendement n°\u00a0%(n)s enregistré.") % {"n": amendment.number},
        to=lambda amendment: reverse("opinions:amendment", args=[amendment.pk]),
    )


def record_form(request: UserRequest, opinion: Opinion) -> AmendmentRecordForm:
    initial = {"parent": request.GET.get("sur"), "alinea_from": request.GET.get("de")}
    return AmendmentRecordForm(
        posted(request),
        initial={name: value for name, value in initial.items() if value and value.isdecimal()},
        members=sitting_people(opinion),
        committees=Committee.objects.filter(term=opinion.term_id, closed_on=None),
        parents=queries.amendable(request.user, opinion),
    )


@require_safe
def desk_booklet(request: UserRequest, pk: int) -> HttpResponse:
    """Show the booklet (liasse) to print, in the order of call."""
    return booklet_page(request, desk_opinion(request, pk), reverse("opinions:amendments", args=[pk]))


def booklet_page(request: UserRequest, opinion: Opinion, back: str) -> HttpResponse:
    version = queries.base_version(opinion)
    context = {
        "opinion": opinion,
        "version": version,
        "rows": queries.booklet(version) if version else [],
        "lines": queries.text_lines(version) if version else [],
        "back": back,
    }
    return render(request, "opinions/amendments/booklet.html", context)


@require_safe
def desk_next_text(request: UserRequest, pk: int) -> HttpResponse:
    """Show the text with the adopted amendments, compared with the tabled one."""
    return next_text_page(request, desk_opinion(request, pk), "opinions/amendments/amended_text.html")


def next_text_page(request: UserRequest, opinion: Opinion, template: str) -> HttpResponse:
    base, last = queries.base_version(opinion), queries.next_text(opinion)
    context = {
        "opinion": opinion,
        "base": base,
        "last": last,
        "changes": queries.compared(base, last) if base and last else "",
        "adopted": queries.rows(base, queries.adopted_amendments(base)) if base else [],
    }
    return render(request, template, context)
