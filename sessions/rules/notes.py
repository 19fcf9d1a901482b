"""Notes as text: cleaned, merged after an edit conflict, with the end of their retention. Pure functions."""

from datetime import date, datetime

from django.utils import timezone

from assembly.identity.personal_data import months_later

MAX_LENGTH = 20_000


def printable_lines(text: str) -> str:
    """Return plain lines without the characters that the database refuses."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def merged_notes(saved: str, typed: str) -> str:
    """Return both texts, without repeating one that the other contains."""
    if saved in typed:
        return typed
    return saved if typed in saved else f"{saved}\n\n{typed}"


def erased_on(starts_at: datetime, months: int) -> date:
    """Return the day from which a scheduled job erases the notes of a sitting."""
    return months_later(timezone.localdate(starts_at), months)
