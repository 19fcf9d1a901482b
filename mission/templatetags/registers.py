"""Template tags of registers: URLs, the due day of a card, the text of a letter."""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString

from assembly.web import values
from mission.letters.models import LetterRow
from mission.letters.text import letter_page

register = template.Library()


@register.simple_tag
def register_url(declared: Any, name: str = "", *args: Any) -> str:
    """Return the URL of a page of a register: `{% register_url register "row" row.pk %}`."""
    return reverse(f"mission:{declared.key}-{name}" if name else f"mission:{declared.key}", args=args)


@register.filter
def due_cell(row: Any) -> Any:
    """Return the due day, and how long until it."""
    return values.due_cell(row.due_on)


@register.filter
def letter(row: LetterRow) -> SafeString:
    return letter_page(row, heading_shift=1)
