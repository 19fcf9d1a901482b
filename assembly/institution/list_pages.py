"""Views of a list: its page and its file, in the term where the reader works."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import recently_authenticated
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from assembly.lists import List

type View = Callable[..., HttpResponse]
type TermOf = Callable[[UserRequest, Callable[[Any, Term], bool]], Term]


def list_page(declared: List, term_of: TermOf = working_term) -> View:
    """Return the view of the page of a list; `term_of(request, rule)`: the term where the reader works."""

    @require_safe
    def view(request: UserRequest) -> HttpResponse:
        return declared.page_of(request, term_of(request, declared.can_open))

    return view


def list_file(declared: List, term_of: TermOf = working_term, *, fresh: bool = False) -> View:
    """Return the view of the file of a list; `fresh`: it holds personal data, so a recent proof of identity is due."""

    @require_safe
    def view(request: UserRequest) -> HttpResponse:
        return declared.file_of(request, term_of(request, declared.can_open))

    return recently_authenticated(view) if fresh else view
