"""The budget of 2026, the closed one of the year before, the next one: a limit passed with a decision, one near."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from demo.clock import at
from demo.context import DemoContext
from demo.mission.contracts import AMO, MEALS, SIGNS, sitting_on
from mission.budget.models import BudgetLine
from mission.budget.register import BUDGET
from mission.contracts.models import Contract
from mission.registers.actions import add_line, create

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
