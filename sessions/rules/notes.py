"""Notes as text: tidied, joined when two windows disagree, dated for their end. Pure."""

from datetime import date, datetime

from django.utils import timezone

from assembly.identity.personal_data import months_later

MAX_LENGTH = 20_000


def printable_lines(text: str) -> str:
    """Plain lines without the signs that a database refuses."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def merged_notes(kept: str, typed: str) -> str:
    """Both texts, none twice."""
    if kept in typed:
        return typed
    return kept if typed in kept else f"{kept}\n\n{typed}"


def erased_on(starts_at: datetime, months: int) -> date:
    """The day from which the clock erases the notes of a sitting."""
    return months_later(timezone.localdate(starts_at), months)
