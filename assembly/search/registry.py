"""What can be found: each app says in its `search.py` which of its objects, by which words, and by whom."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models

from assembly.search.models import SearchEntry


@dataclass(frozen=True)
class IndexEntry:
    """The words of one object, as one audience may read them; `address_key` is for `Source.address`."""

    title: str
    body: str = ""
    audience: str = ""
    reference: str = ""
    dated_on: date | None = None
    term_id: int | None = None
    address_key: str = ""


class SearchSource(ABC):
    """One kind of object that can be found. `name` stands before a hit, `label` on the filter, `order` places it."""

    kind: ClassVar[str]
    name: ClassVar[Any]
    label: ClassVar[Any]
    order: ClassVar[int] = 50

    @abstractmethod
    def objects(self) -> models.QuerySet[Any]:
        """Everything that may be found by somebody, with what `entries` reads."""

    @abstractmethod
    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        """The words that lead to an object: one entry, or one for each audience."""

    @abstractmethod
    def visible_to(self, user: Any) -> Mapping[str, models.QuerySet[Any]]:
        """By audience, the objects that this reader (perhaps anonymous) sees now, each in one audience only."""

    @abstractmethod
    def address(self, user: Any, entry: SearchEntry) -> str:
        """The page where this reader reads the object."""

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        """Keys of the objects whose words may change when the journal names these (`label` is "app.Model")."""
        return ids if label == self.label_of_objects else ()

    @property
    def label_of_objects(self) -> str:
        """Their model, as the journal writes it: "app.Model"."""
        return str(self.objects().model._meta.label)  # noqa: SLF001 -- _meta is Django's public name


_sources: dict[str, SearchSource] = {}


def register(source: type[SearchSource]) -> type[SearchSource]:
    """Class decorator: add a source under its kind; the same kind twice is a programming error."""
    known = _sources.get(source.kind)
    if known is not None and type(known).__qualname__ != source.__qualname__:
        raise ValueError(f"Two sources for {source.kind!r}.")
    _sources[source.kind] = source()
    return source


def sources() -> list[SearchSource]:
    """Every source, in the order of the filters."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.kind))


def source_of(kind: str) -> SearchSource | None:
    return _sources.get(kind)
