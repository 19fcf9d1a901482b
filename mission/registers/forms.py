"""Forms made from a declaration: of a row, of a line below it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from django import forms
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import model_to_dict
from django.utils.translation import gettext

from assembly.identity.models import User
from assembly.institution.models import TEAM_ROLES, Directorate, Term
from assembly.text.numbers import number_form_field
from assembly.text.printable import check_text
from assembly.web.forms import SEARCHABLE, StyledModelForm, TagsField
from consultations.referrals.forms import OfficerChoice
from mission.registers.declaration import Lines, Register, registers

PROPOSED = frozenset({"owner", "topics", "year", "scheme", "mailing_list", "contract", "lot", "operation", "sitting"})
OWN = frozenset({"number", "document", "booking", "advice", "has_committed"})  # of one row alone: never copied
PLACES = ("assembly", "term__assembly", "sitting__term__assembly", "opinion__term__assembly")


class AssemblyScopedForm(StyledModelForm):
    """Form of a row or line of an assembly; it checks texts and saves nothing. `term`: where the choices come from.

    `limits`: conditions on the choices of these keys, in addition to the saved choice.
    """

    limits: Mapping[str, Q] = {}
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, term: Term, user: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.term, self.user = term, user
        self.initial["version"] = self.instance.version if self.instance.pk else 0
        for name, field in self.fields.items():
            if isinstance(field, forms.ModelChoiceField):
                own, limit = getattr(self.instance, f"{name}_id", None), self.limits.get(name)
                field.queryset = choices_in(field.queryset, term, user, limit, own)
                if not isinstance(field.widget, forms.CheckboxSelectMultiple):
                    field.widget.attrs |= SEARCHABLE
            elif type(field) is forms.CharField:
                field.validators.append(check_text)  # type: ignore[arg-type]  # -- its return value is not used

    def validate_constraints(self) -> None:
        """Validate also the constraints that read saved columns: assembly, year, state."""
        left, row = self._get_validation_exclusions(), self.instance.__dict__
        columns = {field.name: field.attname for field in self._meta.model._meta.fields}
        unknown = {name for name in left if name in self.fields or row.get(columns[name]) in (None, "")}
        try:
            self.instance.validate_constraints(exclude=unknown)
        except ValidationError as refused:
            self._update_errors(refused)

    def values(self) -> dict[str, Any]:
        """Return the columns that the action writes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class RegisterForm(AssemblyScopedForm):
    """Form of a row, or of a line of a file. It refuses a row in a locked state; a subclass may add `clean`."""

    register: Register

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.readonly_fields = self.register.readonly_fields(self.instance) if self.instance.pk else ()
        for name in self.readonly_fields:
            self.fields[name].disabled = True

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in self.readonly_fields}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.instance.pk and self.instance.state in self.register.locked_states:
            raise ValidationError(gettext("Cette fiche est partie : elle ne change plus."), code="locked")
        return data

    def parts(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return titles and fields, section by section."""
        rows = [
            (part.title, [self[name] for name in part.fields if name in self.fields])
            for part in self.register.sections
        ]
        return [(title, fields) for title, fields in rows if fields]


class RowLineForm(AssemblyScopedForm):
    """Form of a line; `row`: the row above it."""

    lines: Lines

    def __init__(self, *args: Any, row: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = self.instance.row = row
        if name := self.lines.distinct:
            field: Any = self.fields[name]
            others = self.lines.model.objects.filter(row=row).exclude(pk=self.instance.pk)
            field.queryset = field.queryset.exclude(pk__in=others.values(name))


def prefill(form: Any, query: Mapping[str, str]) -> None:
    """Fill an empty form with the values of an address, as far as its fields accept them."""
    for name in form.fields.keys() & query.keys():
        try:
            form.initial[name] = form.fields[name].clean(query[name])
        except ValidationError:
            continue


def choices_in(rows: Any, term: Term, user: User | None, limit: Q | None = None, own: Any = None) -> Any:
    """Return the choices of this assembly, within `limit`, and `own`: the saved choice, whatever its state.

    Of a register they are those that the writer sees; of directorates and of the team, those of today.
    """
    model: Any = rows.model
    names = {field.name for field in model._meta.get_fields()}
    path = next((path for path in PLACES if path.partition("__")[0] in names), "")
    allowed = rows.filter(**{path: term.assembly_id}) if path else rows
    if known := next((each for each in registers.values() if each.model is model), None):
        allowed = known.rows_of(user, term) if user else allowed
        rows = rows.select_related("owner__person", *known.related).order_by("name__alphabetical", "pk")
    elif model is User:
        conditions = {"roles__assembly": term.assembly_id, "roles__role__in": TEAM_ROLES, "roles__ended_at": None}
        allowed = rows.filter(**conditions)
        rows = rows.select_related("person").order_by("person__sort_name", "pk")
    elif model is Directorate:
        allowed = allowed.filter(closed_on=None)
    return rows.filter(Q(pk__in=allowed.filter(limit or Q()).order_by().values("pk")) | Q(pk=own))


def form_field(field: Any, **kwargs: Any) -> Any:
    """Return the form field of a column: one of this project where that of Django is too limited."""
    if isinstance(field, ArrayField):
        return field.formfield(form_class=TagsField, **kwargs)
    if getattr(field, "remote_field", None) and field.related_model is User:
        return field.formfield(form_class=OfficerChoice, **kwargs)
    return number_form_field(field, **kwargs)


def made_form(of: Register | Lines, base: type[AssemblyScopedForm], fields: Sequence[str], **own: Any) -> Any:
    """Build the form class of a declaration."""
    form_class = forms.modelform_factory(
        of.model, form=of.form or base, fields=[*fields], formfield_callback=form_field, help_texts={**of.helps}
    )
    return type(form_class.__name__, (form_class,), {"limits": of.limits, **own})


@cache
def row_form(key: str) -> type[RegisterForm]:
    return made_form(registers[key], RegisterForm, registers[key].field_names, register=registers[key])


@cache
def line_form(key: str, lines_key: str) -> type[RowLineForm]:
    lines: Any = registers[key].line_kind(lines_key)
    return made_form(lines, RowLineForm, lines.fields, lines=lines)


def copied_values(row: Any, names: Collection[str]) -> dict[str, Any]:
    """Return the first values of a form, copied from a row or a line: no day, and nothing that is of one row alone."""
    values = model_to_dict(row, set(names) - OWN)
    return {name: value for name, value in values.items() if not isinstance(value, date)}


def proposed_values(rows: QuerySet[Any], user: Any, names: Collection[str]) -> dict[str, Any]:
    """Return what this person chose last among these rows: whose it is and what it belongs to, never what it is."""
    last = rows.filter(created_by=user).order_by("-pk").first()
    return copied_values(last, PROPOSED.intersection(names)) if last else {}


def form_for(register: Register, term: Term, user: Any = None, instance: Any = None, data: Any = None) -> RegisterForm:
    """Return the form of a row, or of a new one: constraints are validated as the action will write it."""
    form = row_form(register.key)(data, instance=instance, term=term, user=user)
    form.instance.assembly_id = term.assembly_id
    return form
