"""A list declares what it loads (CONTRIBUTING.md R6)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, When


def for_screen[Row: models.Model](rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Last call of a list query: forgotten relations raise in tests, batch in production."""
    return rows.fetch_mode(models.FETCH_RAISE if settings.STRICT_FETCH else models.FETCH_PEERS)


class ScreenQuerySet[M: models.Model](models.QuerySet[M]):
    def for_screen(self) -> Self:
        """Last call of a list query: forgotten relations raise in tests, batch in production."""
        return self.fetch_mode(models.FETCH_RAISE if settings.STRICT_FETCH else models.FETCH_PEERS)


def rank_in(states: type[models.TextChoices], name: str = "state") -> Case:
    """Sorts rows by the place of their state on its path, as its enumeration tells it, not by its code."""
    places = [When(**{name: state}, then=place) for place, state in enumerate(states.values)]
    return Case(*places, output_field=models.SmallIntegerField())
