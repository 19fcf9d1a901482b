"""Tags `{% task_line %}`, the field that notes a task, and `{% tasks_and_notes obj %}`, what an object has."""

from typing import Any

from django import template
from django.db.models import Model

from assembly.institution.models import TEAM_ROLES
from assembly.institution.pages import term_key_of
from assembly.institution.rules import has_role
from assembly.tasks.forms import TeamNoteForm
from assembly.tasks.models import TeamNote
from assembly.tasks.queries import WrittenLine, written_about
from assembly.tasks.registry import is_person_page
from assembly.tasks.workflow import NOTE

register = template.Library()
SHOWN = 5


def subject_text(subject: Model | None) -> str:
    return f"{subject._meta.label}:{subject.pk}" if subject else ""


def note_of(line: WrittenLine) -> TeamNote:
    """Return the note of a line, with what its steps read."""
    return TeamNote(pk=line.pk, term_id=line.term_id, author_id=line.author_id or 0, written_at=line.written_at)


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


@register.inclusion_tag("tasks/about.html", takes_context=True)
def tasks_and_notes(context: template.Context, subject: Model) -> dict[str, Any]:
    """Return the open tasks and the notes about an object, with the acts of this reader, for those who see tasks."""
    request = context["request"]
    user, page = request.user, request.get_full_path()
    if not has_role(user, TEAM_ROLES, term=term_key_of(subject)):
        return {"is_offered": False}
    tasks, lines = written_about(user, subject)
    notes = [(line, NOTE.available_steps(user, note_of(line))) for line in lines]
    return {
        "request": request,
        "csrf_token": context.get("csrf_token"),
        "is_offered": True,
        "path": page,
        "tasks": tasks,
        "notes": notes[:SHOWN],
        "older": notes[SHOWN:],
        "form": TeamNoteForm(initial={"page": page, "subject": subject_text(subject)}, auto_id="note-%s"),
        "is_about_person": is_person_page(subject),
        "months": context["institution"].term.tasks_retention_months,
    }
