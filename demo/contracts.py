"""Money and texts of the mission: contracts with a year of orders, three budgets, legal items.

Assistance in two lots, meals, interpreters, one contract in preparation; a limit passed with a decision, one near.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from demo.context import DemoContext, at
from demo.institution import directorate
from mission.budget.models import BudgetLine
from mission.budget.register import BUDGET
from mission.contracts.models import Contract, ContractLot
from mission.contracts.register import CONTRACTS
from mission.contracts.workflow import accept
from mission.legal.register import LEGAL
from mission.partners.register import PARTNERS
from mission.registers.actions import add_line, create
from sessions.models import Sitting

AMO = "Assistance à maîtrise d’ouvrage de l’Assemblée"
MEALS = "Repas des séances"
SIGNS = "Interprétation en langue des signes"
METHOD_LOT, EVALUATION = "Lot 1, animation et méthode", "Lot 2, évaluation"

# Name, nature, holder where it is no partner, ceiling, beginning, end, day to decide.
CONTRACT_ROWS = (
    (AMO, "amo", "", 90_000, date(2025, 9, 1), date(2027, 8, 31), date(2027, 3, 1)),
    (MEALS, "catering", "Traiteur du Lauragais", 18_000, date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 1)),
    (SIGNS, "interpreting", "Signes d’Oc", 9_000, date(2026, 1, 1), date(2027, 12, 31), date(2027, 9, 30)),
    ("Impression des documents", "other", "Imprimerie des Coteaux", 6_000, date(2027, 1, 1), date(2028, 12, 31), None),
)
# Contract, lot, ordered on, object, amount, sitting of that day, delivery expected, accepted on.
ORDER_ROWS: Sequence[tuple[str, str, str, str, str, str, str, str]] = (
    (AMO, METHOD_LOT, "2026-01-12", "Plénière d’apprentissage", "6400", "2026-01-24", "2026-01-24", "2026-02-02"),
    (MEALS, "", "2026-01-14", "Déjeuner, 110 repas", "2420", "2026-01-24", "2026-01-24", "2026-01-26"),
    (SIGNS, "", "2026-01-14", "Deux interprètes, sept heures", "960", "2026-01-24", "2026-01-24", "2026-01-26"),
    (AMO, METHOD_LOT, "2026-03-10", "Plénière de mi-parcours", "6400", "2026-03-28", "2026-03-28", "2026-04-07"),
    (MEALS, "", "2026-03-16", "Déjeuner, 112 repas", "2464", "2026-03-28", "2026-03-28", "2026-03-30"),
    (SIGNS, "", "2026-03-16", "Deux interprètes, sept heures", "960", "2026-03-28", "2026-03-28", "2026-03-30"),
    (AMO, EVALUATION, "2026-05-04", "Questionnaire de mi-mandat", "7800", "", "2026-09-30", "2026-10-05"),
    (MEALS, "", "2026-09-01", "Buffet des ateliers de canton", "4180", "", "2026-09-15", "2026-09-16"),
    (AMO, METHOD_LOT, "2026-09-14", "Plénière d’automne", "6800", "2026-10-03", "2026-10-03", "2026-10-12"),
    (MEALS, "", "2026-09-21", "Déjeuner, 118 repas", "2596", "2026-10-03", "2026-10-03", "2026-10-05"),
    (SIGNS, "", "2026-09-21", "Deux interprètes, sept heures", "960", "2026-10-03", "2026-10-03", "2026-10-05"),
    (MEALS, "", "2026-10-26", "Déjeuner des groupes de travail", "3190", "", "2026-11-21", "2026-11-23"),
    (AMO, METHOD_LOT, "2026-11-09", "Atelier de rédaction des avis", "3200", "", "2026-11-27", ""),
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
            for title, ceiling in ((METHOD_LOT, 60_000), (EVALUATION, 25_000))
        }
    return contracts, lots


def sitting_on(context: DemoContext, day: str) -> Sitting:
    return Sitting.objects.get(term=context.term, committee=None, starts_at__date=day)


METHOD, WELCOME, ACCESS, OUTREACH = (
    "Animation et évaluation",
    "Repas et accueil des séances",
    "Accessibilité",
    "Communication",
)
# Year, operation, planned, takes the expense claims, contract that counts on it.
OPERATIONS: Sequence[tuple[int, str, int, bool, str]] = (
    (2025, "Installation de l’Assemblée", 24_000, False, ""),
    (2026, METHOD, 45_000, False, AMO),
    (2026, WELCOME, 15_000, False, MEALS),
    (2026, ACCESS, 6_000, False, SIGNS),
    (2026, "Frais des membres", 9_000, True, ""),
    (2026, OUTREACH, 5_000, False, ""),
    (2027, METHOD, 48_000, False, AMO),
)
# Operation, day, nature, object, amount, sitting of that day.
ENTRIES: Sequence[tuple[str, str, str, str, str, str]] = (
    ("Installation de l’Assemblée", "2025-11-29", "spent", "Salle, accueil et repas", "14820.50", "2025-11-29"),
    ("Installation de l’Assemblée", "2025-12-12", "spent", "Dossiers des membres", "3140", ""),
    (WELCOME, "2026-10-03", "spent", "Navettes depuis Saint-Gaudens et Revel", "890", "2026-10-03"),
    (ACCESS, "2026-02-18", "spent", "Boucle magnétique portative", "1180", ""),
    (ACCESS, "2026-11-16", "committed", "Relecture en facile à lire", "640", ""),
    (OUTREACH, "2026-04-22", "spent", "Affiches des réunions de canton", "1260", ""),
    (OUTREACH, "2026-09-30", "spent", "Film de la plénière d’automne", "2450", "2026-10-03"),
    (OUTREACH, "2026-11-18", "committed", "Lettre aux habitants", "520", ""),
)


def make_budget(context: DemoContext) -> None:
    """Create the lines, voted in January, and their entries all year long."""
    lines = {operation[:2]: make_line(context, *operation) for operation in OPERATIONS}
    for name, day, kind, title, amount, sitting in ENTRIES:
        on = date.fromisoformat(day)
        data = {
            "kind": kind,
            "title": title,
            "amount": Decimal(amount),
            "day": on,
            "sitting": sitting_on(context, sitting) if sitting else None,
        }
        with at(f"{day} 16:00"):
            entries: Any = BUDGET.line_kind("ecritures")
            add_line(BUDGET, entries, lines[on.year, name], by=context.officer, data=data)
    with at("2026-01-20 09:00"):
        BUDGET.workflow.transition(lines[2025, "Installation de l’Assemblée"], "close", by=context.lead)
    with at("2026-10-26 09:00"):
        reason = "Les ateliers de canton se tiennent avec un repas, à la demande du Conseil."
        welcome = lines[2026, WELCOME]
        BUDGET.workflow.transition(welcome, "allow", by=context.lead, reason=reason, allowed=Decimal(16_000))


def make_line(
    context: DemoContext, year: int, name: str, planned: int, takes_expenses: bool, contract: str
) -> BudgetLine:
    values = {
        "year": year,
        "name": name,
        "planned": Decimal(planned),
        "takes_expenses": takes_expenses,
        "owner": context.officer,
    }
    days = {2025: "2025-09-15", 2026: "2026-01-08", 2027: "2026-11-12"}
    with at(f"{days[year]} 09:00"):
        line: BudgetLine = create(BUDGET, context.term, by=context.lead, values=values)
        if contract:
            row = Contract.objects.get(assembly=context.assembly, name=contract)
            kind: Any = BUDGET.line_kind("contrats")
            add_line(BUDGET, kind, line, by=context.lead, data={"contract": row})
        if year != 2027:
            BUDGET.workflow.transition(line, "open", by=context.lead)
    return line


type LegalRow = tuple[str, str, str, date | None, date | None, str, int | None, str]
FORMER: Final = "Règlement intérieur de la première mandature"
# Name, nature, number, in force on, holds until, renewal, notice in days, directorate.
LEGAL_ROWS: Sequence[LegalRow] = (
    ("Création de l’assemblée", "council", "D-2022-06-14", date(2022, 6, 28), None, "none", None, ""),
    (FORMER, "council", "D-2022-11-03", date(2022, 11, 18), date(2025, 11, 28), "none", None, ""),
    ("Règlement intérieur", "council", "D-2025-10-07", date(2025, 11, 29), date(2028, 11, 28), "none", None, ""),
    (
        "Barème des frais des membres",
        "council",
        "D-2025-10-08",
        date(2026, 1, 1),
        date(2026, 12, 31),
        "express",
        30,
        "finances",
    ),
    (
        "Prêt de salles par la Ville de Muret",
        "convention",
        "C-2026-011",
        date(2026, 2, 1),
        date(2027, 1, 31),
        "tacit",
        90,
        "",
    ),
    (
        "Accueil des ateliers par les centres sociaux",
        "convention",
        "C-2026-027",
        date(2026, 9, 1),
        date(2026, 12, 31),
        "none",
        None,
        "",
    ),
    (
        "Analyse d’impact : tirage au sort",
        "dpia",
        "AIPD-2025-04",
        date(2025, 7, 15),
        date(2028, 7, 15),
        "none",
        None,
        "",
    ),
    ("Analyse d’impact : enregistrement des séances", "dpia", "", None, date(2026, 12, 18), "none", None, ""),
    (
        "Responsabilité civile des membres",
        "insurance",
        "RC-88-20",
        date(2026, 1, 1),
        date(2026, 12, 31),
        "tacit",
        60,
        "finances",
    ),
    ("Registre des traitements, fiche 41", "processing", "T-41", date(2025, 9, 1), date(2027, 9, 1), "none", None, ""),
)


def make_legal(context: DemoContext) -> None:
    """Create the acts in January, or when they came later; the former rules are replaced."""
    for row in LEGAL_ROWS:
        make_item(context, *row)


def make_item(
    context: DemoContext,
    name: str,
    kind: str,
    number: str,
    starts_on: date | None,
    due_on: date | None,
    *more: Any,
) -> None:
    renewal, notice_days, code = more
    values = {
        "name": name,
        "kind": kind,
        "number": number,
        "starts_on": starts_on,
        "due_on": due_on,
        "renewal": renewal,
        "notice_days": notice_days,
        "directorate": directorate(context, code) if code else None,
        "owner": context.officer,
    }
    noted_on = max(starts_on or date(2026, 10, 5), date(2026, 1, 12))
    with at(f"{noted_on} 14:30"):
        item = create(LEGAL, context.term, by=context.officer, values=values)
        if starts_on:
            LEGAL.workflow.transition(item, "bring_into_force", by=context.lead)
        if name == FORMER:
            reason = "Remplacé par la délibération D-2025-10-07."
            LEGAL.workflow.transition(item, "replace", by=context.lead, reason=reason)
