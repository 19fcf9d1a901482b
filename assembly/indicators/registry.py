"""Registry of indicators: the `contributions` of an app declare them; `mission` stores the values and shows them.

    add_indicators(Indicator(
        "plenieres", _("Plénières tenues"), …,
        rows=lambda term, day: Sitting.objects.filter(…),
        lines=RowLines(Column(…), …),
    ))

An indicator is counted from rows, so that a figure and the list that it opens cannot differ: each row brings its part
(one, unless `part` sets another) and, for a share, its base.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.institution.models import TEAM_ROLES, Role, Term
from assembly.institution.rules import assembly_ids, term_ids
from assembly.lists import Column
from assembly.text.french import Label


class Facts(models.TextChoices):
    """How far a past day can be counted again; the weaker ones later: what is made of two has the weaker one."""

    RECORDED = "recorded", _("Recalculable : chaque fait garde le moment où il a été noté.")
    DATED = "dated", _("Non recalculable : un fait peut être noté ou corrigé après coup, avec une date passée.")
    CURRENT = "current", _("Non recalculable : les faits ne gardent pas leur date.")


class Unit(models.TextChoices):
    NUMBER = "number", _("nombre")
    PERCENT = "percent", _("%")
    POINTS = "points", _("points de pourcentage")
    RATIO = "ratio", _("nombre à une décimale")
    HOURS = "hours", _("heures")
    DAYS = "days", _("jours")
    EUROS = "euros", _("euros")


class Theme(models.TextChoices):
    """The parts of a dashboard, in order."""

    PANEL = "panel", _("Qui siège")
    WORK = "work", _("Le travail de l’assemblée")
    OPINIONS = "opinions", _("Ce qu’elle dit")
    ANSWERS = "answers", _("Ce qui lui est répondu")
    OPENNESS = "openness", _("Confiance et concertation")
    COST = "cost", _("Ce que cela coûte")
    SUPPORT = "support", _("Appui et subventions")


class Frequency(models.TextChoices):
    NIGHT = "night", _("chaque nuit")
    TWO_MONTHS = "two_months", _("tous les deux mois")
    SIX_MONTHS = "six_months", _("tous les six mois")
    YEAR = "year", _("une fois par an")


MONTHS = {Frequency.TWO_MONTHS: 2, Frequency.SIX_MONTHS: 6, Frequency.YEAR: 12}

type Cells = Mapping[str, Label]
type Rows = Callable[[Term, date], QuerySet[Any]]


@dataclass(frozen=True)
class CellCount:
    """One cell on one day.

    `numerator`: the sum of the parts; `denominator`: of the bases, None where nothing divides. `rows`: how many rows
    it was counted from, None where some of them no longer exist. `people`: how many persons these rows name, None
    where the rows are no persons.
    """

    breakdown: str
    cell: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    rows: int | None
    people: int | None = None


@dataclass(frozen=True)
class Breakdown:
    """A way to split an indicator into cells.

    `by`: the expression over the rows that gives the cell. `cells`: every cell, in order, with its label.
    `open_cells`: the cells of which a reader who does not open the whole sees every row.
    """

    key: str
    label: Label
    by: Callable[[Term, date], Any]
    cells: Callable[[Term], Cells]
    is_public: bool = True
    facts: Facts = Facts.RECORDED
    open_cells: Callable[[Any], Collection[str]] = lambda user: ()


@dataclass(frozen=True)
class RowLines:
    """The list that a figure opens: its columns, the address of a row, the rows that a reader sees.

    `seen`: a replacement for `visible_to` of the model. `directorate_url`: the address for directorates and the
    elected, who do not enter the back office.
    """

    columns: Iterable[Column]
    url: Callable[[Any], str] = lambda row: ""
    seen: Callable[[QuerySet[Any], Any], QuerySet[Any]] | None = None
    related: tuple[str, ...] = ()
    directorate_url: Callable[[Any], str] = lambda row: ""

    def visible_rows(self, rows: QuerySet[Any], user: Any) -> QuerySet[Any]:
        """Return those of these rows that the reader sees, with the relations that the columns read."""
        if self.seen:
            seen = self.seen(rows, user)
        else:
            visible = rows.model._default_manager.visible_to(user)
            seen = rows.filter(pk__in=visible.order_by().values("pk"))
        return seen.select_related(*self.related) if self.related else seen


def seen_by_team(path: str = "") -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    """Return a filter of the rows for the team of their term; `path`: the lookup that leads to the term."""
    return lambda rows, user: rows.filter(**{f"{path}term__in": term_ids(user, TEAM_ROLES)})


def seen_in_assembly(path: str = "") -> Callable[[QuerySet[Any], Any], QuerySet[Any]]:
    """Return a filter for the team, of rows that belong to an assembly and to no term."""
    return lambda rows, user: rows.filter(**{f"{path}assembly__in": assembly_ids(user, TEAM_ROLES)})


@dataclass(frozen=True)
class Indicator:
    """A declared indicator.

    `key`: its name in addresses, never changed. `target` and `at_most`: the aim, from below or from above. `part`,
    `base`: what a row brings, from the day. `is_median`: the median of the parts instead of their sum. `divisors`: by
    breakdown, what the sum is divided by. `extra_counts`: by breakdown, what is counted and has no row any more.
    `count`: instead of all these. `people`: the field of the rows that names a person. `empty_reason`: why there may
    be no value. `readers` see the figure, with the team; anybody where `is_public`. `openers` see every row.
    """

    key: str
    name: Label
    definition: Label
    formula: Label
    theme: Theme
    unit: Unit
    source: Label
    empty_reason: Label
    owner: Role = Role.OFFICER
    frequency: Frequency = Frequency.NIGHT
    facts: Facts = Facts.RECORDED
    rows: Rows | None = None
    lines: RowLines | None = None
    part: Callable[[date], Any] | None = None
    base: Callable[[date], Any] | None = None
    is_median: bool = False
    divisors: Callable[[Term, date, str], Mapping[str, Decimal]] | None = None
    extra_counts: Callable[[Term, date, str], Mapping[str, Decimal]] | None = None
    count: Callable[[Term, date], list[CellCount]] | None = None
    people: str = ""
    breakdowns: tuple[Breakdown, ...] = ()
    target: Decimal | None = None
    at_most: Decimal | None = None
    is_public: bool = False
    readers: Collection[Role] = (Role.SPONSOR, Role.PRESIDENT)
    openers: Collection[Role] = (Role.LEAD, Role.OFFICER)
    order: int = 50

    @property
    def is_manual(self) -> bool:
        """Return whether the facts are not in this database, so that the owner enters the value."""
        return self.rows is None

    @property
    def is_recomputable(self) -> bool:
        """Return whether a past day counted again gives the value of its night."""
        return self.facts == Facts.RECORDED and not self.is_manual

    def breakdown(self, key: str) -> Breakdown | None:
        return next((breakdown for breakdown in self.breakdowns if breakdown.key == key), None)


_indicators: dict[str, Indicator] = {}


def add_indicators(*indicators: Indicator) -> None:
    """Add declarations; a second one with a key raises ValueError."""
    for declaration in indicators:
        if declaration.key in _indicators:
            raise ValueError(f"Two indicators {declaration.key!r}.")
        _indicators[declaration.key] = declaration


def indicators() -> list[Indicator]:
    """Return every declaration, in the order of the dashboard."""
    themes = list(Theme)
    return sorted(_indicators.values(), key=lambda entry: (themes.index(entry.theme), entry.order, entry.key))


def indicator(key: str) -> Indicator | None:
    return _indicators.get(key)
