"""Verbs of the journal, with the French sentence that each one prints, and the resolver of names.

Apps declare their verbs at import of their `verbs.py`; `record` refuses a verb nobody declared.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

verbs: dict[str, str | Promise] = {}
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
