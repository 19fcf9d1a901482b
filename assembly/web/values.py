"""Values as a screen shows them: a day in words, a number with its spaces, an address as a link."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from assembly.text.french import due, format_date, format_moment, format_number, in_days
from assembly.web.templatetags.ui import nbsp, state

NOTHING = "–"


def format_value(value: Any) -> Any:
    """Format one value for a page; leave HTML as it is."""
    match value:
        case None | "" | []:
            return NOTHING
        case SafeString():
            return value
        case bool():
            return _("oui") if value else _("non")
        case int() | Decimal() | float():
            return format_number(value)
        case datetime():
            return format_moment(value)
        case date():
            return format_date(value, weekday=False)
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
    return format_html("{}<br>{}", format_date(day, weekday=False), distance)
