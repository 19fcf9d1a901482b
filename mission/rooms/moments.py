"""Mixin for what lasts from one moment to another: a booking, a trip."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.postgres.fields import DateTimeRangeField
from django.db import models
from django.db.models import Func, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assembly.text.french import format_date, format_moment, format_time, local_day
from mission.registers.checks import check

MOMENTS = Func("starts_at", "ends_at", function="TSTZRANGE", output_field=DateTimeRangeField())


class PeriodMixin(models.Model):
    """Mixin with the labels of a row from one moment to another."""

    starts_at: Any
    ends_at: Any

    class Meta:
        abstract = True

    @property
    def hours_label(self) -> str:
        """Return « de 9 h à 17 h », with its days where it lasts longer than one."""
        if local_day(self.starts_at) != local_day(self.ends_at):
            params = {"first": format_moment(self.starts_at), "last": format_moment(self.ends_at)}
            return gettext("du %(first)s au %(last)s") % params
        return gettext("de %(start)s à %(end)s") % {
            "start": format_time(self.starts_at),
            "end": format_time(self.ends_at),
        }

    @property
    def span_label(self) -> str:
        """Return « samedi 28 mars 2026, de 9 h à 17 h » or « du … à … au … à … »."""
        if local_day(self.starts_at) != local_day(self.ends_at):
            return self.hours_label
        return f"{format_date(self.starts_at)}, {self.hours_label}"


# A year of two digits, or of five, is a typing error.
YEARS = Q(starts_at__gte=datetime(2000, 1, 1, tzinfo=UTC), ends_at__lt=datetime(2100, 1, 1, tzinfo=UTC))
IN_THIS_CENTURY = check(YEARS, _("Écrivez une année entre 2000 et 2099."), "starts_at")
