"""The term and the assembly a desk page works in: those it is asked for by name (`page_term`), else those of the
switcher, if the reader may; else the first allowed."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from assembly.identity.http import UserRequest
from assembly.institution.context_processors import InstitutionContext
from assembly.institution.models import Assembly, Term
from assembly.institution.page_term import add_term_to_links, chosen_term, named_key, show_term, with_term
from assembly.institution.rules import can_administer
from assembly.ui.idempotency import TERM_FIELD


def working_term(
    request: UserRequest, rule: Callable[[Any, Term], bool], institution: InstitutionContext | None = None
) -> Term:
    """The term where `rule` lets the reader in; 403 when there is none, and where it shuts them out of the one named.

    Http404 for the name of a term in which the reader does not work. The page speaks of it from here on.
    `institution`: where the view has read the terms of the reader already.
    """
    house = institution or InstitutionContext(request)
    term = allowed_term(request, rule, house)
    show_term(request, term, house.terms)
    return term


def allowed_term(
    request: UserRequest, rule: Callable[[Any, Term], bool], institution: InstitutionContext | None = None
) -> Term:
    """The same, for a page that may speak of another one: that of its object."""
    house = institution or InstitutionContext(request)
    named = house.named_term
    if named is None and named_key(request) is not None:
        raise Http404
    chosen = [house.term] if house.term else []
    for term in [named] if named else [*chosen, *house.terms]:
        if rule(request.user, term):
            return term
    raise PermissionDenied


def speak_of(request: UserRequest, term_key: int | None) -> None:
    """Say that this page speaks of that term of the reader, where it shows no object from which that is taken."""
    terms = InstitutionContext(request).terms
    if term := next((term for term in terms if term.pk == term_key), None):
        show_term(request, term, terms)


def led_assembly(request: UserRequest) -> Assembly:
    """The assembly whose house the reader runs (its lead); 403 when there is none."""
    term = allowed_term(request, lambda user, term: can_administer(user, term.assembly_id))
    return Assembly.objects.defer("logo_png").get(pk=term.assembly_id)


class TermMiddleware:
    """Hand the term of a page on in its links, where it is not the chosen one, and in the address a form leads to."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if "Location" in response.headers:
            if term := link_term(request):
                response.headers["Location"] = with_term(response.headers["Location"], term)
        elif (term := getattr(request, "link_term", None)) and is_page(response):
            response.content = add_term_to_links(response.content.decode(response.charset), term)
            response.headers["Content-Length"] = str(len(response.content))
        return response


def is_page(response: HttpResponse) -> bool:
    return not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")


def link_term(request: HttpRequest) -> Term | None:
    """The term that a redirect hands on: that of the page, else the one that the form named."""
    if hasattr(request, "link_term"):
        return request.link_term
    house = InstitutionContext(request)
    if TERM_FIELD not in getattr(request, "_post", {}) or (named := house.named_term) is None:
        return None
    return None if named == chosen_term(request, house.terms) else named
