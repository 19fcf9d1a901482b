"""Registry of personal data: what each model holds about a person, how it is exported and erased, and for how long.

A model declares itself; an abstract base declares its subclasses:

    class Support(models.Model):
        privacy = ModelPrivacy(_("Vos soutiens à des sujets"), owner="user__person", default=retained(SUPPORT))
    class HearingGuest(models.Model):
        privacy = ModelPrivacy(_("Vos auditions"), owner="person", default=retained(HEARD), name=erased())
    class SuggestionDraft(models.Model):
        privacy = ModelPrivacy(_("Le sujet que vous écrivez"), owner="user__person", deletes_rows=True)
    class BriefingPack(models.Model):
        privacy = IMPERSONAL  # holds nothing about a `Person` but keys to users; covers every field of its class

Default by kind of field:

| field | rule |
|---|---|
| primary key, link to the owner | none |
| key to a user, UUID, version, key, digest (`INTERNAL_TOKENS`) | as `default`, not exported |
| what looks personal (`PERSONAL_TOKENS`, `PERSONAL_KINDS`), key to a person | none: name it (check `identity.E002`) |
| any other: dates, choices, texts, numbers, keys | `default` |

An app declares retention periods and what else an erasure does in its `contributions`, or in a `privacy.py`:

    retention("members.needs", _("Besoins après la mandature"), find=due_needs, apply=delete_need)
    at_erasure("institution.roles", end_roles)
"""

import calendar
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

type Text = str | Promise

ACT = _("acte de l’institution")
INTERNAL_TOKENS = frozenset({"version", "revision", "key", "digest", "sha256"})
PERSONAL_TOKENS = frozenset(
    "name surname email phone mobile address street postcode city birth gender civility health ip iban notes".split()
)
PERSONAL_KINDS = (
    models.EmailField,
    models.GenericIPAddressField,
    models.FileField,
    models.JSONField,
    models.BinaryField,
)


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


def retained(reason: Text = ACT, *, exported: bool = True) -> Rule:
    """Declare that the field is retained after an erasure, for that reason."""
    return Rule(False, reason=reason, exported=exported)


class ModelPrivacy:
    """Declaration of a model. `name` is its label on « Mes données », `owner` the lookup from the model to `Person`.

    `owner` is "" for `Person` itself and None for a model without an owner. `internal` names fields that follow
    `default` without being exported; `fields` and `exceptions` give the rules of single fields. `is_trace`: the rows
    only tell what was written to a person, who is not kept because of them (`actions.erase_unless_named`).
    """

    def __init__(
        self,
        name: Text = "",
        /,
        *,
        owner: str | None,
        default: Rule = Rule(False, reason=ACT),
        deletes_rows: bool = False,
        is_trace: bool = False,
        internal: Collection[str] = (),
        fields: Mapping[str, Rule] | None = None,
        **exceptions: Rule,
    ) -> None:
        self.name, self.owner, self.default, self.deletes_rows = name, owner, default, deletes_rows
        self.is_trace = is_trace
        self.rules = dict.fromkeys(internal, replace(default, exported=False)) | dict(fields or {}) | exceptions

    def rule_of(self, column: Any) -> Rule | None:
        """Return the rule of a column, or None if it must be named."""
        if column.name in self.rules:
            return self.rules[column.name]
        if is_internal(column):
            return replace(self.default, exported=False)
        return None if looks_personal(column) else self.default

    def columns(self, model: type[models.Model]) -> list[Any]:
        """Return the columns that need a rule. Raise FieldDoesNotExist if an exception names no field."""
        named = [model._meta.get_field(name) for name in self.rules]
        link = (self.owner or "").split("__")[0]
        columns = [column for column in model._meta.concrete_fields if not column.primary_key and column.name != link]
        return columns + [column for column in named if column not in columns]


IMPERSONAL = ModelPrivacy(owner=None)


def is_internal(column: Any) -> bool:
    """Return whether the column is a key to a user, a version or a digest, which no export shows."""
    if column.related_model:
        return bool(column.related_model._meta.label == settings.AUTH_USER_MODEL)
    return isinstance(column, models.UUIDField) or column.name.split("_")[-1] in INTERNAL_TOKENS


def looks_personal(column: Any) -> bool:
    """Return whether the column may say something about a person, by its kind or a word of its name."""
    if "identity.Person" in {one._meta.label for one in (column.model, column.related_model) if one}:
        return True
    if column.related_model:
        return False
    return isinstance(column, PERSONAL_KINDS) or not PERSONAL_TOKENS.isdisjoint(column.name.split("_"))


@dataclass(frozen=True)
class Declaration:
    """What one model holds about its owner. `owner` is the lookup from the model to Person, "" for Person itself."""

    model: type[models.Model]
    owner: str
    fields: Mapping[str, Rule]
    deletes_rows: bool = False
    name: Text = ""
    is_trace: bool = False

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


def declare(model: type[models.Model], privacy: ModelPrivacy) -> None:
    """Register a model: `IdentityConfig` calls it for those with `privacy`, `identity.privacy` for the others."""
    if privacy.owner is None:
        registry.impersonal.add(model)
        return
    rules = {column.name: privacy.rule_of(column) for column in privacy.columns(model)}
    fields = {name: rule for name, rule in rules.items() if rule is not None}
    registry.declarations[model] = Declaration(
        model, privacy.owner, fields, privacy.deletes_rows, privacy.name, privacy.is_trace
    )


def declare_models(model_classes: Iterable[type[models.Model]]) -> None:
    """Register the models that have `privacy`."""
    for model in model_classes:
        privacy = getattr(model, "privacy", None)
        if privacy is not None:
            declare(model, privacy)


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
    """Return what a model has not declared: its own name, or the missing fields; nothing when all is declared.

    What a model inherits from an abstract base covers the fields of that base, not those that it adds.
    """
    label, declaration = model._meta.label, registry.declarations.get(model)
    if declaration is None and model not in registry.impersonal:
        return [label]
    base: Any = next((one for one in model.__mro__ if "privacy" in vars(one)), model)
    columns = model._meta.concrete_fields
    if declaration:
        known = {*declaration.fields, declaration.owner.split("__")[0]}
    elif base is model:
        return []
    else:
        known = {column.name for column in base._meta.fields}
        known |= {column.name for column in columns if IMPERSONAL.rule_of(column)}
    return [f"{label}.{column.name}" for column in columns if column.name not in known and not column.primary_key]
