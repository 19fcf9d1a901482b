"""The first screen of each room: what waits for the reader, the most pressing first."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from assembly.fragments.cache import by_value, fragment
from assembly.identity.http import UserRequest
from assembly.identity.models import User
from assembly.institution.context_processors import InstitutionContext
from assembly.institution.enums import Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role, reader_values
from assembly.institution.todo import ToDo, todo_for
from assembly.portal.menu import DESK, DIRECTORATE
from assembly.portal.registry import panels

SHOWN = 20


@dataclass(frozen=True)
class Part:
    """Lines of one part of the page; beyond `SHOWN` they wait behind a link, so that a busy term stays readable."""

    lines: list[ToDo]
    count: int

    @property
    def hidden(self) -> int:
        return self.count - len(self.lines)


def _part(lines: list[ToDo], *, whole: bool) -> Part:
    return Part(lines if whole else lines[:SHOWN], len(lines))


def _home(request: UserRequest, room: str, roles: Iterable[Role]) -> HttpResponse:
    user = request.user
    if not has_role(user, roles):
        raise PermissionDenied
    institution = InstitutionContext(request)
    term = institution.term if institution.terms else None
    whole = "tout" in request.GET
    content = fragment(
        ("home", room, whole, by_value(term), reader_values(user)),
        lambda: render_to_string(f"portal/_{room}_home.html", _content(user, room, term, whole=whole)),
    )
    return render(request, f"portal/{room}_home.html", {"content": content, "institution": institution})


def _content(user: User, room: str, term: Term | None, *, whole: bool) -> dict[str, Any]:
    lines: list[ToDo] = todo_for(user, room, term) if term else []
    shown = panels(room, user, term) if term else {}
    today = timezone.localdate()
    late = [line for line in lines if line.due_on and line.due_on < today]
    parts = {"late": _part(late, whole=whole), "coming": _part(lines[len(late) :], whole=whole)}
    hidden = sum(part.hidden for part in parts.values())
    return {"count": len(lines), "today": today, "panels": shown, "person": user.person, "hidden": hidden, **parts}


@require_safe
def room(request: UserRequest) -> HttpResponse:
    """After sign-in each role lands in its own room; somebody without any role is told so."""
    if has_role(request.user, DESK):
        return redirect("portal:desk-home")
    if has_role(request.user, DIRECTORATE):
        return redirect("portal:directorate-home")
    if has_role(request.user, [Role.MEMBER]):
        return redirect("portal:member-home")
    return render(request, "portal/no_room.html", {"is_witness": has_role(request.user, [Role.WITNESS])})


@require_safe
def desk_home(request: UserRequest) -> HttpResponse:
    return _home(request, "desk", DESK)


@require_safe
def member_home(request: UserRequest) -> HttpResponse:
    return _home(request, "member", [Role.MEMBER])


@require_safe
def directorate_home(request: UserRequest) -> HttpResponse:
    return _home(request, "directorate", DIRECTORATE)
