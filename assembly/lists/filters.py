"""Filters of a list: their declaration, those made from the field of a model, and the form that reads the address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import Model, Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.fragments.cache import cached_piece
from assembly.lists.tables import Rule, always, label_of, model_field
from assembly.text.french import Label, alphabetical
from assembly.web.forms import SEARCHABLE, ListFilter

type Search = Callable[[str, Any, Any], Q]  # of the text, the reader and the term
SEARCH = "q"
DUE_CHOICES = {"retard": _("En retard"), "30": _("Dans 30 jours"), "sans": _("Sans échéance")}


@dataclass(frozen=True)
class Filter:
    """Select field of a list.

    `path`: the lookup for its value; `where(value)`: the condition, if more than `path=value`. `choices`: an
    enumeration, pairs, or a function that returns pairs (or groups of pairs) for what `List.filter_source` returns, by
    default the term. `every`: the empty choice, which filters nothing or, with `otherwise`, by that condition.
    `can_see(user, term)`: who has this filter. `as_links`: its choices, pairs, are links above the rows instead of a
    field; each leads to the list without other filters.
    """

    key: str
    label: Label
    path: str = ""
    choices: Any = ()
    every: Label = _("Tout")
    where: Callable[[str], Q] | None = None
    otherwise: Callable[[], Q] = Q
    can_see: Rule = always
    as_links: bool = False

    def field(self, source: Any) -> forms.ChoiceField | None:
        """Return the field of the form; None where there is nothing to choose."""
        is_function = callable(self.choices) and not hasattr(self.choices, "choices")
        choices = self.choices(source) if is_function else self.choices
        pairs = [
            (key if isinstance(text, list | tuple) else str(key), text)
            for key, text in getattr(choices, "choices", choices)
        ]
        if not pairs:
            return None
        return forms.ChoiceField(
            label=str(self.label),
            required=False,
            choices=[("", self.every), *pairs],
            widget=forms.HiddenInput() if self.as_links else forms.Select(attrs=SEARCHABLE),
        )

    def links(self, used: str) -> list[dict[str, Any]]:
        """Return the choices (pairs) as links, for `ui/chips.html`; `used`: the value in use."""
        pairs = [("", self.every), *self.choices]
        return [
            {"label": text, "url": f"?{self.key}={key}" if key else "?", "current": key == used} for key, text in pairs
        ]

    def condition(self, value: str) -> Q:
        if not value:
            return self.otherwise()
        return self.where(value) if self.where else Q(**{self.path: value})


def by_choice(model: type[Model], name: str, key: str = "", **more: Any) -> Filter:
    """Return a filter by the choices of a field. `key`: its word in the URL, else its name; `more`: see Filter."""
    return Filter(key or name, label_of(model, name), name, model_field(model, name).choices, **more)


def by_conditions(
    key: str, label: Label, conditions: Mapping[str, tuple[Label, Callable[[], Q]]], **more: Any
) -> Filter:
    """Return a filter by named conditions, each a label and a function that returns the condition of today."""
    choices = [(name, text) for name, (text, _condition) in conditions.items()]
    return Filter(key, label, choices=choices, where=lambda value: conditions[value][1](), **more)


def by_closing(open_label: Label, is_open: Callable[[], Q]) -> Filter:
    """Return links to the open rows, which alone are shown without a filter, and to the closed ones."""
    closed = [("closes", _("Closes"))]
    return Filter("etat", _("État"), "", closed, open_label, lambda value: ~is_open(), is_open, as_links=True)


def by_due(over: Iterable[str]) -> Filter:
    """Return a filter by the column `due_on` of rows whose day no longer counts in the states `over`."""

    def where(value: str) -> Q:
        today, is_over = timezone.localdate(), Q(state__in=list(over))
        return {
            "retard": Q(due_on__lt=today) & ~is_over,
            "30": Q(due_on__gte=today, due_on__lte=today + timedelta(days=30)) & ~is_over,
            "sans": Q(due_on=None),
        }[value]

    return Filter("echeance", _("Échéance"), "", DUE_CHOICES.items(), _("Toutes"), where)


def column_values(model: type[Model], name: str, labels_from: Callable[[Any], Iterable[str]]) -> Callable[[Any], Any]:
    """Return a function that lists the values of a column in an assembly, sorted, cached until one changes."""

    def values(term: Any) -> list[tuple[str, str]]:
        rows = model._base_manager.filter(assembly=term.assembly_id).order_by().values_list(name, flat=True).distinct()
        cache_key = ("words", model.__name__, name, term.assembly_id)
        return cached_piece(cache_key, lambda: [(one, one) for one in sorted(labels_from(rows), key=alphabetical)])

    return values


def by_tag(model: type[Model], name: str, key: str) -> Filter:
    """Return a filter by the words in an array column of the rows of this assembly."""
    tags = column_values(model, name, lambda rows: {tag for row in rows for tag in row})
    return Filter(key, label_of(model, name), name, tags, where=lambda value: Q(**{f"{name}__contains": [value]}))


def by_word(model: type[Model], name: str, key: str) -> Filter:
    """Return a filter by the words in a column of the rows of this assembly."""
    return Filter(key, label_of(model, name), name, column_values(model, name, lambda rows: filter(None, rows)))


def by_related(
    model: type[Model], name: str, key: str, *, order: str = "name__alphabetical", of: Q | None = None
) -> Filter:
    """Return a filter by what a key points at in this assembly: all, or those `of`.

    A row that points at a merged double counts with the one it was merged into.
    """
    field = model_field(model, name)

    def rows(term: Any) -> list[tuple[int, str]]:
        targets = field.related_model.objects.filter(of or Q(), assembly=term.assembly_id)
        return list(targets.order_by(order, "pk").values_list("pk", "name"))

    def with_doubles(value: str) -> Q:
        return Q(**{name: value}) | Q(**{f"{name}__merged_into": value})

    where = with_doubles if hasattr(field.related_model, "merged_into") else None
    return Filter(key, label_of(model, name), name, rows, where=where)


def by_year(model: type[Model], path: str) -> Filter:
    """Return a filter by the years of the rows of this assembly, the last first."""

    def years(term: Any) -> list[tuple[int, int]]:
        rows = model._base_manager.filter(assembly=term.assembly_id).order_by()
        return [(year, year) for year in sorted(set(rows.values_list(path, flat=True).distinct()), reverse=True)]

    return Filter("annee", _("Année"), path, years, _("Toutes les années"))


def each_word(condition: Callable[[str], Q], key: Callable[[str], str] = str) -> Search:
    """Return a search for rows where each word of the text, as `key` writes it, meets a condition."""
    return lambda text, user, term: Q(*map(condition, key(text).split()))


def any_word_in(*paths: str) -> Search:
    """Return a search for rows that have each word, without its accents, in one of these columns."""
    return each_word(lambda word: Q(*(Q(**{f"{path}__unaccent__icontains": word}) for path in paths), _connector=Q.OR))


class FilterForm(ListFilter):
    """Filters of a list, made from its declaration and read from the query string. Invalid ones filter nothing.

    `search`: the condition of a text; `source`: what functions of choices get.
    """

    def __init__(
        self,
        asked: QueryDict,
        filters: Sequence[Filter],
        source: Any,
        search: Callable[[str], Q] | None = None,
        search_label: Label = "",
    ) -> None:
        super().__init__(asked)
        self.filters, self.source, self.search = filters, source, search
        if search:
            box = forms.TextInput(attrs={"type": "search"})
            self.fields[SEARCH] = forms.CharField(label=str(search_label), required=False, max_length=80, widget=box)
        for each in filters:
            if field := each.field(source):
                self.fields[each.key] = field

    @property
    def used(self) -> dict[str, str]:
        """Return the valid values in use, by name."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def is_used(self) -> bool:
        return bool(self.used)

    def links(self) -> list[tuple[Label, list[dict[str, Any]]]]:
        """Return label and links of each filter that is shown as links."""
        return [(each.label, each.links(self.used.get(each.key, ""))) for each in self.filters if each.as_links]

    def condition(self) -> Q:
        used = self.used
        condition = self.search(used[SEARCH]) if self.search and SEARCH in used else Q()
        for each in self.filters:
            condition &= each.condition(used.get(each.key, ""))
        return condition
