"""Sheet of indicators as a file: printed for the team as often as it likes, and sealed on demand."""

from typing import Any

from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer
from mission.indicators.models import IndicatorSheet
from mission.indicators.queries import PRINT_KIND, SEALED_KIND, SHEET, sheet_title
from mission.indicators.rules import can_see_indicators


class IndicatorSheetFile(Renderer):
    """Base class of the printed and the sealed sheet."""

    subject_label = SHEET

    def load(self, subject_id: str) -> IndicatorSheet:
        return IndicatorSheet.objects.select_related("term__assembly").get(pk=subject_id)

    def identity(self, subject: IndicatorSheet) -> Identity:
        return Identity(subject.reference, sheet_title(subject), subject.day, subject.term)

    def can_read(self, user: Any, subject: IndicatorSheet) -> bool:
        return can_see_indicators(user, subject.term_id)

    def source(self, subject: IndicatorSheet) -> RenderSource:
        return page_source(
            "mission/indicators/pdf/sheet.html",
            {"sheet": subject.content, "day": subject.day},
            assembly=subject.term.assembly,
            title=sheet_title(subject),
            reference=subject.reference,
            made_at=subject.noted_at,
            sheets=["indicators"],
            data=subject.content,
            sealed=self.sealed,
        )


class PrintedIndicatorSheet(IndicatorSheetFile):
    kind = PRINT_KIND
    file_name = "indicateurs"


class SealedIndicatorSheet(IndicatorSheetFile):
    kind = SEALED_KIND
    sealed = True
