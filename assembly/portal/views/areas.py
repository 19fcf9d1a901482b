"""Views of the home page of each area: what the reader has to do, the most urgent first."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from assembly.fragments.cache import fragment, row_values
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.context_processors import InstitutionContext
from assembly.institution.current_term import working_term
from assembly.institution.enums import Role, TermState
from assembly.institution.models import Term
from assembly.institution.page_term import with_term
from assembly.institution.rules import (
    can_enter_desk,
    can_enter_directorate_area,
    can_enter_member_area,
    has_role,
    reader_values,
)
from assembly.institution.todo import ALL, Backlog, ToDo, todo_for
from assembly.portal.registry import page_widgets

SHOWN = 20


def _home(request: UserRequest, area: str, rule: Callable[[Any], bool]) -> HttpResponse:
    user = request.user
    if not rule(user):
        raise PermissionDenied
    institution = InstitutionContext(request)
    term = working_term(request, lambda user, term: True, institution) if institution.terms else None
    others = [each for each in institution.terms if each != term and each.state in TermState.tagged("live")]
    whole = "tout" in request.GET
    content = fragment(
        ("home", area, whole, row_values(term, *others), reader_values(user)),
        lambda: render_to_string(f"portal/_{area}_home.html", _content(user, area, term, others, whole=whole)),
    )
    return render(request, f"portal/{area}_home.html", {"content": content, "institution": institution})


def _content(user: User, area: str, term: Term | None, others: list[Term], *, whole: bool) -> dict[str, Any]:
    """Return the context; only `SHOWN` lines of each part are shown, with a link to the rest.

    So a busy term stays readable. `elsewhere`: the pending lines of each other live term, with its name, except those
    of any term.
    """
    most = ALL if whole else SHOWN
    waiting = todo_for(user, area, term, most) if term else Backlog([], [], 0, 0)
    shown = page_widgets(area, user, term) if term else {}
    seen = {line.url for line in todo_for(user, area, term, ALL).lines} if term and others else set()
    elsewhere = [_lines_elsewhere(seen, other, todo_for(user, area, other, most)) for other in others]
    return {
        "waiting": waiting,
        "term": term,
        "elsewhere": [other for other in elsewhere if other.late or other.coming],
        "today": timezone.localdate(),
        "widgets": shown,
        "person": user.person,
    }


@dataclass(frozen=True)
class OtherTerm:
    """Pending lines in another live term than that of the page."""

    term: Term
    late: list[ToDo]
    coming: list[ToDo]


def _lines_elsewhere(seen: set[str], term: Term, waiting: Backlog) -> OtherTerm:
    """Return the lines that no other term shows, with this term in their addresses."""

    def lines(part: list[ToDo]) -> list[ToDo]:
        return [replace(line, url=with_term(line.url, term)) for line in part if line.url not in seen]

    return OtherTerm(term, lines(waiting.late), lines(waiting.coming))


@require_safe
def area(request: UserRequest) -> HttpResponse:
    """Redirect to the home of the reader's role after sign-in; without any role show a page that explains it."""
    if can_enter_desk(request.user):
        return redirect("portal:desk-home")
    if can_enter_directorate_area(request.user):
        return redirect("portal:directorate-home")
    if can_enter_member_area(request.user):
        return redirect("portal:member-home")
    if has_role(request.user, [Role.WITNESS]):
        return redirect("draws:list")
    return render(request, "portal/no_area.html")


@require_safe
def desk_home(request: UserRequest) -> HttpResponse:
    return _home(request, "desk", can_enter_desk)


@require_safe
def member_home(request: UserRequest) -> HttpResponse:
    return _home(request, "member", can_enter_member_area)


@require_safe
def directorate_home(request: UserRequest) -> HttpResponse:
    return _home(request, "directorate", can_enter_directorate_area)
