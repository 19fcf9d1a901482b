"""Workbook of a register: its list, and the lines below its rows on sheets of their own."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from assembly.files.sheets import Kind, Worksheet
from assembly.files.spreadsheets import XLSX
from assembly.identity.http import UserRequest
from assembly.imports.form_rows import choice_labels
from assembly.institution.models import Term
from assembly.lists import Column, column, label_of
from assembly.lists.tables import CHUNK, kind_of
from mission.registers.declaration import Lines, Register
from mission.registers.forms import form_for, line_form


def register_file(request: UserRequest, register: Register, term: Term, *, with_private: bool = False) -> HttpResponse:
    """Return the list as a file, in the format of `?format=`; a workbook has the lines too.

    `with_private`: with the personal data of the register.
    """
    listing = register.listing
    if request.GET.get("format") == XLSX:
        offered = choices_of_keys(register, term, request.user, {str(each.label) for each in listing.columns})
        columns = [replace(each, choices=offered.get(str(each.label), each.choices)) for each in listing.columns]
        listing = replace(listing, columns=columns)
    if with_private:
        names = [name for name in register.field_names if name in register.private]
        private = [replace(column(register.model, name), key="", order=()) for name in names]
        listing = replace(listing, columns=[*listing.columns, *private])
    return listing.file_of(request, term, lambda rows: line_sheets(register, rows, with_private=with_private))


def choices_of_keys(register: Register, term: Term, user: Any, labels: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return what the cells of a key offer to whoever takes the file, by the label of its column."""
    fields = form_for(register, term, user).fields
    keys = {name: field for name, field in fields.items() if isinstance(field, forms.ModelChoiceField)}
    single = {name: field for name, field in keys.items() if not isinstance(field, forms.ModelMultipleChoiceField)}
    by_label = {str(label_of(register.model, name)): field for name, field in single.items()}
    return {label: choice_labels(field) for label, field in by_label.items() if label in labels}


def line_sheets(register: Register, rows: QuerySet[Any], *, with_private: bool) -> list[Worksheet]:
    """Return one sheet for each kind of lines below these rows."""
    kinds = [lines for lines in register.lines if with_private or lines.key not in register.private]
    return [line_sheet(register, lines, rows) for lines in kinds]


def line_sheet(register: Register, lines: Lines, rows: QuerySet[Any]) -> Worksheet:
    """Return the sheet of one kind; each line has the reference of its row."""
    columns = line_columns(register, lines)
    below = lines.loaded(lines.model.objects.filter(row__in=rows.order_by().values("pk")))
    below = below.order_by("row_id", *lines.order).for_screen().iterator(CHUNK)
    values = ([each.value_of(line) for each in columns] for line in below)
    return Worksheet(str(lines.title), [each.heading for each in columns], values)


def line_columns(register: Register, lines: Lines) -> list[Column]:
    """Return the columns of a sheet of lines: the row above, the number of the line, the fields of its form."""
    fields = {
        name: field for name, field in line_form(register.key, lines.key).base_fields.items() if name != "version"
    }
    return [
        Column(label_of(register.model, "reference"), "row.reference", kind=Kind.TEXT),
        Column(capfirst(str(register.model._meta.verbose_name)), "row.name", kind=Kind.TEXT),
        Column(_("Ligne"), "pk", kind=Kind.INTEGER),
        *(line_column(lines, name, field) for name, field in fields.items()),
    ]


def line_column(lines: Lines, name: str, field: Any) -> Column:
    """Return the column of a field of the form, under the label that the form shows."""
    if name in lines.in_file:
        return Column(str(field.label), lines.in_file[name], kind=kind_of(field))
    return column(lines.model, name, label=str(field.label))
