"""What an app above adds to the page of a published opinion: how each recommendation was answered.

It shows them with a widget on the page `public-opinion`, whose object is a `ShownCards`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from opinions.models import Opinion

_answers: set[str] = set()


@dataclass(frozen=True)
class ShownCards:
    """A published opinion, and which of its recommendations are shown: with this answer, the priorities, or all."""

    opinion: Opinion
    answer: str = ""
    only_priorities: bool = False


def add_card_answers(values: Iterable[str]) -> None:
    """Add values that `?reponse=` accepts: any other shows every card, so that a client invents no page to cache."""
    _answers.update(values)


def asked_cards(query: Mapping[str, str]) -> tuple[str, bool]:
    """Return the answer that the address asks for, or an empty text, and whether it asks for the priorities only."""
    answer = query.get("reponse", "")
    return answer if answer in _answers else "", query.get("priorite") == "1"
