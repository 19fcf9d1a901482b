"""Handover of dossiers (« Passer les dossiers »): each app registers how its open dossiers pass to another agent.

    handover.register(handover.OpenFiles("sittings", _("séances à préparer"), count, move))

`count(user, term) -> int` counts the open dossiers; `move(user, to, term, by) -> int` passes them (through the app's
own action, which writes its own lines of the journal) and returns how many. Call `register` in the app's `portal.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assembly.identity.models import User
from assembly.institution.models import Term


@dataclass(frozen=True)
class OpenFiles:
    """Kind of open dossier, with its label and functions."""

    key: str
    label: Any
    count: Callable[[User, Term], int]
    move: Callable[[User, User, Term, User], int]


_registered: dict[str, OpenFiles] = {}


def register(files: OpenFiles) -> None:
    _registered[files.key] = files


def open_files(user: User, term: Term) -> list[tuple[OpenFiles, int]]:
    """Count what `user` still holds in `term`, without the kinds that have none."""
    counted = [(files, files.count(user, term)) for files in _registered.values()]
    return [(files, count) for files, count in counted if count]


def move_all(user: User, to: User, term: Term, by: User) -> dict[str, int]:
    """Pass every open dossier; return how many by kind."""
    return {files.key: files.move(user, to, term, by) for files, _ in open_files(user, term)}
