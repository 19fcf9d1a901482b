"""Columns of lists and files: what each shows, how it sorts, and those made from the field of a model."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import unescape
from operator import attrgetter
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, DecimalField, IntegerField, Model, TextField
from django.http import QueryDict
from django.utils.html import format_html, format_html_join, strip_tags
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from assembly.text.french import Label
from assembly.web.templatetags.ui import nbsp, state
from assembly.web.values import NOTHING, format_value

BREAK = re.compile(r"<(?:br|p)\b[^>]*>")

type Value = str | Callable[[Any], object]
type Rule = Callable[[Any, Any], bool]


def always(user: Any, term: Any) -> bool:
    return True


@dataclass(frozen=True)
class Column:
    """Column of a list.

    `label`: its heading. `value`: what the file holds, an attribute (`committee.name`) or a function of the row; none
    for a column of the screen alone. `key`: its name in the template and in `?tri=`; none for a column of the file
    alone. `order`: the fields it sorts by. `number`: aligned to the right. `short_label`: shorter, for the screen.
    `cell`: what the screen shows, where that is more than the value; `note`: small text below it. `is_default`:
    whether it is shown before a reader chooses columns. `is_header`: the cell that names the row, else the first one.
    `can_see(user, term)`: who has this column; `is_shared`: whether a saved view shows it to others.
    """

    label: Label
    value: Value | None = None
    key: str = ""
    order: Sequence[str] = ()
    number: bool = False
    short_label: Label = ""
    is_default: bool = True
    cell: Callable[[Any], object] | None = None
    note: Callable[[Any], object] | None = None
    is_header: bool = False
    can_see: Rule = always
    is_shared: bool = True

    def value_of(self, row: Any) -> object:
        """Return what the file holds of a row."""
        value = self.value(row) if callable(self.value) else attrgetter(str(self.value))(row)
        return value() if callable(value) else value

    def shown_of(self, row: Any) -> Any:
        """Return what the screen shows of a row, without its note."""
        return format_value(self.cell(row) if self.cell else self.value_of(row))

    def note_of(self, row: Any) -> SafeString:
        """Return the small text below the value, with its line break; nothing where there is none."""
        note = self.note(row) if self.note else ""
        return format_html('<br><span class="soft small">{}</span>', format_value(note)) if note else SafeString()

    def cell_of(self, row: Any) -> Any:
        """Return the content of the cell of a row."""
        return format_html("{}{}", self.shown_of(row), self.note_of(row)) if self.note else self.shown_of(row)


def model_field(model: type[Model], name: str) -> Any:
    return model._meta.get_field(name)


def label_of(model: type[Model], name: str) -> str:
    """Return the label of a field, with a capital."""
    return capfirst(str(model_field(model, name).verbose_name))


def column(model: type[Model], name: str, key: str = "", **more: Any) -> Column:
    """Return the column of a field. `key`: its word in the URL, else its name; `more`: see Column."""
    field = model_field(model, name)
    value: Any = f"get_{name}_display" if field.choices else name
    order = [name]
    if field.many_to_one:
        value, order = lambda row: str(getattr(row, name) or ""), []
    elif isinstance(field, ArrayField):
        value, order = lambda row: ", ".join(getattr(row, name)), []
    elif isinstance(field, CharField | TextField) and not field.choices:
        order = [f"{name}__alphabetical"]
    number = isinstance(field, DecimalField | IntegerField)
    return Column(label_of(model, name), value, key or name, order, number=number, **more)


def text_of_cell(content: Any) -> str:
    """Return the content of a cell as text in one line."""
    return unescape(strip_tags(BREAK.sub(" ", str(content))))


def stacked(*parts: Any) -> SafeString:
    """Return the parts that are not empty, one below the other."""
    return format_html_join(
        SafeString("<br>"), "{}", ((format_value(part),) for part in parts if part not in ("", None))
    )


def small(text: Any) -> SafeString:
    return format_html('<span class="soft small">{}</span>', nbsp(text))


def reference_cell(row: Any) -> Any:
    """Return the reference of a row, which a draft has not."""
    return format_html('<span class="ref">{}</span>', row.reference) if row.reference else NOTHING


def state_cell(row: Any) -> SafeString:
    """Return the badge of the state of a row."""
    return state(row.state_badge, row.get_state_display())


def acts_cell(name: Any, acts: Iterable[tuple[str, Label]]) -> SafeString:
    """Return links to acts on a row (address and label), which name the row to those who hear them."""
    link = '<a class="btn btn-quiet btn-sm" href="{}">{}<span class="vh"> {}</span></a>'
    links = format_html_join("", link, ((url, label, name) for url, label in acts))
    return format_html('<span class="actions">{}</span>', links)


def standing_cell(row: Any) -> SafeString:
    """Return the badge of where a row stands, whose word may differ from its state."""
    return state(row.standing.state_badge, row.standing.word)


def chosen_columns(columns: Sequence[Column], asked: QueryDict) -> list[Column]:
    """Return the columns of `?col=…&col=…` in that order, always with the first one; `monter=` moves one up.

    The first column is alone where it alone is named.
    """
    by_key = {column.key: column for column in columns if column.key}
    first = next(iter(by_key))
    keys = [key for key in dict.fromkeys(asked.getlist("col")) if key in by_key]
    keys = keys or [column.key for column in by_key.values() if column.is_default]
    keys = [key for key in keys if key != first]
    if (moved := asked.get("monter", "")) in keys[1:]:
        place = keys.index(moved)
        keys[place - 1 : place + 1] = [moved, keys[place - 1]]
    return [by_key[key] for key in (first, *keys)]


def column_parameters(shown: Sequence[Column], asked: QueryDict) -> list[str]:
    """Return the `col` parameters that reproduce these columns, after a move; nothing where the address named none."""
    if not (asked.getlist("col") or "monter" in asked):
        return []
    return [column.key for column in shown[1:]] or [shown[0].key]
