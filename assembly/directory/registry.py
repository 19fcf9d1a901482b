"""Registry of those whom the directory lists. Apps add their rows of persons in `contributions`.

    class Guests(DirectorySource):
        kind, label, order = "guest", _("Personnes auditionnées"), 60
        person, assembly = "person", "hearing__term__assembly"
        facts = {"organisation": "organisation"}
        route, page = "consultations:hearing", "hearing"
        touched_by = {"consultations.HearingGuest": "pk"}

        def rows(self):
            return HearingGuest.objects.all()

        def visible_to(self, user, term):
            return self.rows().filter(hearing__term=term) if is_team(user, term) else self.rows().none()


    add_directory_source(Guests)

A person in several rows is one line with several roles. Nothing is copied: names, numbers and addresses are those of
`Person`, which the team alone reads here.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse

from assembly.institution.models import Term
from assembly.institution.rules import is_team
from assembly.lists import PageLink
from assembly.text.french import Label, letters_key

SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Affiliation:
    """What somebody is, where, and the page on which the reader works on it."""

    role: str
    organisation: str = ""
    url: str = ""


class DirectorySource(ABC):
    """Rows that make persons appear in the directory, of one model.

    `kind`, `label`, `order`: of the filter. `person`, `assembly`: paths from a row. `facts`: columns by name, which
    `role_of` and `organisation_of` read; `route`, `page`: the page of a row, and the column that is its argument.
    `canton`, `directorate`: paths for the filters. `touched_by`: paths by the models whose changes the index follows.
    `is_private`: on a page of many, phone and mail are left out. `buttons`: those by which people add some.
    """

    kind: ClassVar[str]
    label: ClassVar[Label]
    order: ClassVar[int] = 50
    person: ClassVar[str]
    assembly: ClassVar[str] = "assembly"
    facts: ClassVar[Mapping[str, str]] = {}
    route: ClassVar[str]
    page: ClassVar[str] = "pk"
    canton: ClassVar[str] = ""
    directorate: ClassVar[str] = ""
    touched_by: ClassVar[Mapping[str, str]] = {}
    is_private: ClassVar[bool] = False
    buttons: ClassVar[Sequence[PageLink]] = ()

    @abstractmethod
    def rows(self) -> QuerySet[Any]:
        """Return every row that some reader may see."""

    @abstractmethod
    def visible_to(self, user: Any, term: Term) -> QuerySet[Any]:
        """Return the rows that this reader sees in a term."""

    def can_open_page(self, user: Any, term: Term) -> bool:
        """Return whether this reader may open the pages of the rows."""
        return is_team(user, term)

    def role_of(self, facts: Mapping[str, Any]) -> str:
        """Return what the person is by this row."""
        return str(self.label)

    def organisation_of(self, facts: Mapping[str, Any]) -> str:
        return str(facts.get("organisation") or "")

    def matching(self, word: str) -> Q:
        """Return the condition of rows whose role or organisation has a word, given without accents."""
        return Q(pk__in=[])

    def keywords_of(self, facts: Mapping[str, Any]) -> str:
        """Return other words by which the search of the whole site finds the person; `matching` has them too."""
        return ""

    @property
    def column(self) -> str:
        """Return the name of the annotation of a person with the facts of these rows."""
        return f"as_{self.kind}"

    def affiliation(self, facts: Mapping[str, Any]) -> Affiliation:
        url = reverse(self.route, args=[facts["page"]]) if facts["page"] else ""
        return Affiliation(self.role_of(facts), self.organisation_of(facts), url)


def begins_word(label: Label, word: str) -> bool:
    """Return whether a word of the label begins so, with three letters at least."""
    parts = letters_key(str(label)).split()
    return len(word) >= SHORTEST_BEGINNING and any(part.startswith(word) for part in parts)


_sources: dict[str, DirectorySource] = {}


def add_directory_source(source: type[DirectorySource]) -> None:
    """Add a source under its kind; a second class of the same kind raises ValueError."""
    if source.kind in _sources and type(_sources[source.kind]) is not source:
        raise ValueError(f"Two sources of the directory named {source.kind!r}.")
    _sources[source.kind] = source()


def directory_sources() -> list[DirectorySource]:
    """Return every source, in the order of the filter."""
    return sorted(_sources.values(), key=lambda source: source.order)
