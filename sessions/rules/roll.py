"""Finding somebody on the roll while a queue waits: the number of a badge, or the beginnings of a name."""

import re

from sessions.rules.public_names import spaced


def badge_number(typed: str) -> str:
    """« 12 f1 », « 12-F1 » and what a scanner sends are one number."""
    return re.sub(r"[^0-9A-Z]", "", typed.upper())


def fits(typed: str, name: str) -> bool:
    """Each word begins one of the names, in any order, with or without accents."""
    parts = spaced(name).split()
    return all(any(part.startswith(word) for part in parts) for word in spaced(typed).split())
