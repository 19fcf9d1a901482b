"""Printable sheet of a night’s figures: noted once, printed as often as wished, sealed by the lead."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.audit.actions import record
from assembly.documents.actions.renditions import request_rendition
from assembly.documents.models import Rendition
from assembly.identity.models import User
from assembly.indicators.enums import Theme
from assembly.indicators.registry import indicators
from assembly.institution.models import Term
from assembly.text.french import format_date
from assembly.workflow import lock
from mission.indicators import rules
from mission.indicators.models import IndicatorSheet, IndicatorValue
from mission.indicators.queries import Figure, Reader, figures_of
from opinions.papers.actions import reuse_or_request

SHEET = "mission.IndicatorSheet"
PRINT_KIND, SEALED_KIND = "indicator-sheet-print", "indicator-sheet"


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
def seal(sheet: IndicatorSheet, *, by: User) -> Rendition:
    if not rules.can_seal_sheet(by, sheet.term_id):
        raise PermissionDenied
    record("indicator_sheet.sealing_asked", sheet, by=by, dossier=sheet.term, reference=sheet.reference)
    return request_rendition(sheet, SEALED_KIND, by=by)


def sheet_title(sheet: IndicatorSheet) -> str:
    return _("Indicateurs au %(day)s") % {"day": format_date(sheet.day, weekday=False)}


def sheet_content(term: Term, day: date) -> dict[str, Any]:
    """Return every figure of that night as text, without small cells: a paper is passed on."""
    figures = figures_of(Whole(term), indicators(), until=day)
    themes = [(str(theme.label), [one for one in figures.values() if one.indicator.theme == theme]) for theme in Theme]
    return {
        "schema": "hemicycle/indicators/1",
        "term": term.name,
        "day": day.isoformat(),
        "themes": [{"title": title, "figures": [sheet_row(one) for one in rows]} for title, rows in themes if rows],
    }


class Whole(Reader):
    """Reader of a paper or file: every indicator, no small cell, no link to the rows."""

    def sees(self, indicator: Any) -> bool:
        return True


def sheet_row(figure: Figure) -> dict[str, Any]:
    return {
        "key": figure.indicator.key,
        "name": str(figure.indicator.name),
        "definition": str(figure.indicator.definition),
        "value": figure.text,
        "parts": figure.parts,
        "reason": figure.reason,
        "change": figure.change,
        "target": figure.target,
        "day": figure.day.isoformat() if figure.day else "",
    }
