"""Values that their owners enter: which are due, and how one is entered."""

from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.identity.models import User
from assembly.indicators.enums import MONTHS, Unit
from assembly.indicators.registry import Indicator, indicators
from assembly.institution.models import Term
from assembly.speed.compiled_query import CompiledQuery
from assembly.text.printable import check_text
from assembly.workflow import lock
from mission.indicators import rules
from mission.indicators.models import ManualValue
from mission.indicators.queries import months_earlier

SOON = 14  # so many days before its day, a value appears in « À faire »


@transaction.atomic
def enter_value(
    term: Term,
    indicator: Indicator,
    *,
    day: date,
    value: Decimal,
    source: str,
    people: int | None = None,
    note: str = "",
    place: tuple[str, str] = ("", ""),
    by: User,
) -> ManualValue:
    """Store a value with its day and its source; it replaces the earlier one of that day, which stays in the table."""
    if not rules.can_enter(by, term, indicator):
        raise PermissionDenied
    check(term, indicator, day, value, place)
    lock(term)
    breakdown, cell = place
    same = ManualValue.objects.filter(term=term, key=indicator.key, breakdown=breakdown, cell=cell, day=day)
    row = ManualValue(
        term=term,
        key=indicator.key,
        breakdown=breakdown,
        cell=cell,
        day=day,
        number=(same.aggregate(last=Max("number"))["last"] or 0) + 1,
        value=value,
        people=people,
        source=check_text(source).strip(),
        note=check_text(note).strip(),
        entered_by=by,
        entered_at=timezone.now(),
    )
    row.full_clean()
    row.save()
    record("indicator.entered", row, by=by, dossier=term, key=indicator.key, day=day.isoformat())
    return row


def check(term: Term, indicator: Indicator, day: date, value: Decimal, place: tuple[str, str]) -> None:
    if day > timezone.localdate():
        raise ValidationError(_("Cette date est à venir."), code="day")
    if day < term.starts_on:
        raise ValidationError(_("Cette date vient avant le début de la mandature."), code="day")
    if indicator.unit == Unit.PERCENT and value > 100:
        raise ValidationError(_("Un pourcentage va de 0 à 100."), code="value")
    if indicator.unit == Unit.NUMBER and value != value.to_integral_value():
        raise ValidationError(_("Écrivez un nombre entier."), code="value")
    breakdown, cell = place
    if breakdown:
        declaration = indicator.breakdown(breakdown)
        if declaration is None or cell not in declaration.cells(term):
            raise ValidationError(_("Choisissez ce que compte cette valeur."), code="place")


def is_near(day: date) -> bool:
    return day <= timezone.localdate() + timedelta(days=SOON)


def _last_days(term: int) -> QuerySet[ManualValue, tuple[str, date]]:
    return ManualValue.objects.filter(term=term, breakdown="").order_by().values_list("key").annotate(day=Max("day"))


LAST_DAYS = CompiledQuery(_last_days)  # run by the dashboard of the back office


def due_days(term: Term) -> dict[str, date]:
    """Return the day on which each value is due: so many months after its last one, or after the start of the term."""
    manual = [one for one in indicators() if one.is_manual]
    last: dict[str, date] = dict(LAST_DAYS(term.pk))
    return {one.key: months_earlier(last.get(one.key, term.starts_on), -MONTHS[one.frequency]) for one in manual}
