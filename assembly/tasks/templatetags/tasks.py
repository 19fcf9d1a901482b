"""Tag `{% task_line %}`, the field that notes a task."""

from typing import Any

from django import template

from assembly.institution.models import TEAM_ROLES
from assembly.institution.rules import has_role
from assembly.tasks.rules import subject_text

register = template.Library()


@register.inclusion_tag("tasks/line.html", takes_context=True)
def task_line(context: template.Context) -> dict[str, Any]:
    """Return the context of the field that notes a task about the page, for those who see tasks.

    The object of the page is that of its frame, or the variable `page_object`.
    """
    request = context["request"]
    subject = getattr(context.get("frame"), "row", None) or context.get("page_object")
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "is_offered": has_role(request.user, TEAM_ROLES),
        "path": request.get_full_path(),
        "subject": subject_text(subject),
        **dict.fromkeys(("line", "refusal", "noted", "undo"), ""),
        **(context.get("task_line") or {}),
    }
