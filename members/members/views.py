"""What goes out of the directory with contact data: each download is recorded."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from assembly.audit.actions import record
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.lists import Column, Table
from assembly.lists.filters import FilterForm
from assembly.web.idempotency import repeatable
from members import queries, rules
from members.members.lists import MEMBERS, NAME
from members.models import Mandate

CONTACTS = Table(
    _("coordonnées des membres"),
    [
        Column(_("Nom"), "member.person.last_name"),
        Column(_("Prénom"), "member.person.first_name"),
        Column(_("Canton"), "member.canton.name"),
        Column(_("Siège"), "seat_label"),
        Column(_("Moyen de contact"), "member.person.get_channel_display"),
        Column(_("Adresse électronique"), "member.person.email"),
        Column(_("Téléphone"), "member.person.phone"),
        Column(_("Adresse"), "member.person.address"),
        Column(_("Code postal"), "member.person.postcode"),
        Column(_("Commune"), "member.person.city"),
    ],
)


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
    return render(request, "members/members/labels.html", context)


@require_POST
@recently_authenticated
@transaction.atomic
def member_needs(request: UserRequest) -> HttpResponse:
    """Show measures to arrange, by kind, for these rows; the journal records it."""
    term, _form, mandates = recorded_mandates(request, "members.needs_read")
    needs = queries.open_needs([mandate.member_id for mandate in mandates]).order_by("kind", NAME)
    return render(
        request, "members/members/needs.html", {"needs": list(needs), "term": term, "back": list_address(request)}
    )


def list_address(request: UserRequest) -> str:
    query = request.GET.urlencode()
    return f"{MEMBERS.url}?{query}" if query else MEMBERS.url


def recorded_mandates(request: UserRequest, event_type: str) -> tuple[Term, FilterForm, list[Mandate]]:
    """Return the rows with everything that the team may read, and record their number in the journal."""
    term = working_term(request, rules.can_see_private)
    form = MEMBERS.form(request.user, term, request.GET)
    rows = MEMBERS.filtered_rows(request.user, term, form)
    mandates = list(rows.order_by(*MEMBERS.ordering(request).ordering, "pk"))
    record(event_type, term, by=request.user, dossier=term, count=len(mandates))
    return term, form, mandates
