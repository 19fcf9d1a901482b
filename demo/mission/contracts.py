"""Contracts of 2026: assistance in two lots, meals, interpreters, and one in preparation, with a year of orders."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from demo.clock import at
from demo.context import DemoContext
from mission.contracts.models import Contract, ContractLot
from mission.contracts.register import CONTRACTS
from mission.contracts.workflow import accept
from mission.partners.register import PARTNERS
from mission.registers.actions import add_line, create
from sessions.models import Sitting

AMO = "Assistance à maîtrise d’ouvrage de l’Assemblée"
MEALS = "Repas des séances"
SIGNS = "Interprétation en langue des signes"
METHOD, EVALUATION = "Lot 1, animation et méthode", "Lot 2, évaluation"

# Name, nature, holder where it is no partner, ceiling, beginning, end, day to decide.
CONTRACT_ROWS = (
    (AMO, "amo", "", 90_000, date(2025, 9, 1), date(2027, 8, 31), date(2027, 3, 1)),
    (MEALS, "catering", "Traiteur du Lauragais", 18_000, date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 1)),
    (SIGNS, "interpreting", "Signes d’Oc", 9_000, date(2026, 1, 1), date(2027, 12, 31), date(2027, 9, 30)),
    ("Impression des documents", "other", "Imprimerie des Coteaux", 6_000, date(2027, 1, 1), date(2028, 12, 31), None),
)
# Contract, lot, ordered on, object, amount, sitting of that day, delivery expected, accepted on.
ORDER_ROWS: Sequence[tuple[str, str, str, str, str, str, str, str]] = (
    (AMO, METHOD, "2026-01-12", "Plénière d’apprentissage", "6400", "2026-01-24", "2026-01-24", "2026-02-02"),
    (MEALS, "", "2026-01-14", "Déjeuner, 110 repas", "2420", "2026-01-24", "2026-01-24", "2026-01-26"),
    (SIGNS, "", "2026-01-14", "Deux interprètes, sept heures", "960", "2026-01-24", "2026-01-24", "2026-01-26"),
    (AMO, METHOD, "2026-03-10", "Plénière de mi-parcours", "6400", "2026-03-28", "2026-03-28", "2026-04-07"),
    (MEALS, "", "2026-03-16", "Déjeuner, 112 repas", "2464", "2026-03-28", "2026-03-28", "2026-03-30"),
    (SIGNS, "", "2026-03-16", "Deux interprètes, sept heures", "960", "2026-03-28", "2026-03-28", "2026-03-30"),
    (AMO, EVALUATION, "2026-05-04", "Questionnaire de mi-mandat", "7800", "", "2026-09-30", "2026-10-05"),
    (MEALS, "", "2026-09-01", "Buffet des ateliers de canton", "4180", "", "2026-09-15", "2026-09-16"),
    (AMO, METHOD, "2026-09-14", "Plénière d’automne", "6800", "2026-10-03", "2026-10-03", "2026-10-12"),
    (MEALS, "", "2026-09-21", "Déjeuner, 118 repas", "2596", "2026-10-03", "2026-10-03", "2026-10-05"),
    (SIGNS, "", "2026-09-21", "Deux interprètes, sept heures", "960", "2026-10-03", "2026-10-03", "2026-10-05"),
    (MEALS, "", "2026-10-26", "Déjeuner des groupes de travail", "3190", "", "2026-11-21", "2026-11-23"),
    (AMO, METHOD, "2026-11-09", "Atelier de rédaction des avis", "3200", "", "2026-11-27", ""),
)


def make_contracts(context: DemoContext) -> None:
    """Create contracts in January and orders all year long; the last delivery is not accepted yet."""
    contracts, lots = make_rows(context)
    for name, lot, ordered_on, title, amount, sitting, delivery_on, accepted_on in ORDER_ROWS:
        data = {
            "lot": lots.get(lot),
            "title": title,
            "details": "",
            "amount": Decimal(amount),
            "ordered_on": date.fromisoformat(ordered_on),
            "sitting": sitting_on(context, sitting) if sitting else None,
            "delivery_on": date.fromisoformat(delivery_on),
        }
        with at(f"{ordered_on} 10:00"):
            kind: Any = CONTRACTS.line_kind("commandes")
            order: Any = add_line(CONTRACTS, kind, contracts[name], by=context.officer, data=data)
        if accepted_on:
            with at(f"{accepted_on} 09:30"):
                accept(contracts[name], order, by=context.lead)


def make_rows(context: DemoContext) -> tuple[dict[str, Contract], dict[str, ContractLot]]:
    contracts: dict[str, Contract] = {}
    with at("2026-01-05 09:00"):
        adviser = create(
            PARTNERS, context.term, by=context.officer, values={"name": "Passerelle Conseil", "kind": "company"}
        )
        for name, kind, holder, ceiling, starts_on, ends_on, due_on in CONTRACT_ROWS:
            values = {
                "name": name,
                "kind": kind,
                "holder": None if holder else adviser,
                "holder_name": holder,
                "ceiling": Decimal(ceiling),
                "starts_on": starts_on,
                "ends_on": ends_on,
                "due_on": due_on,
                "owner": context.officer,
            }
            contracts[name] = create(CONTRACTS, context.term, by=context.officer, values=values)
            if starts_on <= date(2026, 1, 5):
                CONTRACTS.workflow.transition(contracts[name], "notify", by=context.officer)
        kind_of_lots: Any = CONTRACTS.line_kind("lots")
        lots: dict[str, Any] = {
            title: add_line(
                CONTRACTS,
                kind_of_lots,
                contracts[AMO],
                by=context.officer,
                data={"title": title, "ceiling": Decimal(ceiling)},
            )
            for title, ceiling in ((METHOD, 60_000), (EVALUATION, 25_000))
        }
    return contracts, lots


def sitting_on(context: DemoContext, day: str) -> Sitting:
    return Sitting.objects.get(term=context.term, committee=None, starts_at__date=day)
