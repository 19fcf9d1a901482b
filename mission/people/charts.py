"""What `ui/chart.html` draws of a plan: bars for the load, a mark for the capacity, a shape where it is too much."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from assembly.ui.words import month_short, number_words, shortened
from mission.people.rules import MonthLoad, together

FULL_TIME = 100


def month_label(one: MonthLoad) -> str:
    return f"{month_short(one.month)} {one.month.year}"


def bar(one: MonthLoad, text: str) -> dict[str, Any]:
    return {
        "label": month_label(one),
        "value": one.load,
        "text": text,
        "reference": one.capacity,
        "tone": one.shape,
    }


def verdict(one: MonthLoad) -> str:
    return {"late": _("au-dessus"), "warn": _("presque plein"), "": "–"}[one.shape]


def chart(title: str, loads: Sequence[MonthLoad], words: Any, **more: Any) -> dict[str, Any]:
    rows = [[month_label(one), words(one.load), words(one.capacity), verdict(one)] for one in loads]
    spoken = ", ".join(f"{label} {load} / {capacity} {told}" for label, load, capacity, told in rows)
    bars = [bar(one, words(one.load)) for one in loads]
    head = [_("Mois"), _("Charge"), _("Temps"), _("Alerte")]
    return {"title": title, "bars": bars, "head": head, "rows": rows, "spoken": spoken, **more}


def percent(value: int) -> str:
    return f"{value} %"


def full_times(value: int) -> str:
    return number_words(value / FULL_TIME, 1)


def post_chart(post: Any, loads: Sequence[MonthLoad]) -> dict[str, Any]:
    return chart(post.who, loads, percent, note=post.name if post.holder else "")


def team_chart(rows: Sequence[Sequence[MonthLoad]]) -> dict[str, Any] | None:
    """Everybody together, in full times."""
    return chart(_("Toute l’équipe"), together(rows), full_times) if rows else None


def subject_chart(subjects: Sequence[tuple[str, Sequence[int]]]) -> dict[str, Any]:
    """Months of one full time on each subject."""
    told = [(subject, sum(cells)) for subject, cells in subjects]
    return {
        "head": [_("Sujet"), _("Mois")],
        "bars": [
            {"label": shortened(subject, 15), "value": total, "text": full_times(total)} for subject, total in told
        ],
        "rows": [[subject, full_times(total)] for subject, total in told],
    }
