"""Values as a screen shows them: a day in words, a number with its spaces, an address as a link."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assembly.ui.templatetags.ui import nbsp, state
from assembly.ui.words import date_words, due, in_days, moment_words, number_words

NOTHING = "–"


def words_of(value: Any) -> Any:
    """Format one value for a page; leave HTML as it is."""
    match value:
        case None | "" | []:
            return NOTHING
        case SafeString():
            return value
        case bool():
            return _("oui") if value else _("non")
        case int() | Decimal() | float():
            return number_words(value)
        case datetime():
            return moment_words(value)
        case date():
            return date_words(value, weekday=False)
        case list() | tuple():
            return ", ".join(map(str, value))
    if hasattr(value, "get_full_name"):
        return value.get_full_name()
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noopener">{}</a>', value, value)
    return nbsp(str(value))


def due_cell(day: date | None) -> Any:
    """Format the day, then how long until it, or how late."""
    if day is None:
        return NOTHING
    is_late = day < timezone.localdate()
    distance = (
        state("late", due(day), bare=True)
        if is_late
        else format_html('<span class="small soft">{}</span>', in_days(day))
    )
    return format_html("{}<br>{}", date_words(day, weekday=False), distance)
