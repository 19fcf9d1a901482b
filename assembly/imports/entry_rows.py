"""Import of rows that a file adds and never changes, through the form of their page: a sitting, a person, a body."""

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assembly.identity.models import User
from assembly.imports.form_rows import FormLines, choices_of, list_values, of_field
from assembly.imports.models import ImportBatch
from assembly.imports.plan import CREATE, SAME, ImportColumn, ImportPlan, LineRejected
from assembly.imports.tables import FileTable
from assembly.institution.actions.assemblies import lock_assembly
from assembly.institution.models import Term


@dataclass(frozen=True)
class EntryRows:
    """Rows that a file adds. `fields`: labels of the form by name; `required`: those that no line is without.

    `form(term, user, data)`: the form of the page. `create(term, by, form)`: its action. `key(form)`: what identifies
    a row; `known(term)`: the keys of the rows that there are, which no line adds again.
    """

    fields: Mapping[str, Any]
    required: Sequence[str]
    form: Callable[..., Any]
    create: Callable[..., Any]
    key: Callable[[Any], Hashable]
    known: Callable[[Term], Collection[Hashable]]

    def columns(self, form: Any = None) -> list[ImportColumn]:
        """Return the fields; with a form, what each reads as well."""
        choices = choices_of(form) if form else {}
        return [
            ImportColumn(
                name,
                label,
                required=name in self.required,
                identifies=name in self.required,
                **(of_field(form.fields[name], choices.get(name, {})) if form else {}),
            )
            for name, label in self.fields.items()
        ]

    def columns_in(self, term: Term) -> list[ImportColumn]:
        return self.columns(self.form(term, None, None))

    def plan(self, table: FileTable, term: Term) -> ImportPlan:
        plan = ImportPlan(table, self.columns())
        if not plan.stops:
            plan.add_lines(EntryLines(self, term, plan).plan_line)
        return plan

    def write(self, entry: dict[str, Any], batch: ImportBatch, *, by: User) -> str:
        """Write one line unless that row was added since the preview."""
        lock_assembly(batch.term.assembly_id)
        form = self.form(batch.term, by, entry["data"])
        if not form.is_valid():
            raise ValidationError([str(message) for messages in form.errors.values() for message in messages])
        if "known" not in batch.memo:
            batch.memo["known"] = set(self.known(batch.term))
        key = self.key(form)
        if key in batch.memo["known"]:
            return SAME
        self.create(batch.term, by=by, form=form)
        batch.memo["known"].add(key)
        return CREATE


class EntryLines(FormLines):
    """Lines of a file, each a new row or one that there is."""

    source: Any

    def __init__(self, source: EntryRows, term: Term, plan: ImportPlan) -> None:
        form = source.form(term, None, None)
        self.source, self.term, self.plan, self.moments = source, term, plan, []
        self.choices, self.known_keys = choices_of(form), set(source.known(term))

    def form_of(self, row: Any, data: Any = None) -> Any:
        return self.source.form(self.term, None, data)

    def filled(self, base: Any, row: Any, data: dict[str, Any]) -> Any:
        return self.form_of(row, data)  # some read their data as they are built

    def row_of(self, line: int, texts: dict[str, str]) -> Any:
        return None

    def choices_for(self, form: Any, name: str) -> Mapping[str, str]:
        return self.choices.get(name, {})

    def entry(self, line: int, form: Any, names: Iterable[str], row: Any) -> dict[str, Any]:
        key = self.source.key(form)
        if earlier := self.plan.earlier_line(key, line):
            raise LineRejected(("", "", _("La ligne %(n)s dit la même chose.") % {"n": earlier}))
        values = list_values(form, names, None)
        name = " ".join(value["text"] for value in values[:1])
        return {"plan": SAME if key in self.known_keys else CREATE, "name": name, "data": form.data, "values": values}
