"""Import of a file into a register: each row passes through the form of the register, so one set of rules applies.

The mechanism (preview, progress, counters, resuming) is `assembly.imports`.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import copy
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model
from django.forms.fields import BaseTemporalField
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.files.spreadsheets import NOTE
from assembly.imports.columns import ImportColumn, InvalidCell, folded_text, read_header
from assembly.imports.form_cells import choices_of, form_value, unchanged_data
from assembly.imports.kinds import ImportKind, add_import_kind
from assembly.imports.models import ImportBatch
from assembly.imports.plan import CREATE, SAME, UPDATE, ImportPlan
from assembly.imports.tables import FileTable
from assembly.imports.views import ImportPages
from assembly.institution.models import Term
from assembly.lists import label_of, model_field
from assembly.text.french import shortened
from assembly.web.forms import StyledForm
from assembly.web.values import format_value
from mission.registers import actions
from mission.registers.declaration import Register, registers
from mission.registers.forms import form_for

MOST_ROWS = 2000
REFERENCE = "reference"


def columns_of(register: Register) -> list[ImportColumn]:
    """Return the reference, then the fields of the form; each is known by its label or its column of the export."""
    model = register.model
    names = [REFERENCE, *register.field_names]
    return [
        ImportColumn(
            name,
            label_of(model, name),
            (folded_text(label_of(model, name)), *(("nom",) if name == "name" else ())),
            str,
            required=name == "name",
            identifies=name in register.identity and name != REFERENCE,
        )
        for name in names
    ]


def plan_rows(register: Register, table: FileTable, term: Term) -> ImportPlan:
    """Check every line, matched by its reference, else by what identifies a row. Nothing is written."""
    plan = ImportPlan(notes=list(table.notes))
    columns, plan.stops, notes = read_header(table.header, columns_of(register))
    plan.notes += notes
    if plan.stops:
        return plan
    lines = RegisterLines(register, term, plan)
    for line, cells in table.rows:
        if not cells[0].startswith(NOTE.strip()):  # notes of the file about itself are skipped
            lines.judge(line, {column.key: cells[position] for position, column in columns.items()})
    return plan


class RegisterLines:
    """Lines of a file compared with the rows of the assembly; `plan` collects the outcome of each."""

    def __init__(self, register: Register, term: Term, plan: ImportPlan) -> None:
        self.register, self.term, self.plan = register, term, plan
        rows = register.model.objects.filter(assembly=term.assembly_id)
        self.known = {row.reference: row for row in rows.select_related("owner__person", *register.related)}
        form = form_for(register, term)
        self.fields, self.choices = form.fields, choices_of(form)
        self.named: dict[tuple[str, ...], list[Any]] = {}
        for row in self.known.values():
            self.named.setdefault(self.key_of(row.__dict__), []).append(row)
        self.seen: dict[tuple[str, ...], int] = {}

    def key_of(self, cells: Mapping[str, Any]) -> tuple[str, ...]:
        """Return what identifies a row, from its columns or from the cells of a line."""
        return tuple(self.part_of_key(name, cells.get(name)) for name in self.register.identity)

    def part_of_key(self, name: str, value: Any) -> str:
        """Return a comparable text; a moment gives the same one however it is written."""
        field = self.fields.get(name)
        if isinstance(field, BaseTemporalField) and isinstance(value, str):
            with suppress(ValidationError, InvalidCell):
                value = field.clean(form_value(field, value, {}))
        if isinstance(value, datetime):
            value = value.astimezone(UTC)
        return folded_text(str(value or ""))

    def refuse(self, line: int, message: str, column: Any = "", value: str = "") -> None:
        error = {"line": line, "column": str(column), "value": shortened(value, 80), "message": message}
        self.plan.errors.append(error)

    def judge(self, line: int, texts: dict[str, str]) -> None:
        key, reference = self.key_of(texts), texts.pop(REFERENCE, "")
        if reference and reference not in self.known:
            self.refuse(line, _("Aucune fiche n’a cette référence."), _("Référence"), reference)
            return
        matches = [self.known[reference]] if reference else self.named.get(key, [])
        if len(matches) > 1:
            text = _("Plusieurs fiches portent ce nom : donnez la référence.")
            self.refuse(line, text, value=texts.get("name", ""))
            return
        row = matches[0] if matches else None
        first = self.seen.setdefault((row.reference,) if row else key, line)
        if first != line:
            self.refuse(line, _("La ligne %(n)s dit déjà cette fiche.") % {"n": first}, value=texts.get("name", ""))
            return
        self.through_form(line, texts, row)

    def choices_for(self, form: Any, name: str) -> Mapping[str, str]:
        """Return values by label, with the saved value of the row even if it is no longer offered."""
        own = getattr(form.instance, name, None)
        saved = (
            {folded_text(form.fields[name].label_from_instance(own)): str(own.pk)} if isinstance(own, Model) else {}
        )
        return self.choices.get(name, {}) | saved

    def cell(self, form: Any, name: str, text: str) -> str:
        """Return the form data of a cell; raise InvalidCell for what the form would silently ignore."""
        value = form_value(form.fields[name], text, self.choices_for(form, name))
        if name in form.readonly_fields:
            with suppress(ValidationError):
                if form.fields[name].clean(value) != getattr(form.instance, name):
                    raise InvalidCell(_("Un fichier ne change pas cette valeur. Changez-la sur la fiche."))
        return value

    def through_form(self, line: int, texts: Mapping[str, str], row: Any) -> None:
        """Validate a line with the form of the register; an empty cell leaves the saved value."""
        base = form_for(self.register, self.term, None, row)
        data = unchanged_data(base)
        for name, text in texts.items():
            try:
                if text:
                    data[name] = self.cell(base, name, text)
            except InvalidCell as refused:
                self.refuse(line, str(refused), base.fields[name].label, text)
                return
        form = form_for(self.register, self.term, None, row and copy(row), data)
        if not form.is_valid():
            for name, messages in form.errors.items():
                label = form.fields[name].label if name in form.fields else ""
                self.refuse(line, " ".join(map(str, messages)), label, texts.get(name, ""))
            return
        values = form.values()
        is_same = row is not None and all(getattr(row, name) == value for name, value in values.items())
        plan = CREATE if row is None else SAME if is_same else UPDATE
        entry = {"line": line, "plan": plan, "name": str(values.get("name", "")), "data": data}
        entry["values"] = list_values(form, [name for name, text in texts.items() if text], row)
        self.plan.rows.append(entry | {"row": row and row.pk, "version": row.version if row else 0})


def list_values(form: Any, names: Iterable[str], row: Any) -> list[dict[str, str]]:
    """Return the new values of a row, and the earlier ones where they change."""
    rows = []
    for name in names:
        value, before = form.cleaned_data[name], getattr(row, name, None)
        text, earlier = shown_value(form, name, value), shown_value(form, name, before)
        entry = {"label": str(form.fields[name].label), "text": text}
        rows.append(entry | {"before": earlier} if row is not None and value != before else entry)
    return rows


def shown_value(form: Any, name: str, value: Any) -> str:
    """Return one value as a page shows it; long texts are cut."""
    choices = dict(model_field(type(form.instance), name).choices or ())
    value = choices.get(value, value) if choices else value
    return shortened(value if value and isinstance(value, str) else str(format_value(value)), 200)


def write_row(register: Register, entry: dict[str, Any], batch: ImportBatch) -> str:
    """Write one line as its plan requires; raise ValidationError if somebody saved the row since."""
    by, term = batch.started_by, batch.term
    if by is None:
        raise PermissionDenied
    if entry["plan"] == SAME:
        return SAME
    row = register.rows_of(by, term).filter(pk=entry["row"]).first() if entry["row"] else None
    if entry["row"] and (row is None or row.version != entry["version"]):
        raise ValidationError(_("Cette fiche a changé depuis l’aperçu."), code="changed")
    form = form_for(register, term, by, row and copy(row), entry["data"])
    if not form.is_valid():
        raise ValidationError([str(message) for messages in form.errors.values() for message in messages])
    if row is None:
        actions.create(register, term, by=by, values=form.values())
    else:
        actions.edit(register, row, by=by, values=form.values(), version=row.version)
    return str(entry["plan"])


def import_pages(register: Register) -> ImportPages:
    """Return the pages that import a file into this register."""
    columns = columns_of(register)
    example = ["Exemple" if column.key == "name" else "" for column in columns]
    return ImportPages(
        app="mission",
        kind=register.key,
        rule=register.can_enter,
        columns=columns,
        example=example,
        confirm_form=StyledForm,  # it has no fields
        title=format_lazy("{} : {}", gettext_lazy("Importer"), register.title),
        above=register.title,
        list_route=f"mission:{register.key}",
        added=gettext_lazy("Fiches ajoutées"),
        model=format_lazy("{} {}", gettext_lazy("modele"), register.slug),
        count=lambda n: _("Importer %(rows)s") % {"rows": register.count(n)},
        prefix=f"{register.key}-",
    )


def add_register_imports() -> None:
    for key, each in registers.items():
        add_import_kind(
            ImportKind(
                key,
                lambda table, term, each=each: plan_rows(each, table, term),  # type: ignore[misc]  # -- bound here
                lambda entry, batch, each=each: write_row(each, entry, batch),  # type: ignore[misc]  # -- as above
                MOST_ROWS,
                each.can_enter,
            )
        )
