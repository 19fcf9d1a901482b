"""What an agenda item is about: later apps say it here, sittings never ask who they are.

An app calls `register("consultations.Referral", describe)` in its `agenda_subjects.py`; `describe` gets the keys of
several subjects and the reader, and answers for those that this reader may see. With `offer`, the form of an item lets
the team choose one: `offer(user, term)` gives the rows that still run, in order, as pairs of columns (`pk`, `words`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Subject:
    """How a subject is shown: on the agenda, in the notice, in the minutes."""

    kind: Any
    reference: str
    title: str
    url: str = ""
    votes_are_public: bool = False  # anybody reads them on the subject's own page


Describe = Callable[[Iterable[str], Any], Mapping[str, Subject]]
Offer = Callable[[Any, int], QuerySet[Any, tuple[int, str]]]
Tell = Callable[[Iterable[str]], Mapping[str, Sequence[str]]]
SEPARATOR = ":"

_describers: dict[str, Describe] = {}
_offers: dict[str, Offer] = {}
_tellers: dict[str, Tell] = {}


def register(subject_type: str, describe: Describe, offer: Offer | None = None, tell: Tell | None = None) -> None:
    """Declare how subjects of that type are described, many at a time, and which may be chosen.

    `tell(keys)` gives, by key, the sentences that the minutes print under the item, in the internal text and in the
    public one: they name no private person, and stay the same once the item was treated.
    """
    _describers[subject_type] = describe
    if offer is not None:
        _offers[subject_type] = offer
    if tell is not None:
        _tellers[subject_type] = tell


def offered(user: Any, term: int, *, key: str = "", words: Sequence[str] = (), most: int) -> list[tuple[str, str]]:
    """What an item of that term may be said to be about, as choices « type:id »: at most so many, of those that hold
    every word, or the one of that `key`."""
    wanted = choice_parts(key)
    found: list[tuple[str, str]] = []
    for subject_type, offer in _offers.items():
        rows = offer(user, term)
        if key:
            rows = rows.filter(pk=wanted["subject_id"]) if subject_type == wanted["subject_type"] else rows.none()
        for word in words:
            rows = rows.filter(words__unaccent__icontains=word)
        found += [(choice_value(subject_type, str(pk)), told) for pk, told in rows[: most - len(found)]]
    return found


def choice_value(subject_type: str, subject_id: str) -> str:
    """A subject as one choice."""
    return f"{subject_type}{SEPARATOR}{subject_id}" if subject_type else ""


def choice_parts(choice: str) -> dict[str, str]:
    """A choice as the two columns of an item."""
    subject_type, _, subject_id = choice.partition(SEPARATOR)
    return {"subject_type": subject_type, "subject_id": subject_id}


def describe_subjects(pairs: Iterable[tuple[str, str]], reader: Any) -> dict[tuple[str, str], Subject]:
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


def minutes_lines(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """What the minutes say of these subjects by themselves, by (type, id): one call for each type."""
    by_type: dict[str, set[str]] = {}
    for subject_type, subject_id in pairs:
        if subject_type in _tellers:
            by_type.setdefault(subject_type, set()).add(subject_id)
    return {
        (subject_type, key): list(sentences)
        for subject_type, ids in by_type.items()
        for key, sentences in _tellers[subject_type](sorted(ids)).items()
    }
