"""Values as a screen shows them: a day in words, a number with its spaces, a state with its shape, a link."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.ui.templatetags.ui import nbsp, state
from assembly.ui.words import date_words, due, in_days, moment_words, number_words
from mission.registers.declaration import Register, RegisterColumn, label_of, model_field
from mission.registers.models import RegisterRow

NOTHING = "–"


def words_of(value: Any) -> Any:
    """One value, ready for a page; what is HTML already stays."""
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
    if isinstance(value, User):
        return value.get_full_name()
    if isinstance(value, str) and value.startswith(("https://", "http://")):
        return format_html('<a href="{}" rel="noopener">{}</a>', value, value)
    return nbsp(str(value))


def due_cell(day: date | None) -> Any:
    """The day, then how long until it, or how late."""
    if day is None:
        return NOTHING
    is_late = day < timezone.localdate()
    told = (
        state("late", due(day), bare=True)
        if is_late
        else format_html('<span class="small soft">{}</span>', in_days(day))
    )
    return format_html("{}<br>{}", date_words(day, weekday=False), told)


def list_cell(column: RegisterColumn, row: RegisterRow) -> Any:
    """A cell of the list."""
    if column.key == "etat":
        return state(row.shape, row.get_state_display())  # type: ignore[attr-defined]  # -- of every subclass
    if column.key == "echeance":
        return due_cell(row.due_on)
    shown = words_of(column.of(row))
    note = column.note(row) if column.note else None
    return format_html('{}<br><span class="small soft">{}</span>', shown, words_of(note)) if note else shown


def field_words(row: Model, name: str) -> Any:
    """A field of a row on its page."""
    field, value = model_field(type(row), name), getattr(row, name)
    if value in (None, "", []):
        return ""
    if field.choices:
        return getattr(row, f"get_{name}_display")()
    if field.get_internal_type() == "TextField":
        return mark_safe(linebreaks(nbsp(value), autoescape=True))  # noqa: S308 -- escaped by `linebreaks`
    return words_of(value)


def parts_of(register: Register, row: RegisterRow) -> list[tuple[Any, list[tuple[str, Any]]]]:
    """The sections of a row with what is filled in, but what the page tells around them."""
    told = {"name", "owner", "due_on"}
    found = [
        (part.title, [(label_of(type(row), name), field_words(row, name)) for name in part.fields if name not in told])
        for part in register.sections
    ]
    filled = [(title, [(label, words) for label, words in rows if words]) for title, rows in found]
    return [(title, rows) for title, rows in filled if rows]
