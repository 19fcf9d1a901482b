"""Registry of what can be found: which objects, by which words, and by whom. Apps fill it from `contributions`."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db import models

from assembly.search.models import SearchEntry


@dataclass(frozen=True)
class IndexEntry:
    """The words of one object, as one audience may read them; `address_key` is for `SearchSource.address`.

    `keywords` find the object too, and no result shows them.
    """

    title: str
    body: str = ""
    audience: str = ""
    reference: str = ""
    dated_on: date | None = None
    term_id: int | None = None
    address_key: str = ""
    keywords: str = ""


class SearchSource(ABC):
    """One kind of object that can be found. `name` stands before a hit, `label` on the filter, `order` places it."""

    kind: ClassVar[str]
    name: ClassVar[Any]
    label: ClassVar[Any]
    order: ClassVar[int] = 50

    @abstractmethod
    def objects(self) -> models.QuerySet[Any]:
        """Return every object that some reader may find, with the relations that `entries` reads."""

    @abstractmethod
    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        """Return the words that lead to an object: one entry, or one for each audience."""

    @abstractmethod
    def visible_to(self, user: Any) -> Mapping[str, models.QuerySet[Any]]:
        """Return, by audience, the objects that this reader (maybe anonymous) sees now, each in one audience only."""

    @abstractmethod
    def address(self, user: Any, entry: SearchEntry) -> str:
        """Return the page where this reader reads the object; empty where the reader sees it but has no page."""

    def touched_by(self, label: str, ids: Collection[Any]) -> Iterable[Any]:
        """Return keys of objects whose words may change when the journal names these rows (`label`: "app.Model")."""
        return ids if label == self.model_label else ()

    @property
    def model_label(self) -> str:
        """Return the model of the objects, as the journal writes it: "app.Model"."""
        return str(self.objects().model._meta.label)


_sources: dict[str, SearchSource] = {}


def add_search_source(source: type[SearchSource]) -> None:
    """Add a source under its kind; a second class of the same kind raises ValueError."""
    known = _sources.get(source.kind)
    if known is not None and type(known).__qualname__ != source.__qualname__:
        raise ValueError(f"Two sources for {source.kind!r}.")
    _sources[source.kind] = source()


def sources() -> list[SearchSource]:
    """Return every source, in the order of the filters."""
    return sorted(_sources.values(), key=lambda source: (source.order, source.kind))


def source_of(kind: str) -> SearchSource | None:
    return _sources.get(kind)
