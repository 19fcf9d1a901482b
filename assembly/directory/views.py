"""Views of the directory: the page of a person, and what leaves the site: the card, the file, the printed list."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from assembly.audit.actions import record
from assembly.directory.lists import DIRECTORY, organisations
from assembly.directory.queries import affiliations, can_see_contacts, people
from assembly.directory.vcard import vcard_response
from assembly.identity.http import UserRequest, recently_authenticated
from assembly.institution.models import Term
from assembly.institution.pages import set_page_term, working_term
from assembly.institution.queries import current_terms
from assembly.lists.filters import FilterForm
from assembly.text.phones import format_phone, phone_digits
from assembly.web.idempotency import repeatable


def person_for(request: UserRequest, pk: int) -> tuple[Any, Term]:
    """Return the person, and the term in which the reader sees them; raise Http404 where there is none.

    Raise PermissionDenied for a reader who sees names alone.
    """
    terms = [term for term in current_terms(request.user) if can_see_contacts(request.user, term)]
    if not terms:
        raise PermissionDenied
    for term in terms:
        if person := people(request.user, term).filter(pk=pk).for_screen().first():
            set_page_term(request, term.pk)
            return person, term
    raise Http404


@require_safe
def directory_person(request: UserRequest, pk: int) -> HttpResponse:
    """Show one person: phone, mail, and each role with a link to its page."""
    row, _term = person_for(request, pk)
    numbers = {"phone": format_phone(row.phone), "dialled": phone_digits(row.phone)}
    return render(request, "directory/person.html", {"person": row, "roles": affiliations(row), **numbers})


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def directory_card(request: UserRequest, pk: int) -> HttpResponse:
    """Return one person as a vCard; the journal records it."""
    row, term = person_for(request, pk)
    record("directory.card_exported", row, by=request.user, dossier=term)
    roles = [one.role for one in affiliations(row)]
    return vcard_response(
        last_name=row.last_name,
        first_name=row.first_name,
        organisation=", ".join(organisations(row)),
        title=row.capacity or ", ".join(roles),
        phone=row.phone,
        email=row.email,
    )


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def directory_file(request: UserRequest) -> HttpResponse:
    """Return the list, filtered, with phones and addresses; the journal records it."""
    term, form, rows = recorded_people(request, "directory.exported")
    return DIRECTORY.described_file(request, rows, form, term.assembly.name)


@require_POST
@recently_authenticated
@transaction.atomic
def directory_print(request: UserRequest) -> HttpResponse:
    """Show the same rows on a page to print; the journal records it."""
    term, form, rows = recorded_people(request, "directory.printed")
    back = f"{reverse('directory:list')}?{request.GET.urlencode()}"
    lines = [(row, affiliations(row), organisations(row), format_phone(row.phone)) for row in rows]
    context = {"lines": lines, "summary": form.summary(), "words": DIRECTORY.count_text(len(rows)), "back": back}
    return render(request, "directory/print.html", {**context, "term": term})


def recorded_people(request: UserRequest, event_type: str) -> tuple[Term, FilterForm, list[Any]]:
    """Return the rows of the list, and record their number in the journal."""
    term = working_term(request, can_see_contacts)
    form = DIRECTORY.form(request.user, term, request.GET)
    rows = DIRECTORY.filtered_rows(request.user, term, form)
    persons = list(rows.order_by(*DIRECTORY.ordering(request).ordering, "pk"))
    record(event_type, term, by=request.user, dossier=term, count=len(persons))
    return term, form, persons
