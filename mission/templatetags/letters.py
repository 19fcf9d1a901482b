"""Template filter that renders a letter."""

from django import template
from django.utils.safestring import SafeString

from mission.letters.models import LetterRow
from mission.letters.text import letter_page

register = template.Library()


@register.filter
def letter(row: LetterRow) -> SafeString:
    return letter_page(row, heading_shift=1)
