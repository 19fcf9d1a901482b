"""Term and assembly of a back-office page: those named in the request (`page_term`), else those of the switcher.

Where the reader may not work in the chosen term, the first allowed one.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from assembly.identity.http import UserRequest
from assembly.institution.models import Assembly, Term
from assembly.institution.page_term import add_term_to_links, chosen_term, named_key, show_term, with_term
from assembly.institution.pages import InstitutionContext
from assembly.institution.rules import can_administer_term
from assembly.web.idempotency import TERM_FIELD


def working_term(
    request: UserRequest, rule: Callable[[Any, Term], bool], institution: InstitutionContext | None = None
) -> Term:
    """Return the term where `rule` allows the reader, and make it the term of the page.

    Raise PermissionDenied when there is none, or when `rule` refuses the term named in the request; Http404 when the
    reader does not work in the named term. `institution`: a context whose terms the view has already read.
    """
    context = institution or InstitutionContext(request)
    term = allowed_term(request, rule, context)
    show_term(request, term, context.terms)
    return term


def allowed_term(
    request: UserRequest, rule: Callable[[Any, Term], bool], institution: InstitutionContext | None = None
) -> Term:
    """Return the same term as `working_term`, for a page that may belong to another term: that of its object."""
    context = institution or InstitutionContext(request)
    named = context.named_term
    if named is None and named_key(request) is not None:
        raise Http404
    chosen = [context.term] if context.term else []
    for term in [named] if named else [*chosen, *context.terms]:
        if rule(request.user, term):
            return term
    raise PermissionDenied


def set_page_term(request: UserRequest, term_key: int | None) -> None:
    """Set the page's term to that of the reader with this key, where the page shows no object with a term."""
    terms = InstitutionContext(request).terms
    if term := next((term for term in terms if term.pk == term_key), None):
        show_term(request, term, terms)


def led_assembly(request: UserRequest) -> Assembly:
    """Return the assembly of which the reader is a lead; raise PermissionDenied when there is none."""
    term = allowed_term(request, can_administer_term)
    return Assembly.objects.defer("logo_png").get(pk=term.assembly_id)


class TermMiddleware:
    """Middleware that adds the page's term to its links and redirects, where it is not the chosen term."""

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
    """Return the term to add to a redirect: that of the page, else the one that the form named."""
    if hasattr(request, "link_term"):
        return request.link_term
    context = InstitutionContext(request)
    if TERM_FIELD not in getattr(request, "_post", {}) or (named := context.named_term) is None:
        return None
    return None if named == chosen_term(request, context.terms) else named
