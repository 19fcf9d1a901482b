"""A list declares what it loads (CONTRIBUTING.md R6)."""

from typing import Self

from django.conf import settings
from django.db import models


class ScreenQuerySet[M: models.Model](models.QuerySet[M]):
    def for_screen(self) -> Self:
        """Last call of a list query: forgotten relations raise in tests, batch in production."""
        return self.fetch_mode(models.FETCH_RAISE if settings.STRICT_FETCH else models.FETCH_PEERS)
