"""Registry of personal data: what each model holds about a person, how it is exported and erased, and for how long.

Each app fills it from its `privacy.py` (imported automatically at start):

    from assembly.identity.privacy import erased, impersonal, personal, retain, retention

    personal(Member, owner="person", fields={
        "birth_year": erased(None),                       # exported; emptied when the person is erased
        "canton": retain(_("siège tenu, acte public")),   # exported; stays, with the reason why
    })
    personal(AccommodationNeed, owner="member__person", deletes_rows=True, fields=retained("measure"))
    impersonal(Term, Canton)                              # holds nothing about anybody
    retention("members.needs", _("Besoins après la mandature"), find=due_needs, apply=delete_need)

Every model is declared once, with every field but the key and the owner's link: a test fails otherwise.
"""

import calendar
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise

ACT = _("acte de l’institution")


@dataclass(frozen=True)
class Rule:
    """Rule for one field. `to` is the value written at erasure, or a function of the row that returns it."""

    erases: bool
    to: Any = None
    reason: Text = ""
    exported: bool = True


def erased(to: Any = "", *, exported: bool = True) -> Rule:
    """Declare that the field is emptied. `exported=False` for what would only confuse (a sort key, a digest)."""
    return Rule(True, to, exported=exported)


def retain(reason: Text = ACT, *, exported: bool = True) -> Rule:
    """Declare that the field is retained after an erasure, for that reason."""
    return Rule(False, reason=reason, exported=exported)


def retained(*names: str, reason: Text = ACT, exported: bool = True) -> dict[str, Rule]:
    """Declare several retained fields with one reason: `{**retained("seat", reason=…), "phone": erased()}`."""
    return dict.fromkeys(names, retain(reason, exported=exported))


@dataclass(frozen=True)
class Declaration:
    """What one model holds about its owner. `owner` is the lookup from the model to Person, "" for Person itself."""

    model: type[models.Model]
    owner: str
    fields: Mapping[str, Rule]
    deletes_rows: bool = False
    name: Text = ""

    def rows(self, person: models.Model) -> models.QuerySet[Any]:
        """Return the rows about `person`."""
        return self.model._base_manager.filter(**{self.owner or "pk": person.pk})


@dataclass(frozen=True)
class Retention:
    """Retention period: `find(now)` returns what is due, `apply(row)` erases it. The dry run uses the same `find`."""

    key: str
    label: Text
    find: Callable[[datetime], Iterable[Any]]
    apply: Callable[[Any], None]


@dataclass
class Registry:
    """Declarations, filled at start and read by the actions and the screens."""

    declarations: dict[type[models.Model], Declaration] = field(default_factory=dict)
    impersonal: set[type[models.Model]] = field(default_factory=set)
    retentions: dict[str, Retention] = field(default_factory=dict)
    erasure_hooks: dict[str, Callable[[Any, Any], None]] = field(default_factory=dict)


registry = Registry()


def personal(
    model: type[models.Model], *, owner: str, fields: Mapping[str, Rule], deletes_rows: bool = False, name: Text = ""
) -> None:
    """Declare a model that holds something about a person; `name` is its label on « Mes données »."""
    registry.declarations[model] = Declaration(model, owner, fields, deletes_rows, name)


def impersonal(*model_classes: type[models.Model]) -> None:
    """Declare models that hold nothing about anybody."""
    registry.impersonal.update(model_classes)


def retention(
    key: str, label: Text, *, find: Callable[[datetime], Iterable[Any]], apply: Callable[[Any], None]
) -> None:
    """Declare a retention period."""
    registry.retentions[key] = Retention(key, label, find, apply)


def at_erasure(key: str, hook: Callable[[Any, Any], None]) -> None:
    """Register `hook(person, by)`, called when a person is erased, before the fields are emptied."""
    registry.erasure_hooks[key] = hook


def months_later(day: date, months: int) -> date:
    """Return the same day some months later, or the last day of a shorter month, as retention periods are counted."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def delete_row(row: Any) -> None:
    """Delete a row, for `retention(…, apply=delete_row)`."""
    row.delete()


def undeclared(model: type[models.Model]) -> list[str]:
    """Return what a model has not declared: its own name, or the missing fields; nothing when all is declared."""
    if model in registry.impersonal:
        return []
    declaration = registry.declarations.get(model)
    if declaration is None:
        return [model._meta.label]
    known = {*declaration.fields, declaration.owner.split("__")[0]}
    return [
        f"{model._meta.label}.{column.name}"
        for column in model._meta.concrete_fields
        if column.name not in known and not column.primary_key
    ]
