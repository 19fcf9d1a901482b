"""Registry of the targets of lines in the agents' daily mail, filled by apps above without an import of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from consultations.enums import DeskEventKind, DigestKind


@dataclass(frozen=True)
class DeskTarget:
    """Lines about one model: their `kinds`, and two callables, which take the `DeskEvent`.

    `is_obsolete`: whether what was asked is done, or the person has not to act any more. `line`: what it is about,
    until when or by whom, and the path of the page where it is done.
    """

    kinds: type[DigestKind]
    is_obsolete: Callable[[Any], bool]
    line: Callable[[Any], tuple[str, str, str]]


desk_targets: dict[str, DeskTarget] = {}


def add_desk_target(target_type: str, target: DeskTarget) -> None:
    """Add the callables of a model by its label, `target_type` (« answers.AnswerCase »)."""
    desk_targets[target_type] = target


def digest_kind_of(event: Any) -> DigestKind:
    """Return the kind of a `DeskEvent`, with its label and rank, from the app that added it."""
    kinds: Any = desk_targets[event.target_type].kinds if event.target_type else DeskEventKind
    return kinds(event.kind)
