"""Template tags of registers: URLs, cells, and the query string of a list."""

from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse

from assembly.web import values

register = template.Library()


@register.simple_tag
def register_url(declared: Any, name: str = "", *args: Any) -> str:
    """Return the URL of a page of a register: `{% register_url register "row" row.pk %}`."""
    return reverse(f"mission:{declared.key}-{name}" if name else f"mission:{declared.key}", args=args)


@register.filter
def note_of(row: Any, declared: Any) -> Any:
    """Return the small text below the name of a row."""
    note = declared.all_columns[0].note
    return note(row) if note else ""


@register.filter
def due_cell(row: Any) -> Any:
    """Return the due day, and how long until it."""
    return values.due_cell(row.due_on)


@register.filter
def without_columns(asked: QueryDict) -> list[tuple[str, str]]:
    """Return the query string that a choice of columns retains: filters and order, not the page."""
    left = {"col", "monter", "apres", "avant"}
    return [(key, value) for key in asked if key not in left for value in asked.getlist(key)]
