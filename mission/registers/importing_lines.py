"""Import of a file of lines below the rows of a register, through the form of a line.

A line names its row by reference or name. One with the number that an exported file gives is changed, another is
added, unless the row has a line that says the same: a file sent twice adds nothing.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _, gettext_lazy, ngettext

from assembly.identity.models import User
from assembly.imports.cells import InvalidCell, choice_cell, folded_text
from assembly.imports.form_rows import (
    MOST_CHOICES,
    FormLines,
    choices_of,
    list_values,
    read_reference,
    reader_of,
    saved_value,
    unchanged_data,
)
from assembly.imports.models import ImportBatch
from assembly.imports.plan import (
    CREATE,
    REFERENCE,
    SAME,
    UPDATE,
    ImportColumn,
    ImportKind,
    ImportPlan,
    LineRejected,
)
from assembly.imports.tables import FileTable
from assembly.imports.undo import check_unreferenced, check_unused, written_facts
from assembly.imports.views import ImportPages
from assembly.institution.models import Term
from assembly.lists import label_of
from assembly.web.forms import whole_number
from mission.registers import actions
from mission.registers.declaration import Lines, Register
from mission.registers.files import line_column
from mission.registers.forms import line_form

ROW, LINE = "row", "line"


@dataclass(frozen=True)
class LineRows:
    """Lines of one kind below the rows of a register, as a file fills them."""

    register: Register
    lines: Lines

    @property
    def fields(self) -> dict[str, Any]:
        fields: dict[str, Any] = line_form(self.register.key, self.lines.key).base_fields
        return {name: field for name, field in fields.items() if name != "version"}

    def columns(self, names: Sequence[str] = ()) -> list[ImportColumn]:
        """Return what names the row and the line, then the fields of the form. `names`: of the rows, if few."""
        model = self.register.model
        noun = capfirst(str(model._meta.verbose_name))
        return [
            ImportColumn(REFERENCE, label_of(model, REFERENCE), strict=True, reads=read_reference),
            ImportColumn(ROW, noun, (folded_text(str(self.register.title)),), choices=tuple(names), is_needed=True),
            ImportColumn(LINE, gettext_lazy("Ligne"), strict=True, reads=read_number),
            *(
                ImportColumn(
                    name, field.label, required=field.required, is_needed=field.required, reads=reads_of(field)
                )
                for name, field in self.fields.items()
            ),
        ]

    def columns_in(self, term: Term) -> list[ImportColumn]:
        names = list(self.rows(term).order_by("name__alphabetical").values_list("name", flat=True)[: MOST_CHOICES + 1])
        return self.columns(names if len(names) <= MOST_CHOICES else ())

    def form(self, term: Term, user: User | None, line: Any, data: Any = None) -> Any:
        return line_form(self.register.key, self.lines.key)(data, instance=line, row=line.row, term=term, user=user)

    def rows(self, term: Term) -> Any:
        return self.register.model.objects.filter(assembly=term.assembly_id)

    def is_open(self, row: Any) -> bool:
        return row.state not in self.register.locked_states and self.lines.are_open(row)

    def values_of(self, term: Term, row: Any, like: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Return what each line of a row says, field by field; with `like`, of lines whose columns say the same."""
        columns = {field.name for field in self.lines.model._meta.concrete_fields} & set(like or ())
        same = {name: like[name] for name in columns if like and like[name] not in (None, "")}
        made = [(line, self.form(term, None, line)) for line in self.lines.of(row).filter(**same)]
        return [{name: saved_value(form, line, name) for name in form.fields} for line, form in made]

    def plan(self, table: FileTable, term: Term) -> ImportPlan:
        plan = ImportPlan(table, self.columns())
        if not {REFERENCE, ROW} & {*table.for_all, *(column.key for column in plan.columns.values())}:
            title = capfirst(str(self.register.model._meta.verbose_name))
            plan.stops.append(_("La colonne « %(title)s » manque.") % {"title": title})
        if not plan.stops:
            plan.add_lines(RegisterFileLines(self, term, plan).plan_line)
        return plan

    def write(self, entry: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
        """Write one line as its plan requires; raise ValidationError if its row was closed, or somebody saved it."""
        term = batch.term
        row = self.register.rows_of(by, term).filter(pk=entry["parent"]).first()
        if row is None or not self.register.can_write(by, row) or not self.is_open(row):
            raise ValidationError(_("Cette fiche a changé depuis l’aperçu."), code="changed")
        line = self.lines.of(row).filter(pk=entry["row"]).first() if entry["row"] else self.lines.model(row=row)
        if line is None or line.pk and line.version != entry["version"]:
            raise ValidationError(_("Cette ligne a changé depuis l’aperçu."), code="changed")
        form = self.form(term, by, copy(line), entry["data"])
        if not form.is_valid():
            raise ValidationError([str(message) for messages in form.errors.values() for message in messages])
        values = form.values()
        if line.pk:
            former = unchanged_data(self.form(term, by, copy(line)))
            actions.change_line(self.register, self.lines, line, by=by, data=values, version=line.version)
        elif any(has_same_values(values, saved) for saved in self.values_of(term, row, like=values)):
            return SAME
        else:
            former, line = None, actions.add_line(self.register, self.lines, row, by=by, data=values)
        entry["written"] = written_facts(line, former)
        return str(entry["plan"])

    def undo(self, written: dict[str, Any], batch: ImportBatch, *, by: User) -> None:
        """Withdraw a line that a file added, or give the former values back to one that it changed."""
        rows = self.register.rows_of(by, batch.term)
        line = self.lines.model.objects.filter(pk=written["row"], row__in=rows).select_related("row").first()
        if line is None:
            raise ValidationError(_("Une ligne de cet import n’existe plus."), code="changed")
        check_unused(line, written, with_parts=False)
        if line.version != written["version"]:
            raise ValidationError(_("« %(name)s » a changé depuis l’import.") % {"name": line}, code="changed")
        if written["former"] is None:
            check_unreferenced(line)
            actions.withdraw_line(self.register, self.lines, line, by=by)
            return
        form = self.form(batch.term, by, copy(line), written["former"])
        if not form.is_valid():
            raise ValidationError(_("« %(name)s » ne reprend plus ses anciennes valeurs.") % {"name": line})
        actions.change_line(self.register, self.lines, line, by=by, data=form.values(), version=line.version)


def read_number(text: str) -> None:
    if whole_number(text) < 0:
        raise InvalidCell(_("Ce n’est pas un numéro de ligne."))


def reads_of(field: Any) -> Any:
    """Return the function that reads a text as a field does; of a choice that depends on the row, none."""
    if isinstance(field, forms.ModelChoiceField):
        return None
    return reader_of(field, choices_of(FieldHolder(field)).get("field", {}))


class FieldHolder:
    """Stands for a form with one field."""

    def __init__(self, field: Any) -> None:
        self.fields = {"field": field}


def has_same_values(values: Mapping[str, Any], saved: Mapping[str, Any]) -> bool:
    return all((saved.get(name) or None) == (value or None) for name, value in values.items())


class RegisterFileLines(FormLines):
    """Lines of a file compared with those below the rows of a register."""

    source: Any

    def __init__(self, source: LineRows, term: Term, plan: ImportPlan) -> None:
        self.source, self.term, self.plan, self.moments, self.choices = source, term, plan, [], {}
        rows = list(source.rows(term))
        self.parents = {row.reference: row for row in rows}
        self.names: dict[str, str] = {}
        for row in rows:  # of two rows of one name none is known by it
            name = folded_text(row.name)
            self.names[name] = "" if name in self.names else row.reference
        self.by_row: dict[int, tuple[dict[str, dict[str, str]], list[dict[str, Any]]]] = {}

    def parent_of(self, reference: str, name: str) -> Any:
        title = self.plan.known[ROW].title
        if reference:
            if reference not in self.parents:
                raise LineRejected((_("Référence"), reference, _("Aucune fiche n’a cette référence.")))
            return self.parents[reference]
        if not name:
            raise LineRejected((title, "", _("Cette case est vide.")))
        try:
            known = choice_cell(name, self.names)
        except InvalidCell:
            raise LineRejected((title, name, _("Aucune fiche, ou plusieurs, ont ce nom."))) from None
        if not known:
            raise LineRejected((title, name, _("Plusieurs fiches portent ce nom : donnez la référence.")))
        return self.parents[known]

    def row_of(self, line: int, texts: dict[str, str]) -> Any:
        """Return the line that is changed, or a new one below its row; raise LineRejected."""
        row = self.parent_of(texts.pop(REFERENCE, ""), texts.pop(ROW, ""))
        number = texts.pop(LINE, "")
        if not self.source.is_open(row):
            raise LineRejected(("", row.name, _("Cette fiche ne change plus : rien ne s’y ajoute.")))
        if not number:
            return self.source.lines.model(row=row)
        current = self.source.lines.of(row).filter(pk=whole_number(number)).first()
        if current is None:
            raise LineRejected((_("Ligne"), number, _("Cette fiche n’a pas cette ligne.")))
        if earlier := self.plan.earlier_line(current.pk, line):
            raise LineRejected((_("Ligne"), number, _("La ligne %(n)s dit déjà cette fiche.") % {"n": earlier}))
        return current

    def of_row(self, form: Any) -> tuple[dict[str, dict[str, str]], list[dict[str, Any]]]:
        """Return the choices of a form and what the lines of its row say, read once for each row."""
        row = form.instance.row
        if row.pk not in self.by_row:
            self.by_row[row.pk] = choices_of(form), self.source.values_of(self.term, row)
        return self.by_row[row.pk]

    def choices_for(self, form: Any, name: str) -> Mapping[str, str]:
        return {**self.of_row(form)[0].get(name, {}), **super().choices_for(form, name)}

    def cells_of(self, form: Any, texts: dict[str, str]) -> dict[str, str]:
        """Leave out what the form of this line never changes, where the file says it as it is."""
        absent = {
            name: field for name, field in self.source.fields.items() if name in texts and name not in form.fields
        }
        for name, field in absent.items():
            saved = line_column(self.source.lines, name, field).value_of(form.instance) if form.instance.pk else ""
            if folded_text(str(saved)) == folded_text(texts[name]) or not texts[name]:
                texts = {key: text for key, text in texts.items() if key != name}
        return texts

    def cell(self, form: Any, name: str, text: str) -> str:
        if name not in form.fields:
            label = self.source.fields[name].label
            raise LineRejected((label, text, _("Cette fiche n’a pas ce choix.")))
        return super().cell(form, name, text)

    def entry(self, line: int, form: Any, names: Iterable[str], row: Any) -> dict[str, Any]:
        values, saved = form.values(), self.of_row(form)[1]
        is_new, parent = row.pk is None, form.instance.row
        is_same = (
            any(has_same_values(values, each) for each in saved)
            if is_new
            else has_same_values(values, self.saved(form, row))
        )
        if is_new and (earlier := self.plan.earlier_line((parent.pk, str(sorted(values.items(), key=str))), line)):
            raise LineRejected(("", parent.name, _("La ligne %(n)s dit la même chose.") % {"n": earlier}))
        return {
            "plan": SAME if is_same else CREATE if is_new else UPDATE,
            "name": f"{parent.reference} {parent.name}",
            "data": form.data,
            "values": list_values(form, names, None if is_new else row),
            "parent": parent.pk,
            "row": row.pk,
            "version": 0 if is_new else row.version,
        }

    @staticmethod
    def saved(form: Any, row: Any) -> dict[str, Any]:
        return {name: saved_value(form, row, name) for name in form.fields}


def line_import_kind(register: Register, lines: Lines) -> ImportKind:
    return line_import_pages(register, lines).import_kind(undo=LineRows(register, lines).undo)


def line_import_pages(register: Register, lines: Lines) -> ImportPages:
    """Return the pages that import a file of lines of this kind."""
    return ImportPages(
        app="mission",
        kind=lines.key,
        rule=register.can_enter,
        rows=LineRows(register, lines),
        example_in=ROW,
        title=format_lazy("{} : {}", gettext_lazy("Importer"), lines.title),
        above=register.title,
        list_route=f"mission:{register.key}",
        added=gettext_lazy("Lignes ajoutées"),
        model=format_lazy("{} {}", gettext_lazy("modele"), lines.key),
        count=partial(count_lines),
        start_template="mission/registers/lines_import.html",
        prefix=f"{register.key}-{lines.key}-",
    )


def count_lines(n: int) -> str:
    return ngettext("Importer %(n)s ligne", "Importer %(n)s lignes", n) % {"n": n}
