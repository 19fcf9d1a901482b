"""The first progress report, `AC2-BILAN-01`: begun and written by the officer, sealed and published by the lead."""

from datetime import date
from typing import Final

from answers.progress import actions
from demo.answers import readers
from demo.clock import at
from demo.context import DemoContext
from demo.sittings import operations

ENDS_ON: Final = date(2026, 11, 24)
INTRODUCTION: Final = (
    "Le Conseil départemental a publié ses premières réponses à l’avis « Bien vieillir » le 1er octobre 2026. "
    "Ce premier bilan vient plus tôt que les suivants : l’assemblée voulait le lire avant sa plénière de décembre.\n\n"
    "Les repas partagés ont commencé dans huit collèges. Le bus des droits arrivera trois mois plus tard que promis. "
    "Une direction n’a encore rien dit : la mission le lui a demandé.\n\n"
    "Le prochain bilan est attendu en mai 2027."
)


def seed(context: DemoContext) -> None:
    """Play 23 and 24 November; whoever follows a proposal is notified."""
    with at("2026-11-23 15:00"):
        report = actions.begin(context.term, ends_on=ENDS_ON, by=context.officer)
        actions.edit(report, ends_on=ENDS_ON, introduction=INTRODUCTION, version=0, by=context.officer)
    with at("2026-11-24 18:00"):
        operations.make_now(actions.seal(report, version=report.version, by=context.lead))
    readers.send_news("2026-11-24 18:00")
    operations.mark_remaining_sent(context, "proposal-")
