"""Handover of dossiers (« Passer les dossiers »): each app adds how its open dossiers pass to another agent.

    add_open_dossiers(OpenDossiers("sittings", _("séances à préparer"), count, reassign))

`count(user, term) -> int` counts the open dossiers; `reassign(user, to, term, by) -> int` passes them (through the
app's own action, which writes its own lines of the journal) and returns how many.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assembly.identity.models import User
from assembly.institution.models import Term


@dataclass(frozen=True)
class OpenDossiers:
    """Kind of open dossier, with its label and functions."""

    key: str
    label: Any
    count: Callable[[User, Term], int]
    reassign: Callable[[User, User, Term, User], int]


_registered: dict[str, OpenDossiers] = {}


def add_open_dossiers(dossiers: OpenDossiers) -> None:
    _registered[dossiers.key] = dossiers


def open_dossiers(user: User, term: Term) -> list[tuple[OpenDossiers, int]]:
    """Count what `user` still holds in `term`, without the kinds that have none."""
    counted = [(dossiers, dossiers.count(user, term)) for dossiers in _registered.values()]
    return [(dossiers, count) for dossiers, count in counted if count]


def reassign_all(user: User, to: User, term: Term, by: User) -> dict[str, int]:
    """Pass every open dossier; return how many by kind."""
    return {dossiers.key: dossiers.reassign(user, to, term, by) for dossiers, _ in open_dossiers(user, term)}
