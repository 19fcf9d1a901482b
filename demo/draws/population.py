"""Shares of the inhabitants by gender and occupation: invented, as their source states."""

from datetime import date

from demo.clock import at
from demo.context import DemoContext
from draws.representation.actions import import_margins

SHARES = {
    "gender": {"F": 0.512, "M": 0.488},
    "occupation": {
        "agriculteur": 0.006,
        "artisan_chef": 0.041,
        "cadre": 0.158,
        "intermediaire": 0.162,
        "employe": 0.143,
        "ouvrier": 0.098,
        "retraite": 0.234,
        "sans_activite": 0.158,
    },
}


def seed(context: DemoContext) -> None:
    with at("2026-11-04 09:00"):
        source = "chiffres fictifs, inventés pour la démonstration"
        import_margins(context.term, SHARES, source=source, dated_on=date(2021, 1, 1), by=context.officer)
