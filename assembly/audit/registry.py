"""Verbs of the journal, with the French sentence that each one prints, and the resolver of names.

Apps declare their verbs at import of their `verbs.py`; `record` refuses a verb nobody declared.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

verbs: dict[str, str | Promise] = {}
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
