"""Search on the roll while a queue waits: by the number of a badge, or the beginnings of a name."""

import re

from sessions.minutes.rules import spaced


def badge_number(typed: str) -> str:
    """Return one number for « 12 f1 », « 12-F1 » and what a scanner sends."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def fits(typed: str, name: str) -> bool:
    """Return whether each word begins one of the names, in any order, with or without accents."""
    parts = spaced(name).split()
    return all(any(part.startswith(word) for part in parts) for word in spaced(typed).split())
