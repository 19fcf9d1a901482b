"""Querysets of lists, which declare what they load (CONTRIBUTING.md R6)."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Case, When


def for_screen[Row: models.Model](rows: models.QuerySet[Row]) -> models.QuerySet[Row]:
    """Set the fetch mode at the end of a list query: a forgotten relation raises in tests, batches in production."""
    return rows.fetch_mode(models.FETCH_RAISE if settings.STRICT_FETCH else models.FETCH_PEERS)


class ScreenQuerySet[M: models.Model](models.QuerySet[M]):
    def for_screen(self) -> Self:
        """Set the fetch mode at the end of a list query, as the function `for_screen` does."""
        return self.fetch_mode(models.FETCH_RAISE if settings.STRICT_FETCH else models.FETCH_PEERS)


def rank_in(states: type[models.TextChoices], name: str = "state") -> Case:
    """Return the expression that sorts rows by the position of their state in its enumeration, not by its code."""
    places = [When(**{name: state}, then=place) for place, state in enumerate(states.values)]
    return Case(*places, output_field=models.SmallIntegerField())
