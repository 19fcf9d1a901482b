"""What lasts from one moment to another: a booking, a trip."""

from typing import Any

from django.db import models
from django.utils.translation import gettext

from assembly.ui.words import date_words, local_day, moment_words, time_words


class BetweenMoments(models.Model):
    """Words for a row from one moment to another."""

    starts_at: Any
    ends_at: Any

    class Meta:
        abstract = True

    @property
    def hours_words(self) -> str:
        """« de 9 h à 17 h »; with its days where it lasts longer than one."""
        if local_day(self.starts_at) != local_day(self.ends_at):
            words = {"first": moment_words(self.starts_at), "last": moment_words(self.ends_at)}
            return gettext("du %(first)s au %(last)s") % words
        return gettext("de %(start)s à %(end)s") % {
            "start": time_words(self.starts_at),
            "end": time_words(self.ends_at),
        }

    @property
    def span_words(self) -> str:
        """« samedi 28 mars 2026, de 9 h à 17 h », « du … à … au … à … »."""
        if local_day(self.starts_at) != local_day(self.ends_at):
            return self.hours_words
        return f"{date_words(self.starts_at)}, {self.hours_words}"
