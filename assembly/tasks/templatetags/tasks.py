"""Tags `{% task_line %}`, the field that notes a task, and `{% page_pins %}`, the pinned pages in the menu."""

from typing import Any

from django import template

from assembly.institution.menu import line_at
from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import has_role
from assembly.tasks.models import MOST_PINS
from assembly.tasks.queries import noted_path, pin_of, pins_of
from assembly.tasks.rules import subject_text

register = template.Library()


def object_of_page(context: template.Context) -> Any:
    """Return the object of the page: that of its frame, else the variable `page_object`."""
    return getattr(context.get("frame"), "row", None) or context.get("page_object")


@register.inclusion_tag("tasks/line.html", takes_context=True)
def task_line(context: template.Context) -> dict[str, Any]:
    """Return the context of the field that notes a task about the page, for those who see tasks."""
    request, subject = context["request"], object_of_page(context)
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "is_offered": has_role(request.user, TEAM_ROLES),
        "path": request.get_full_path(),
        "subject": subject_text(subject),
        **dict.fromkeys(("line", "refusal", "noted", "undo"), ""),
        **(context.get("task_line") or {}),
    }


@register.inclusion_tag("tasks/_pins.html", takes_context=True)
def page_pins(context: template.Context) -> dict[str, Any]:
    """Return the reader’s pins, and what the button sends that pins this page or removes its pin.

    A page that may be pinned is that of an object, or one of the menu.
    """
    request, subject = context["request"], object_of_page(context)
    pins, path = pins_of(request.user), request.path
    is_page = bool(noted_path(path)) and (subject is not None or line_at(path) is not None)
    return {
        "csrf_token": context.get("csrf_token"),
        "pins": pins,
        "pin": pin_of(pins, subject, path),
        "is_offered": is_page and request.method == "GET",
        "is_full": len(pins) >= MOST_PINS,
        "path": request.get_full_path(),
        "subject": subject_text(subject),
    }
