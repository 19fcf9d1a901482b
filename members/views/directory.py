"""Directory of the back office: a list without contact data; each download of contact data is recorded."""

from dataclasses import replace

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.institution.reader_query import ReaderQuery
from assembly.web.idempotency import repeatable
from assembly.web.lists import Column, List
from members import queries, rules
from members.forms import DirectoryFilter
from members.labels import contact_label, quick_filters
from members.models import Mandate
from members.models.mandate import MandateQuerySet

NAME = "member__person__sort_name"
IDENTITY = [
    Column(_("Nom"), "member.person.last_name", key="nom", order=[NAME]),
    Column(_("Prénom"), "member.person.first_name"),
    Column(_("Canton"), "member.canton.name", key="canton", order=["member__canton__number", NAME]),
    Column(_("Siège"), "seat_label"),
]
LIST = List(
    _("membres"),
    [*IDENTITY, Column(_("Groupes"), lambda mandate: ", ".join(mandate.groups), key="groupes")],
    default="nom",
    export="members:member-export",
)
# For those who may see private fields: `queries.directory(private=True)`.
PRIVATE_LIST = replace(
    LIST,
    columns=[
        *LIST.columns,
        Column(_("Contact"), lambda mandate: contact_label(mandate.member.person), key="contact"),
        Column(_("Mesures à prévoir"), "needs"),
        Column(_("Mandat"), "get_state_display", key="etat", order=["state", NAME]),
    ],
)
CONTACTS = List(
    _("coordonnées des membres"),
    [
        *IDENTITY,
        Column(_("Moyen de contact"), "member.person.get_channel_display"),
        Column(_("Adresse électronique"), "member.person.email"),
        Column(_("Téléphone"), "member.person.phone"),
        Column(_("Adresse"), "member.person.address"),
        Column(_("Code postal"), "member.person.postcode"),
        Column(_("Commune"), "member.person.city"),
    ],
)


OPENING: ReaderQuery[Mandate] = ReaderQuery(
    lambda user, term: PRIVATE_LIST.first_rows(queries.directory(user, term, {}, private=True))
)


def list_request(request: UserRequest) -> tuple[Term, bool, DirectoryFilter]:
    """Return term, whether private fields may be shown, and filters: the same for the list and its file."""
    term = working_term(request, rules.can_see_directory)
    private = rules.can_see_private(request.user, term)
    return term, private, DirectoryFilter(request.GET, term=term, private=private)


def listed_mandates(request: UserRequest, term: Term, form: DirectoryFilter, *, private: bool) -> MandateQuerySet:
    return queries.directory(request.user, term, form.active_filters(), private=private)


@require_safe
def member_list(request: UserRequest) -> HttpResponse:
    term, private, form = list_request(request)
    filters = quick_filters(queries.directory_counts(term), form.active_filters()) if private else []
    counted = next((chip["count"] for chip in filters if chip["current"]), None)
    if counted is not None and not request.GET:
        known: int = counted
        page = PRIVATE_LIST.default_page(request, OPENING(request.user, term), lambda: known)
    else:
        page = (PRIVATE_LIST if private else LIST).page(
            request, listed_mandates(request, term, form, private=private), counted
        )
    context = {
        "term": term,
        "form": form,
        "list": page,
        "chips": filters,
        "private": private,
        "query": query_of(request),
    }
    return render(request, "members/member_list.html", context)


def query_of(request: UserRequest) -> str:
    """Return the query string of filters and order, for links from the list and back."""
    return f"?{request.GET.urlencode()}" if request.GET else ""


@require_safe
@recently_authenticated
def member_export(request: UserRequest) -> HttpResponse:
    """Return the list as it is shown, all pages, without contact data, as a file."""
    term, private, form = list_request(request)
    rows = listed_mandates(request, term, form, private=private)
    return (PRIVATE_LIST if private else LIST).file(request, rows, form, term.name)


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def member_contacts(request: UserRequest) -> HttpResponse:
    """Return the same rows with contact data; the journal records it."""
    term, form, mandates = recorded_mandates(request, "members.exported")
    return CONTACTS.described_file(request, mandates, form, term.name)


@require_POST
@recently_authenticated
@transaction.atomic
def member_labels(request: UserRequest) -> HttpResponse:
    """Show address labels to print; the journal records it."""
    _term, _form, mandates = recorded_mandates(request, "members.labels_printed")
    people = [mandate.member for mandate in mandates]
    whole = [member for member in people if member.person.address and member.person.city]
    incomplete = [member for member in people if member not in whole]
    context = {"whole": whole, "without_address": incomplete, "back": list_address(request)}
    return render(request, "members/member_labels.html", context)


@require_POST
@recently_authenticated
@transaction.atomic
def member_needs(request: UserRequest) -> HttpResponse:
    """Show measures to arrange, by kind, for these rows; the journal records it."""
    term, _form, mandates = recorded_mandates(request, "members.needs_read")
    needs = queries.open_needs([mandate.member_id for mandate in mandates]).order_by("kind", NAME)
    return render(
        request, "members/member_needs.html", {"needs": list(needs), "term": term, "back": list_address(request)}
    )


def list_address(request: UserRequest) -> str:
    return reverse("members:member-list") + query_of(request)


def recorded_mandates(request: UserRequest, event_type: str) -> tuple[Term, DirectoryFilter, list[Mandate]]:
    """Return the rows with everything that the team may read, and record their number in the journal."""
    term = working_term(request, rules.can_see_private)
    form = DirectoryFilter(request.GET, term=term, private=True)
    rows = queries.directory(request.user, term, form.active_filters(), private=True)
    mandates = list(rows.order_by(*PRIVATE_LIST.ordering(request).ordering, "pk"))
    record(event_type, term, by=request.user, dossier=term, count=len(mandates))
    return term, form, mandates
