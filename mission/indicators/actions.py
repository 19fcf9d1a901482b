"""Values that their owners enter, the count of a night, and sheets of its figures.

A day that was counted is never counted again. A sheet is noted once, printed as often as wished, sealed by the lead.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.identity.models import User
from assembly.indicators.counting import counts_of
from assembly.indicators.registry import CellCount, Facts, Indicator, Unit, indicators
from assembly.institution.models import Term, TermState
from assembly.text.printable import check_text
from assembly.workflow import lock
from mission.indicators import rules
from mission.indicators.models import IndicatorSheet, IndicatorValue, ManualValue
from mission.indicators.queries import PRINT_KIND, SEALED_KIND, sheet_content
from opinions.papers.actions import reuse_or_request


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
    check_value(term, indicator, day, value, place)
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


def check_value(term: Term, indicator: Indicator, day: date, value: Decimal, place: tuple[str, str]) -> None:
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


FIELDS = ("numerator", "denominator", "value", "rows", "people")


@dataclass(frozen=True)
class NightDifference:
    """Value that a past day would have if it were counted today, and the one that its night counted."""

    indicator: Indicator
    night: IndicatorValue | None
    now: CellCount | None


def terms_counted() -> list[Term]:
    """Return the terms to count: follow-up outlives a term, so a closed one is counted until it is archived."""
    return list(Term.objects.exclude(state__in=TermState.tagged("dormant")).select_related("assembly").order_by("pk"))


def count_night() -> int:
    """Count yesterday, which is over, for every term at work; return the number of values. Idempotent."""
    yesterday = timezone.localdate() - timedelta(days=1)
    return sum(count_day(term, yesterday) for term in terms_counted())


@transaction.atomic
def count_day(
    term: Term,
    day: date,
    *,
    is_included: Callable[[Indicator], bool] = lambda indicator: True,
    with_breakdowns: bool = True,
) -> int:
    """Write the values of that day that no night wrote; return how many. `is_included`: of which indicators."""
    if day >= timezone.localdate():
        raise ValueError("A day is counted once it is over.")
    known = set(IndicatorValue.objects.filter(term=term, day=day).values_list("key", flat=True).distinct())
    asked = [one for one in indicators() if not one.is_manual and one.key not in known and is_included(one)]
    moment = timezone.now()
    rows = [
        IndicatorValue(term=term, day=day, key=one.key, counted_at=moment, **asdict(count))
        for one in asked
        for count in counts_of(one, term, day, with_breakdowns=with_breakdowns)
    ]
    return len(IndicatorValue.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000))


def differences(term: Term, day: date) -> list[NightDifference]:
    """Return what differs from the night: any row is an error in an indicator declared as recomputable.

    A breakdown whose facts are weaker than those of the whole is not compared.
    """
    changes: list[NightDifference] = []
    for indicator in indicators():
        if not indicator.is_recomputable:
            continue
        promised = {"", *(one.key for one in indicator.breakdowns if one.facts == Facts.RECORDED)}
        nights = {
            (row.breakdown, row.cell): row
            for row in IndicatorValue.objects.filter(term=term, day=day, key=indicator.key, breakdown__in=promised)
        }
        if not nights:
            continue
        counted = {key[0] for key in nights}
        now = {(one.breakdown, one.cell): one for one in counts_of(indicator, term, day) if one.breakdown in counted}
        for key in sorted(nights.keys() | now.keys()):
            if not agree(nights.get(key), now.get(key)):
                changes.append(NightDifference(indicator, nights.get(key), now.get(key)))
    return changes


def agree(night: IndicatorValue | None, now: CellCount | None) -> bool:
    """Return whether both counts are equal; an empty cell that did not exist yet equals a missing one."""
    if night is None or now is None:
        one = night or now
        return one is None or not one.rows
    return all(getattr(night, name) == getattr(now, name) for name in FIELDS)


@transaction.atomic
def make_sheet(term: Term, *, by: User) -> IndicatorSheet:
    """Return the sheet of the last night; create it if there is none."""
    if not rules.can_see_indicators(by, term):
        raise PermissionDenied
    lock(term)
    day = IndicatorValue.objects.last_night(term)
    if day is None:
        raise ValidationError(_("Aucune nuit n’a encore été relevée."), code="nothing")
    rows = IndicatorSheet.objects.filter(term=term)
    if (row := rows.filter(day=day).first()) is not None:
        return row
    number = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    sheet = IndicatorSheet.objects.create(
        term=term,
        number=number,
        reference=f"{term.code}-IND-{number:02}",
        day=day,
        content=sheet_content(term, day),
        noted_by=by,
        noted_at=timezone.now(),
    )
    record("indicator_sheet.created", sheet, by=by, dossier=term, reference=sheet.reference)
    return sheet


@transaction.atomic
def print_sheet(sheet: IndicatorSheet, *, by: User) -> Rendition:
    if not rules.can_see_indicators(by, sheet.term_id):
        raise PermissionDenied
    return reuse_or_request(sheet, PRINT_KIND, by=by)


@transaction.atomic
def seal_sheet(sheet: IndicatorSheet, *, by: User) -> Rendition:
    if not rules.can_seal_sheet(by, sheet.term_id):
        raise PermissionDenied
    record("indicator_sheet.sealing_asked", sheet, by=by, dossier=sheet.term, reference=sheet.reference)
    return request_rendition(sheet, SEALED_KIND, by=by)
