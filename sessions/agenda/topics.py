"""Registry of agenda topics: later apps describe them, sittings import none of these apps.

An app calls `add_agenda_topic("consultations.Referral", describe)` in its `contributions`; `describe` gets the keys of
several topics and the reader, and returns those that this reader may see. With `offer`, the form of an item lets the
team choose one: `offer(user, term)` returns the open rows, in order, as pairs of columns (`pk`, `choice_label`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Topic:
    """Display of a topic on the agenda, in the notice and in the minutes."""

    kind: Any
    reference: str
    title: str
    url: str = ""
    votes_are_public: bool = False  # they are on the topic's own public page


Describe = Callable[[Iterable[str], Any], Mapping[str, Topic]]
Offer = Callable[[Any, int], QuerySet[Any, tuple[int, str]]]
ListSentences = Callable[[Iterable[str]], Mapping[str, Sequence[str]]]
SEPARATOR = ":"

_describers: dict[str, Describe] = {}
_offers: dict[str, Offer] = {}
_sentence_listers: dict[str, ListSentences] = {}


def add_agenda_topic(
    topic_type: str, describe: Describe, offer: Offer | None = None, list_sentences: ListSentences | None = None
) -> None:
    """Add how topics of that type are described, many at a time, and which may be chosen.

    `list_sentences(keys)` returns, by key, the sentences that the minutes print under the item, in the internal text
    and in the public one: they name no private person, and do not change once the item was treated.
    """
    _describers[topic_type] = describe
    if offer is not None:
        _offers[topic_type] = offer
    if list_sentences is not None:
        _sentence_listers[topic_type] = list_sentences


def offered(user: Any, term: int, *, key: str = "", tokens: Sequence[str] = (), most: int) -> list[tuple[str, str]]:
    """Return the possible topics of an item of that term, as choices « type:id », at most `most` of them.

    Only those with every word of `tokens`, or the one of that `key`.
    """
    chosen = choice_parts(key)
    choices: list[tuple[str, str]] = []
    for topic_type, offer in _offers.items():
        rows = offer(user, term)
        if key:
            rows = rows.filter(pk=chosen["topic_id"]) if topic_type == chosen["topic_type"] else rows.none()
        for word in tokens:
            rows = rows.filter(choice_label__unaccent__icontains=word)
        choices += [(choice_value(topic_type, str(pk)), label) for pk, label in rows[: most - len(choices)]]
    return choices


def choice_value(topic_type: str, topic_id: str) -> str:
    """Return a topic as one choice."""
    return f"{topic_type}{SEPARATOR}{topic_id}" if topic_type else ""


def choice_parts(choice: str) -> dict[str, str]:
    """Return a choice as the two columns of an item."""
    topic_type, _, topic_id = choice.partition(SEPARATOR)
    return {"topic_type": topic_type, "topic_id": topic_id}


def describe_topics(pairs: Iterable[tuple[str, str]], reader: Any) -> dict[tuple[str, str], Topic]:
    """Return the known and visible topics by (type, id), with one call for each type."""
    by_type: dict[str, set[str]] = {}
    for topic_type, topic_id in pairs:
        if topic_type in _describers:
            by_type.setdefault(topic_type, set()).add(topic_id)
    return {
        (topic_type, topic_id): topic
        for topic_type, ids in by_type.items()
        for topic_id, topic in _describers[topic_type](sorted(ids), reader).items()
    }


def minutes_lines(pairs: Iterable[tuple[str, str]]) -> dict[tuple[str, str], list[str]]:
    """Return the sentences of these topics for the minutes, by (type, id), one call for each type."""
    by_type: dict[str, set[str]] = {}
    for topic_type, topic_id in pairs:
        if topic_type in _sentence_listers:
            by_type.setdefault(topic_type, set()).add(topic_id)
    return {
        (topic_type, key): list(sentences)
        for topic_type, ids in by_type.items()
        for key, sentences in _sentence_listers[topic_type](sorted(ids)).items()
    }
