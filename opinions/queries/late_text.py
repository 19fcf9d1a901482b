"""Place of words that came too late for a text, now that it is tabled and cut into alinéas."""

from difflib import SequenceMatcher
from typing import Any

from opinions.amending.enums import Operation
from opinions.amending.passages import Text
from opinions.amendments.queries import base_version
from opinions.models import Opinion

ALIKE = 0.5  # share of the words of both


def likely_place(opinion: Opinion, late: str) -> dict[str, Any]:
    """Return the form of an amendment with these words; a single paragraph replaces the most similar alinéa."""
    text, version = late.strip(), base_version(opinion)
    fields: dict[str, Any] = {"typed": text}
    if version is None or "\n" in text:
        return fields
    numbers = {number: alikeness(text, alinea.text) for number, alinea in Text(version.tree).alineas.items()}
    best = max(numbers, key=lambda number: numbers[number], default=0)
    if numbers.get(best, 0.0) >= ALIKE:
        fields |= {"alinea_from": best, "operation": Operation.REPLACE}
    return fields


def alikeness(first: str, second: str) -> float:
    """Return from 0 to 1 the share of words that two lines have in common, in the same order."""
    matcher = SequenceMatcher(None, first.split(), second.split(), autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0
