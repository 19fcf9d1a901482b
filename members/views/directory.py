"""The directory of the desk: a list without contact data; what holds contact data is asked for, and noted."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.models import Term
from assembly.ui.csv import csv_response
from assembly.ui.idempotency import repeatable
from assembly.ui.pagination import keyset_page, sorting
from members import queries, rules
from members.forms import DirectoryFilter
from members.models import Mandate
from members.models.mandate import MandateQuerySet
from members.views.places import term_for
from members.words import KINDS, chips, contact_words, needs_words

NAME = ("member__person__sort_name",)
COLUMNS = {"nom": NAME, "canton": ("member__canton__number", *NAME), "etat": ("state", *NAME)}
LOADED = ("member__person", "member__canton", "seat")


def asked(request: UserRequest) -> tuple[Term, bool, DirectoryFilter, MandateQuerySet]:
    """Term, whether private fields may be shown, filters, rows: the same for the list and all that leaves from it."""
    term = term_for(request, rules.can_see_directory)
    private = rules.can_see_private(request.user, term)
    form = DirectoryFilter(request.GET, term=term, private=private)
    return term, private, form, queries.directory(request.user, term, form.wanted(), private=private)


@require_safe
def member_list(request: UserRequest) -> HttpResponse:
    term, private, form, rows = asked(request)
    order = sorting(request, COLUMNS, "nom")
    page = keyset_page(rows.select_related(*LOADED).for_screen(), request, ordering=order.ordering)
    groups = queries.committees_of(term, [mandate.member.person_id for mandate in page])
    context = {
        "term": term,
        "form": form,
        "order": order,
        "page": page,
        "rows": [row_of(mandate, groups, private) for mandate in page],
        "count": rows.count(),
        "chips": chips(queries.directory_counts(term), form.wanted()) if private else [],
        "columns": columns_of(private),
        "private": private,
        "query": request.GET.urlencode(),
        "urls": urls(request),
    }
    return render(request, "members/member_list.html", context)


def urls(request: UserRequest) -> dict[str, str]:
    """Ways out of the list, with its filters and its order."""
    query = filters_of(request)
    kept = {
        "export": "member-export",
        "contacts": "member-contacts",
        "labels": "member-labels",
        "needs": "member-needs",
    }
    found = {name: reverse(f"members:{url}") + query for name, url in kept.items()}
    return found | {"import": reverse("members:import-start"), "add": reverse("members:member-add")}


def filters_of(request: UserRequest) -> str:
    return f"?{request.GET.urlencode()}" if request.GET else ""


def columns_of(private: bool) -> list[dict[str, Any]]:
    columns = [{"label": _("Nom"), "key": "nom"}, {"label": _("Canton"), "key": "canton"}, {"label": _("Groupes")}]
    if private:
        columns += [{"label": _("Contact")}, {"label": _("Mandat"), "key": "etat"}]
    return columns


def row_of(mandate: Mandate, groups: dict[int, list[str]], private: bool) -> dict[str, Any]:
    person = mandate.member.person
    row = {
        "pk": mandate.pk,
        "name": f"{person.last_name}, {person.first_name}",
        "canton": mandate.member.canton.name,
        "seat": mandate.seat.code if mandate.seat else _("suppléant·e"),
        "groups": groups.get(person.pk, []),
    }
    if private:
        needs = getattr(mandate, "needs", 0)
        row |= {"contact": contact_words(person), "needs": needs_words(needs)}
        row |= {"kind": KINDS[mandate.state], "state": mandate.get_state_display()}
    return row


@require_safe
@recently_authenticated
def member_export(request: UserRequest) -> HttpResponse:
    """The list as it is shown, all pages, without contact data."""
    term, private, _form, rows = asked(request)
    mandates = ordered(request, rows)
    groups = queries.committees_of(term, [mandate.member.person_id for mandate in mandates])
    header = [_("Nom"), _("Prénom"), _("Canton"), _("Siège"), _("Groupes")]
    lines = [[*names(mandate), ", ".join(groups.get(mandate.member.person_id, []))] for mandate in mandates]
    if private:
        header += [_("Contact"), _("Mesures à prévoir"), _("Mandat")]
        for mandate, line in zip(mandates, lines, strict=True):
            needs = getattr(mandate, "needs", 0)
            line += [contact_words(mandate.member.person), needs, mandate.get_state_display()]
    return csv_response(_("membres"), header, lines)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def member_contacts(request: UserRequest) -> HttpResponse:
    """The same rows with contact data: a reading that the journal keeps."""
    _term, mandates = for_a_noted_reading(request, "members.exported")
    header = [_("Nom"), _("Prénom"), _("Canton"), _("Siège"), _("Moyen de contact"), _("Adresse électronique")]
    header += [_("Téléphone"), _("Adresse"), _("Code postal"), _("Commune")]
    lines = [[*names(mandate), *contact(mandate)] for mandate in mandates]
    return csv_response(_("coordonnées des membres"), header, lines)


@require_POST
@recently_authenticated
@transaction.atomic
def member_labels(request: UserRequest) -> HttpResponse:
    """Address labels to print: a reading that the journal keeps."""
    _term, mandates = for_a_noted_reading(request, "members.labels_printed")
    people = [mandate.member for mandate in mandates]
    whole = [member for member in people if member.person.address and member.person.city]
    lacking = [member for member in people if member not in whole]
    back = reverse("members:member-list") + filters_of(request)
    return render(request, "members/member_labels.html", {"whole": whole, "lacking": lacking, "back": back})


@require_POST
@recently_authenticated
@transaction.atomic
def member_needs(request: UserRequest) -> HttpResponse:
    """Measures to arrange, by kind, for these rows: a reading that the journal keeps."""
    term, mandates = for_a_noted_reading(request, "members.needs_read")
    needs = list(queries.open_needs([mandate.member_id for mandate in mandates]).order_by("kind", NEED_NAME))
    back = reverse("members:member-list") + filters_of(request)
    return render(request, "members/member_needs.html", {"needs": needs, "term": term, "back": back})


NEED_NAME = "member__person__sort_name"


def for_a_noted_reading(request: UserRequest, verb: str) -> tuple[Term, list[Mandate]]:
    """Rows with everything that the team may read; the number of rows goes to the journal."""
    term = term_for(request, rules.can_see_private)
    form = DirectoryFilter(request.GET, term=term, private=True)
    mandates = ordered(request, queries.directory(request.user, term, form.wanted(), private=True))
    record(verb, term, by=request.user, dossier=term, count=len(mandates))
    return term, mandates


def ordered(request: UserRequest, rows: MandateQuerySet) -> list[Mandate]:
    order = sorting(request, COLUMNS, "nom").ordering
    return list(rows.select_related(*LOADED).order_by(*order, "pk").for_screen())


def names(mandate: Mandate) -> list[Any]:
    person = mandate.member.person
    seat = mandate.seat.code if mandate.seat else _("suppléant·e")
    return [person.last_name, person.first_name, mandate.member.canton.name, seat]


def contact(mandate: Mandate) -> Iterable[Any]:
    person = mandate.member.person
    return [person.get_channel_display(), person.email, person.phone, person.address, person.postcode, person.city]
