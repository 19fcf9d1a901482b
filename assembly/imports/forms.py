"""Forms of an import after the file came: what its columns hold, the cells that are typed again."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.imports.cells import InvalidCell, folded_text
from assembly.imports.columns import SheetColumns
from assembly.imports.plan import ImportColumn
from assembly.imports.tables import MOST_CELL
from assembly.web.forms import StyledForm


def missing_columns(known: Sequence[ImportColumn], keys: Collection[str]) -> list[ImportColumn]:
    """Return the fields that no new row is without and no column holds, but for the only one that tells rows apart."""
    telling = [column for column in known if column.identifies]
    return [column for column in known if column.is_needed and column.key not in keys and telling != [column]]


def typed_field(column: ImportColumn, label: str, text: str = "") -> forms.CharField:
    """Return the field in which somebody types the text of a cell, or chooses it where the choices are few."""
    field = forms.CharField(label=label, max_length=MOST_CELL, initial=text[:MOST_CELL], required=False)
    if column.choices:
        field.widget = forms.Select(choices=[("", _("Choisissez")), *((each, each) for each in column.choices)])
    return field


class ColumnsForm(StyledForm):
    """Form for the field that each column of a sheet holds, and for what all lines say of a field without a column."""

    sheet = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    header = forms.IntegerField(min_value=1, widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        layout: SheetColumns,
        known: Sequence[ImportColumn],
        for_all: Mapping[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.layout, self.known = layout, known
        offered = missing_columns(known, {column.key for column in layout.columns})
        self.missing = {f"toutes-{column.key}": column for column in offered}
        choices = [("", _("Ne pas lire")), *((column.key, capfirst(str(column.title))) for column in known)]
        for place in layout.columns:
            self.fields[self.name_of(place.index)] = forms.ChoiceField(
                label=_("Contenu de « %(label)s »") % {"label": place.label},
                choices=choices,
                initial=place.key,
                required=False,
            )
        for name, column in self.missing.items():
            self.fields[name] = typed_field(column, capfirst(str(column.title)), for_all.get(column.key, ""))

    @staticmethod
    def name_of(index: int) -> str:
        return f"colonne-{index}"

    def rows(self) -> list[tuple[Any, forms.BoundField]]:
        return [(column, self[self.name_of(column.index)]) for column in self.layout.columns]

    def values_for_all(self) -> list[forms.BoundField]:
        return [self[name] for name in self.missing]

    def refusals(self, chosen: Mapping[int, str], for_all: Collection[str]) -> dict[str, str]:
        """Return why a choice of columns cannot be read, by field of this form; empty for the whole."""
        titles = {column.key: capfirst(str(column.title)) for column in self.known}
        keys = [*chosen.values()]
        twice = _("Deux colonnes disent « %(title)s ». Gardez-en une, et mettez « Ne pas lire » à l’autre.")
        refusals = {
            self.name_of(index): twice % {"title": titles[key]} for index, key in chosen.items() if keys.count(key) > 1
        }
        missing = [
            titles[column.key] for column in self.known if column.required and column.key not in {*keys, *for_all}
        ]
        if missing:
            text = _("Dites quelle colonne contient, ou ce que disent toutes les lignes : %(titles)s.")
            refusals[""] = text % {"titles": ", ".join(missing)}
        return refusals

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        names = {self.name_of(column.index): column.index for column in self.layout.columns}
        data["columns"] = {index: data[name] for name, index in names.items() if data.get(name)}
        data["for_all"] = {column.key: data[name] for name, column in self.missing.items() if data.get(name)}
        for name, text in self.refusals(data["columns"], data["for_all"]).items():
            self.add_error(name or None, text)
        for name, column in self.missing.items():
            if data.get(name):
                try:
                    column.check(data[name])
                except InvalidCell as refused:
                    self.add_error(name, str(refused))
                except ValidationError as invalid:
                    self.add_error(name, invalid.messages)
        return data


class CorrectionsForm(StyledForm):
    """Form for the wrong cells of the lines that are left out, as texts of a file."""

    def __init__(
        self,
        *args: Any,
        errors: Sequence[Mapping[str, Any]],
        texts: Mapping[tuple[int, str], str],
        known: Sequence[ImportColumn],
        chosen: Collection[str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.missing = missing_columns(known, chosen)
        by_title = {word: column for column in known for word in (folded_text(str(column.title)), *column.headers)}
        self.errors_by_line: list[tuple[Mapping[str, Any], str]] = []
        self.cells: dict[str, tuple[int, str]] = {}
        for error in errors:
            column = by_title.get(folded_text(str(error["column"])))
            name = f"ligne-{error['line']}-{column.key}" if column else ""
            self.errors_by_line.append((error, name))
            if column and name not in self.fields:
                self.cells[name] = (error["line"], column.key)
                label = _("Ligne %(line)s, %(title)s") % {"line": error["line"], "title": column.title}
                self.fields[name] = typed_field(column, label, texts.get((error["line"], column.key), ""))

    def rows(self) -> list[tuple[Mapping[str, Any], forms.BoundField | None]]:
        return [(error, self[name] if name else None) for error, name in self.errors_by_line]

    def typed(self) -> dict[str, dict[str, str]]:
        """Return the cells that were changed, by line and field."""
        texts: dict[str, dict[str, str]] = {}
        for name, (line, key) in self.cells.items():
            if name in self.changed_data:
                texts.setdefault(str(line), {})[key] = self.cleaned_data[name]
        return texts
