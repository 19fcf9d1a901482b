"""Data of `ui/chart.html` for a plan: bars for the load, a mark for the capacity, a shape where it is too much."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from assembly.text.french import format_number, month_short
from mission.people.rules import FULL_TIME, MonthLoad, team_load


def month_label(one: MonthLoad) -> str:
    return f"{month_short(one.month)} {one.month.year}"


def bar(one: MonthLoad, text: str) -> dict[str, Any]:
    return {
        "label": month_label(one),
        "value": one.load,
        "text": text if one.load or one.capacity else "–",
        "reference": one.capacity,
        "tone": one.state_badge,
    }


def alert_label(one: MonthLoad) -> str:
    return {"late": _("au-dessus"), "warn": _("presque plein"), "": "–"}[one.state_badge]


def chart(title: str, loads: Sequence[MonthLoad], format_load: Any, **more: Any) -> dict[str, Any]:
    rows = [[month_label(one), format_load(one.load), format_load(one.capacity), alert_label(one)] for one in loads]
    spoken = ", ".join(f"{label} {load} / {capacity} {alert}" for label, load, capacity, alert in rows)
    bars = [bar(one, format_load(one.load)) for one in loads]
    head = [_("Mois"), _("Charge"), _("Temps"), _("Alerte")]
    return {"title": title, "bars": bars, "head": head, "rows": rows, "spoken": spoken, **more}


def time_share(value: int) -> str:
    return f"{value} %"


def full_times(value: int) -> str:
    return format_number(value / FULL_TIME)


def post_chart(title: str, loads: Sequence[MonthLoad], **more: Any) -> dict[str, Any]:
    """Return the chart of a post, in percent of a full time, on the same scale for everybody."""
    return chart(title, loads, time_share, most=FULL_TIME, **more)


def team_charts(lines: Sequence[tuple[Any, Sequence[MonthLoad]]]) -> list[dict[str, Any]]:
    """Return the chart of the whole team in full times, then that of each post, on one scale."""
    most = max((max(one.load, one.capacity) for _post, loads in lines for one in loads), default=FULL_TIME)
    whole = chart(_("Toute l’équipe"), team_load([loads for _post, loads in lines]), full_times)
    each = (
        chart(post.who, loads, time_share, most=most, note=post.name if post.holder else "") for post, loads in lines
    )
    return [whole | {"note": _("En équivalents temps plein.")}, *each]
