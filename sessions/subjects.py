"""What an agenda item is about: later apps say it here, sittings never ask who they are.

An app calls `register("consultations.Referral", describe)` in its `agenda_subjects.py`; `describe` gets the keys of
several subjects and the reader, and answers for those that this reader may see.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Subject:
    """How a subject is shown: on the agenda, in the notice, in the minutes."""

    kind: Any
    reference: str
    title: str
    url: str = ""


Describe = Callable[[Iterable[str], Any], Mapping[str, Subject]]

_describers: dict[str, Describe] = {}


def register(subject_type: str, describe: Describe) -> None:
    """Declare how subjects of that type are described, many at a time."""
    _describers[subject_type] = describe


def described(pairs: Iterable[tuple[str, str]], reader: Any) -> dict[tuple[str, str], Subject]:
    """Descriptions of the subjects that are known and visible, by (type, id): one call for each type."""
    by_type: dict[str, set[str]] = {}
    for subject_type, subject_id in pairs:
        if subject_type in _describers:
            by_type.setdefault(subject_type, set()).add(subject_id)
    return {
        (subject_type, subject_id): subject
        for subject_type, ids in by_type.items()
        for subject_id, subject in _describers[subject_type](sorted(ids), reader).items()
    }
