"""Verbs of the journal, with the French sentence that each one prints, and the resolvers of names.

Apps declare their verbs at import of their `verbs.py`; `record` refuses a verb nobody declared.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise


@dataclass(frozen=True)
class NamedSubject:
    """What a line is about, as its reader may see it: a title and, where there is one, the page."""

    kind: str
    title: str
    reference: str = ""
    url: str = ""


type Key = tuple[str, str]
type SubjectNamer = Callable[[Mapping[str, Collection[str]], Any], Mapping[Key, NamedSubject]]

verbs: dict[str, str | Promise] = {}
_namers: list[SubjectNamer] = []
_locators: list[Callable[[Any, Any], tuple[int | None, int | None]]] = []
_resolvers: list[Callable[[Iterable[UUID]], Mapping[UUID, str]]] = []


def declare(sentences: Mapping[str, Any]) -> None:
    """Declare verbs of one app: {"minutes.approved": _("a approuvé le compte rendu")}."""
    verbs.update(sentences)


def resolve_names_with(resolver: Callable[[Iterable[UUID]], Mapping[UUID, str]]) -> None:
    """`identity` registers here how pseudonyms become names (erased people have none)."""
    _resolvers.append(resolver)


def names(pseudonyms: Iterable[UUID]) -> dict[UUID, str]:
    """Names of the actors that are still known; the others are shown as « personne effacée »."""
    wanted = set(pseudonyms)
    found: dict[UUID, str] = {}
    for resolver in _resolvers:
        found.update(resolver(wanted))
    return found


def locate_with(locator: Callable[[Any, Any], tuple[int | None, int | None]]) -> None:
    """`institution` registers here how (subject, dossier) give the assembly and the term that a line belongs to."""
    _locators.append(locator)


def place_of(subject: Any, dossier: Any) -> tuple[int | None, int | None]:
    """(assembly, term) of a line; nothing for what belongs to no assembly, such as a sign-in."""
    for locator in _locators:
        return locator(subject, dossier)
    return None, getattr(subject, "term_id", None)


def name_subjects_with(namer: SubjectNamer) -> None:
    """Register how objects are named: `namer(keys by "app.Model", reader)` answers for what the reader may see."""
    _namers.append(namer)


def named_subjects(keys: Iterable[Key], reader: Any) -> dict[Key, NamedSubject]:
    """Titles and addresses of what this reader may see among these objects: some statements a kind, none an object."""
    wanted: dict[str, set[str]] = {}
    for label, pk in keys:
        wanted.setdefault(label, set()).add(pk)
    found: dict[Key, NamedSubject] = {}
    for namer in _namers:
        found.update(namer(wanted, reader))
    return found
