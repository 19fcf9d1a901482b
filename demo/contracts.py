"""Money and texts of the mission: contracts with a year of orders, three budgets, legal items.

Assistance in two lots, meals, interpreters, one contract in preparation; a limit passed with a decision, one near.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from demo.context import DemoContext, at
from demo.days import at_hour, retell, story_date
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
    (AMO, "amo", "", 90_000, story_date("2025-09-01"), story_date("2027-08-31"), story_date("2027-03-01")),
    (
        MEALS,
        "catering",
        "Traiteur du Lauragais",
        18_000,
        story_date("2026-01-01"),
        story_date("2026-12-31"),
        story_date("2026-12-01"),
    ),
    (
        SIGNS,
        "interpreting",
        "Signes d’Oc",
        9_000,
        story_date("2026-01-01"),
        story_date("2027-12-31"),
        story_date("2027-09-30"),
    ),
    (
        "Impression des documents",
        "other",
        "Imprimerie des Coteaux",
        6_000,
        story_date("2027-01-01"),
        story_date("2028-12-31"),
        None,
    ),
)
MORNING_AND_AFTERNOON = "Deux interprètes, sept heures"
# Contract, lot, ordered on, object, meals, amount, sitting of that day, delivery expected, accepted on.
ORDER_ROWS: Sequence[tuple[str, str, str, str, int | None, str, str, str, str]] = (
    (
        AMO,
        METHOD_LOT,
        "2026-01-12",
        "Plénière d’apprentissage",
        None,
        "6400",
        "2026-01-24",
        "2026-01-24",
        "2026-02-02",
    ),
    (MEALS, "", "2026-01-14", "Déjeuner", 110, "2420", "2026-01-24", "2026-01-24", "2026-01-26"),
    (SIGNS, "", "2026-01-14", MORNING_AND_AFTERNOON, None, "960", "2026-01-24", "2026-01-24", "2026-01-26"),
    (AMO, METHOD_LOT, "2026-03-10", "Plénière de mi-parcours", None, "6400", "2026-03-28", "2026-03-28", "2026-04-07"),
    (MEALS, "", "2026-03-16", "Déjeuner", 112, "2464", "2026-03-28", "2026-03-28", "2026-03-30"),
    (SIGNS, "", "2026-03-16", MORNING_AND_AFTERNOON, None, "960", "2026-03-28", "2026-03-28", "2026-03-30"),
    (AMO, EVALUATION, "2026-05-04", "Questionnaire de mi-mandat", None, "7800", "", "2026-09-30", "2026-10-05"),
    (AMO, METHOD_LOT, "2026-06-08", "Plénière du vote", None, "4900", "2026-06-27", "2026-06-27", "2026-07-06"),
    (MEALS, "", "2026-06-15", "Déjeuner", 110, "2420", "2026-06-27", "2026-06-27", "2026-06-29"),
    (SIGNS, "", "2026-06-15", MORNING_AND_AFTERNOON, None, "960", "2026-06-27", "2026-06-27", "2026-06-29"),
    (MEALS, "", "2026-09-01", "Déjeuner", 80, "1760", "2026-09-12", "2026-09-12", "2026-09-14"),
    (SIGNS, "", "2026-09-01", MORNING_AND_AFTERNOON, None, "960", "2026-09-12", "2026-09-12", "2026-09-14"),
    (AMO, METHOD_LOT, "2026-09-15", "Plénière d’automne", None, "6800", "2026-10-03", "2026-10-03", "2026-10-12"),
    (MEALS, "", "2026-09-21", "Déjeuner", 118, "2596", "2026-10-03", "2026-10-03", "2026-10-05"),
    (SIGNS, "", "2026-09-21", MORNING_AND_AFTERNOON, None, "960", "2026-10-03", "2026-10-03", "2026-10-05"),
    (MEALS, "", "2026-11-02", "Buffet", 55, "1210", "2026-11-13", "2026-11-13", "2026-11-16"),
    (AMO, METHOD_LOT, "2026-11-09", "Atelier de rédaction des avis", None, "3200", "", "2026-11-27", ""),
    (MEALS, "", "2026-11-23", "Déjeuner", 90, "1980", "2026-12-05", "2026-12-05", ""),
)


def make_contracts(context: DemoContext) -> None:
    """Create contracts in January and orders all year long; the last two are not delivered yet."""
    contracts, lots = make_rows(context)
    for name, lot, ordered_on, title, quantity, amount, sitting, delivery_on, accepted_on in ORDER_ROWS:
        data = {
            "lot": lots.get(lot),
            "title": title,
            "details": "",
            "quantity": quantity,
            "amount": Decimal(amount),
            "ordered_on": story_date(ordered_on),
            "sitting": sitting_on(context, sitting) if sitting else None,
            "delivery_on": story_date(delivery_on),
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
            if starts_on <= story_date("2026-01-05"):
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
    rows = Sitting.objects.filter(term=context.term, starts_at__date=story_date(day))
    return rows.exclude(place_name="").get()


INSTALLATION, METHOD, WELCOME, ACCESS, OUTREACH = (
    "Installation de l’Assemblée",
    "Animation et évaluation",
    "Repas et accueil des séances",
    "Accessibilité",
    "Communication",
)
# Year, operation, planned, takes the expense claims, contract that counts on it.
OPERATIONS: Sequence[tuple[int, str, int, bool, str]] = (
    (2025, INSTALLATION, 24_000, False, ""),
    (2026, METHOD, 45_000, False, AMO),
    (2026, WELCOME, 15_000, False, MEALS),
    (2026, ACCESS, 8_500, False, SIGNS),
    (2026, "Frais des membres", 16_000, True, ""),
    (2026, OUTREACH, 5_000, False, ""),
    (2027, METHOD, 48_000, False, AMO),
)
# Operation, day, nature, object, amount, sitting of that day.
ENTRIES: Sequence[tuple[str, str, str, str, str, str]] = (
    (INSTALLATION, "2025-11-29", "spent", "Salle, accueil et repas", "14820.50", "2025-11-29"),
    (INSTALLATION, "2025-12-12", "spent", "Dossiers des membres", "3140", ""),
    (WELCOME, "2026-10-03", "spent", "Navettes depuis Saint-Gaudens et Revel", "890", "2026-10-03"),
    (ACCESS, "2026-02-18", "spent", "Boucle magnétique portative", "1180", ""),
    (ACCESS, "2026-11-16", "committed", "Relecture en facile à lire", "640", ""),
    (OUTREACH, "2026-04-22", "spent", "Affiches des réunions de canton", "1260", ""),
    (OUTREACH, "2026-09-30", "spent", "Film de la plénière d’automne", "2450", "2026-10-03"),
    (OUTREACH, "2026-11-18", "committed", "Lettre aux habitants", "520", ""),
)


def make_budget(context: DemoContext) -> None:
    """Create the lines, voted in January, and their entries all year long."""
    lines = {
        (year, name): make_line(context, year, story_year, name, planned, takes_expenses, contract)
        for story_year, name, planned, takes_expenses, contract in OPERATIONS
        for year in years_of(story_year, name)
    }
    for name, day, kind, title, amount, sitting in ENTRIES:
        on = story_date(day)
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
        for year in years_of(2025, INSTALLATION):
            BUDGET.workflow.transition(lines[year, INSTALLATION], "close", by=context.lead)
    with at("2026-10-26 09:00"):
        reason = "Les ateliers de canton se tiennent avec un repas, à la demande du Conseil."
        welcome = lines[years_of(2026, WELCOME)[-1], WELCOME]
        BUDGET.workflow.transition(welcome, "allow", by=context.lead, reason=reason, allowed=Decimal(16_000))


def years_of(story_year: int, name: str) -> list[int]:
    """Return the years of the calendar in which an operation of the story has entries, else that of its summer."""
    days = [row[1] for row in ENTRIES if row[0] == name and row[1].startswith(str(story_year))]
    return sorted({story_date(day).year for day in days or [f"{story_year}-07-01"]})


def make_line(
    context: DemoContext, year: int, story_year: int, name: str, planned: int, takes_expenses: bool, contract: str
) -> BudgetLine:
    values = {
        "year": year,
        "name": name,
        "planned": Decimal(planned),
        "takes_expenses": takes_expenses,
        "owner": context.officer,
    }
    days = {2025: "2025-09-15", 2026: "2026-01-08", 2027: "2026-11-12"}
    with at(f"{days[story_year]} 09:00"):
        line: BudgetLine = create(BUDGET, context.term, by=context.lead, values=values)
        if contract:
            row = Contract.objects.get(assembly=context.assembly, name=contract)
            kind: Any = BUDGET.line_kind("contrats")
            add_line(BUDGET, kind, line, by=context.lead, data={"contract": row})
        if story_year != 2027:
            BUDGET.workflow.transition(line, "open", by=context.lead)
    return line


type LegalRow = tuple[str, str, str, date | None, date | None, str, int | None, str]
FORMER: Final = "Règlement intérieur de la première mandature"
# Name, nature, number, in force on, holds until, renewal, notice in days, directorate.
LEGAL_ROWS: Sequence[LegalRow] = (
    ("Création de l’assemblée", "council", "D-2022-06-14", story_date("2022-06-28"), None, "none", None, ""),
    (FORMER, "council", "D-2022-11-03", story_date("2022-11-18"), story_date("2025-11-28"), "none", None, ""),
    (
        "Règlement intérieur",
        "council",
        "D-2025-10-07",
        story_date("2025-11-29"),
        story_date("2028-11-28"),
        "none",
        None,
        "",
    ),
    (
        "Barème des frais des membres",
        "council",
        "D-2025-10-08",
        story_date("2026-01-01"),
        story_date("2026-12-31"),
        "express",
        30,
        "finances",
    ),
    (
        "Prêt de salles par la Ville de Muret",
        "convention",
        "C-2026-011",
        story_date("2026-02-01"),
        story_date("2027-01-31"),
        "tacit",
        90,
        "",
    ),
    (
        "Accueil des ateliers par les centres sociaux",
        "convention",
        "C-2026-027",
        story_date("2026-09-01"),
        story_date("2026-12-31"),
        "none",
        None,
        "",
    ),
    (
        "Analyse d’impact : tirage au sort",
        "dpia",
        "AIPD-2025-04",
        story_date("2025-07-15"),
        story_date("2028-07-15"),
        "none",
        None,
        "",
    ),
    ("Analyse d’impact : enregistrement des séances", "dpia", "", None, story_date("2026-12-18"), "none", None, ""),
    (
        "Responsabilité civile des membres",
        "insurance",
        "RC-88-20",
        story_date("2026-01-01"),
        story_date("2026-12-31"),
        "tacit",
        60,
        "finances",
    ),
    (
        "Registre des traitements, fiche 41",
        "processing",
        "T-41",
        story_date("2025-09-01"),
        story_date("2027-09-01"),
        "none",
        None,
        "",
    ),
)


def make_legal(context: DemoContext) -> None:
    """Create the acts in January, or when they came later; the former rules are replaced."""
    for row in sorted(LEGAL_ROWS, key=lambda row: (entered_on(row[3]), row[3] or date.max)):
        make_item(context, *row)


def entered_on(starts_on: date | None) -> date:
    """Return the day on which an act was entered: when it came into force, the older ones in January."""
    return max(starts_on or story_date("2026-10-05"), story_date("2026-01-12"))


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
        "number": retell(number),
        "starts_on": starts_on,
        "due_on": due_on,
        "renewal": renewal,
        "notice_days": notice_days,
        "directorate": directorate(context, code) if code else None,
        "owner": context.officer,
    }
    with at(at_hour(entered_on(starts_on), "14:30")):
        item = create(LEGAL, context.term, by=context.officer, values=values)
        if starts_on:
            LEGAL.workflow.transition(item, "bring_into_force", by=context.lead)
        if name == FORMER:
            reason = retell("Remplacé par la délibération D-2025-10-07.")
            LEGAL.workflow.transition(item, "replace", by=context.lead, reason=reason)
