"""Registry of the sets of open data: each app declares its sets once, in its `contributions`.

    add_data_sets(DataSet(
        "avis", _("Avis"), _("Une ligne par avis…"), rows=opinion_rows,
        columns=[DataColumn("reference", _("Référence"), "reference"), …],
        page=PageData("avis/", _("Un avis"), "AC2-2026-01", find=opinion_row, more=[…]),
    ))

Page, CSV, JSON, JSON beside the public page and OpenAPI description derive from it. `rows` and `find` read only what
anybody may read, and no column holds the name of a private person.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from operator import attrgetter
from typing import Any

from assembly.lists.tables import Value
from assembly.text.french import Label


class DataType(Enum):
    """Type of the values of a column. All may be null in JSON, except texts, flags and lists."""

    TEXT = "text"
    INTEGER = "integer"
    NUMBER = "number"
    FLAG = "flag"
    DAY = "day"
    MOMENT = "moment"
    ADDRESS = "address"
    CODE = "code"  # one of `DataColumn.codes`
    TEXTS = "texts"
    OBJECTS = "objects"  # only beside a page: rows with `DataColumn.columns`


@dataclass(frozen=True)
class DataColumn:
    """Column of a set, or field beside a page.

    `name`: its word in the files, never changed. `value`: an attribute or a function of the row. `codes`: the French
    code of each stored value. `columns`: those of the rows of a field of objects.
    """

    name: str
    label: Label
    value: Value
    type: DataType = DataType.TEXT
    description: Label = ""
    codes: Mapping[Any, str] = field(default_factory=dict)
    columns: Sequence["DataColumn"] = ()

    @property
    def code_list(self) -> str:
        return ", ".join(dict.fromkeys(self.codes.values()))

    def value_of(self, row: Any) -> Any:
        """Return the value as rows hold it, a code for a stored value."""
        value = self.value(row) if callable(self.value) else attrgetter(str(self.value))(row)
        value = value() if callable(value) else value
        return (self.codes[value] if value else None) if self.type is DataType.CODE else value


@dataclass(frozen=True)
class PageData:
    """JSON beside the public pages of a set, at `<path><reference>.json`.

    `label`: what one address holds. `example`: a reference. `find`: the row of a reference, as `rows` of the set
    returns it; None for what is not public. `more`: the fields that follow the columns of the set. `linked`: the page
    as a thing of schema.org, made from its fields by name; each is read from the row when it is asked for.
    """

    path: str
    label: Label
    example: str
    find: Callable[[str], Any]
    more: Sequence[DataColumn] = ()
    linked: Callable[[Mapping[str, Any]], dict[str, Any]] | None = None


@dataclass(frozen=True)
class DataSet:
    """Declaration of a set; `key` stands in its addresses, which never change.

    `changed_on`: the day on which a row became public as it is, for « Modifié »; None where it is not known.
    """

    key: str
    title: Label
    description: Label
    rows: Callable[[], Iterable[Any]]
    columns: Sequence[DataColumn]
    changed_on: Callable[[Any], date | None] = lambda row: None
    page: PageData | None = None
    order: int = 50

    @property
    def csv_path(self) -> str:
        return f"/donnees/{self.key}.csv"

    @property
    def json_path(self) -> str:
        return f"/donnees/{self.key}.json"

    @property
    def page_columns(self) -> list[DataColumn]:
        """Return the fields of the JSON beside a page."""
        return [*self.columns, *(self.page.more if self.page else ())]


_sets: dict[str, DataSet] = {}


def add_data_sets(*sets: DataSet) -> None:
    """Add declarations; a second one with a key raises ValueError."""
    for each in sets:
        if each.key in _sets:
            raise ValueError(f"Two sets of open data {each.key!r}.")
        _sets[each.key] = each


def data_sets() -> list[DataSet]:
    """Return every declaration, in the order of the page."""
    return sorted(_sets.values(), key=lambda each: (each.order, each.key))


def data_set(key: str) -> DataSet | None:
    return _sets.get(key)
