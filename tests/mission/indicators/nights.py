"""Nights and sheets that tests need, counted by the product."""

from datetime import timedelta

from django.utils import timezone

from assembly.institution.models import Term, TermState
from mission.indicators import actions as indicators
from mission.indicators.models import IndicatorSheet


def yesterday():
    return timezone.localdate() - timedelta(days=1)


def counted_night(term, day=None):
    """Count that night of the term at work; return the day."""
    Term.objects.filter(pk=term.pk, state=TermState.PLANNED).update(state=TermState.ACTIVE)
    indicators.count_day(term, day or yesterday())
    return day or yesterday()


def made_sheet(p) -> IndicatorSheet:
    counted_night(p.term)
    return indicators.make_sheet(p.term, by=p["officer"])


def begun_term(p) -> Term:
    """Set the first day of the term in the past, so that values may be dated."""
    Term.objects.filter(pk=p.term.pk).update(starts_on=yesterday() - timedelta(days=300))
    return Term.objects.get(pk=p.term.pk)
