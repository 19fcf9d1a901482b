"""Event types of the journal, each with its French sentence, and the resolvers of names.

Each app adds its event types in its `contributions`; `record` refuses an unknown one. The last are the journal's own.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class NamedSubject:
    """Object of a line, as its reader may see it: a title and, if there is one, the page."""

    kind: str
    title: str
    reference: str = ""
    url: str = ""


type Key = tuple[str, str]
type SubjectNamer = Callable[[Mapping[str, Collection[str]], Any], Mapping[Key, NamedSubject]]

event_types: dict[str, str | Promise] = {}
_namers: list[SubjectNamer] = []
_locators: list[Callable[[Any, Any], tuple[int | None, int | None]]] = []
_resolvers: list[Callable[[Iterable[UUID]], Mapping[UUID, str]]] = []


def add_audit_events(sentences: Mapping[str, Any]) -> None:
    """Add event types of one feature: {"minutes.approved": _("a approuvé le compte rendu")}.

    Raise ValueError for a type that has another sentence already: the history would print one for both.
    """
    for event_type, sentence in sentences.items():
        if str(event_types.setdefault(event_type, sentence)) != str(sentence):
            raise ValueError(f"Two sentences for the event {event_type!r}.")


def add_name_resolver(resolver: Callable[[Iterable[UUID]], Mapping[UUID, str]]) -> None:
    """Add the resolver of pseudonyms to names, from `identity` (erased people have none)."""
    _resolvers.append(resolver)


def names(pseudonyms: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of the actors that are not erased; the others are shown as « personne effacée »."""
    unique = set(pseudonyms)
    by_pseudonym: dict[UUID, str] = {}
    for resolver in _resolvers:
        by_pseudonym.update(resolver(unique))
    return by_pseudonym


def add_locator(locator: Callable[[Any, Any], tuple[int | None, int | None]]) -> None:
    """Add the function from (subject, dossier) to the assembly and the term of a line, from `institution`."""
    _locators.append(locator)


def scope_of(subject: Any, dossier: Any) -> tuple[int | None, int | None]:
    """Return (assembly, term) of a line; None for what belongs to no assembly, such as a sign-in."""
    for locator in _locators:
        return locator(subject, dossier)
    return None, getattr(subject, "term_id", None)


def add_namer(namer: SubjectNamer) -> None:
    """Add a namer of objects: `namer(keys by "app.Model", reader)` returns those that the reader may see."""
    _namers.append(namer)


def named_subjects(keys: Iterable[Key], reader: Any) -> dict[Key, NamedSubject]:
    """Return titles and addresses of what this reader may see among these objects.

    Some statements per kind, none per object.
    """
    keys_by_label: dict[str, set[str]] = {}
    for label, pk in keys:
        keys_by_label.setdefault(label, set()).add(pk)
    subjects: dict[Key, NamedSubject] = {}
    for namer in _namers:
        subjects.update(namer(keys_by_label, reader))
    return subjects


add_audit_events({"journal.detail_erased": _("a effacé un détail personnel du journal")})
