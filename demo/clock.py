"""Clock of the demonstration. Only `django.utils.timezone.now` is replaced, and only inside the context manager."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from django.utils import timezone

PARIS = ZoneInfo("Europe/Paris")
TODAY = "2026-11-25"


def paris(text: str) -> datetime:
    """Parse « 2026-03-28 09:30 » as Paris time."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=PARIS)


@contextmanager
def at(moment: str | datetime) -> Iterator[datetime]:
    """Set the clock to that moment; each reading is five milliseconds later, so that the order of events is kept."""
    start = paris(moment) if isinstance(moment, str) else moment
    ticks = count()
    real = timezone.now
    timezone.now = lambda: start + timedelta(milliseconds=5 * next(ticks))
    try:
        yield start
    finally:
        timezone.now = real
