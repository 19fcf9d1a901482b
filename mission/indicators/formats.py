"""Formats of values."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assembly.indicators.enums import Unit
from assembly.indicators.registry import Indicator
from assembly.text.french import NBSP, format_number

NOTHING = "—"
MINUS = "−"


def short_number(value: Decimal, decimals: int = 1) -> str:
    """Return « 82,1 » or « 82 »: decimals that are all zero are left out."""
    rounded = round(value, decimals)
    text = format_number(abs(rounded), 0 if rounded == rounded.to_integral_value() else decimals)
    return f"{MINUS}{text}" if rounded < 0 else text


def format_figure(unit: str, value: Decimal | None) -> str:
    """Return « 82,1 % », « 1 234 h », « 42 jours » or « 1 234,50 € »; a dash without a value."""
    if value is None:
        return NOTHING
    match unit:
        case Unit.PERCENT:
            return f"{short_number(value)}{NBSP}%"
        case Unit.HOURS:
            return f"{short_number(value, 0)}{NBSP}h"
        case Unit.EUROS:
            return f"{short_number(value, 2)}{NBSP}€"
        case Unit.DAYS:
            return ngettext("%(n)s\u00a0jour", "%(n)s\u00a0jours", 1 if abs(value) < 2 else 2) % {
                "n": short_number(value)
            }
        case Unit.POINTS:
            return ngettext("%(n)s\u00a0point", "%(n)s\u00a0points", 1 if abs(value) < 2 else 2) % {
                "n": short_number(value)
            }
        case _:
            return short_number(value)


def format_parts(indicator: Indicator, numerator: Decimal | None, denominator: Decimal | None) -> str:
    """Return « 402 sur 490 » or « 8 420,50 € ÷ 12 »; empty where the value is the number itself."""
    if denominator is None or numerator is None:
        return ""
    if indicator.unit == Unit.PERCENT:
        return _("%(n)s sur %(all)s") % {"n": short_number(numerator), "all": short_number(denominator)}
    part = format_figure(indicator.unit, numerator) if indicator.unit == Unit.EUROS else short_number(numerator)
    return f"{part} ÷ {short_number(denominator)}"


def format_change(unit: str, now: Decimal | None, before: Decimal | None) -> str:
    """Return « + 3 points en un an »: the change over a year, in the unit of the difference."""
    if now is None or before is None:
        return ""
    change = now - before
    if not round(change, 1):
        return _("stable sur un an")
    text = format_figure(Unit.POINTS if unit == Unit.PERCENT else unit, abs(change))
    sign = MINUS if change < 0 else "+"
    return _("%(change)s en un an") % {"change": f"{sign}{NBSP}{text}"}


def format_target(indicator: Indicator) -> str:
    if indicator.target is not None:
        return _("au moins %(value)s") % {"value": format_figure(indicator.unit, indicator.target)}
    if indicator.at_most is not None:
        return _("au plus %(value)s") % {"value": format_figure(indicator.unit, indicator.at_most)}
    return ""


def is_reached(indicator: Indicator, value: Decimal | None) -> bool | None:
    """Return whether the target is reached; None without a target or a value."""
    if value is None:
        return None
    if indicator.target is not None:
        return value >= indicator.target
    return None if indicator.at_most is None else value <= indicator.at_most
