"""Ten legal acts of the assembly: some end soon, some are in force, one was replaced. Numbers are fictitious."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from demo.clock import at
from demo.context import DemoContext
from demo.institution.directorates import directorate
from mission.legal.register import LEGAL
from mission.registers.actions import create

type LegalRow = tuple[str, str, str, date | None, date | None, str, int | None, str]
FORMER: Final = "Règlement intérieur de la première mandature"
# Name, nature, number, in force on, holds until, renewal, notice in days, directorate.
ROWS: Sequence[LegalRow] = (
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
    for row in ROWS:
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
