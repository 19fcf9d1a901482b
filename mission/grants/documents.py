"""Papers of an application as files: to print, sealed where a signature counts, in Word. Equal facts, equal bytes."""

import io
from typing import Any, ClassVar

from assembly.documents.pages import page_source
from assembly.documents.pdf.source import RenderSource
from assembly.documents.registry import Identity, Renderer
from assembly.identity.models import User
from assembly.institution.models import Term
from consultations.reviews.documents import blank_document
from mission.grants.models import GrantApplication
from mission.grants.queries import AGREEMENT, DECISION, NOTE, PaperKind
from mission.grants.rules import can_read_papers


class GrantPaperFile(Renderer):
    """Base class of the files of papers."""

    subject_label = "mission.GrantApplication"
    paper: ClassVar[PaperKind]

    def load(self, subject_id: str) -> GrantApplication:
        people = ("first_reader__person", "second_reader__person")
        return GrantApplication.objects.select_related("scheme", "assembly", *people).get(pk=subject_id)

    def identity(self, subject: GrantApplication) -> Identity:
        term = Term.objects.filter(assembly=subject.assembly_id).order_by("-starts_on").first()
        day = subject.agreement_signed_on if self.paper is AGREEMENT else subject.decided_on
        return Identity(self.reference(subject), self.paper.title_of(subject), day or subject.received_on, term)

    def reference(self, subject: GrantApplication) -> str:
        return f"{subject.reference}-{self.paper.mark}" if self.sealed else subject.reference

    def can_read(self, user: Any, subject: GrantApplication) -> bool:
        return can_read_papers(user, subject)

    def source(self, subject: GrantApplication) -> RenderSource:
        return page_source(
            "mission/grants/pdf/paper.html",
            {"parts": self.paper.parts(subject, None)},
            assembly=subject.assembly,
            title=self.paper.title_of(subject),
            reference=self.reference(subject),
            made_at=subject.changed_at,
            sealed=self.sealed,
            draft=not self.paper.is_final(subject),
        )


class GrantNoteFile(GrantPaperFile):
    paper = NOTE
    kind = NOTE.printed
    file_name = "note-instruction"


class GrantDecisionDraft(GrantPaperFile):
    paper = DECISION
    kind = DECISION.printed
    file_name = "decision"


class SealedGrantDecision(GrantPaperFile):
    paper = DECISION
    kind = DECISION.sealed
    sealed = True


class GrantAgreementDraft(GrantPaperFile):
    paper = AGREEMENT
    kind = AGREEMENT.printed
    file_name = "convention"


class SealedGrantAgreement(GrantPaperFile):
    paper = AGREEMENT
    kind = AGREEMENT.sealed
    sealed = True


def docx(paper: PaperKind, row: GrantApplication, reader: User) -> bytes:
    document = blank_document(paper.title_of(row))
    document.add_paragraph(row.reference)
    for title, facts, text in paper.parts(row, reader):
        document.add_heading(title, level=2)
        if facts:
            table = document.add_table(rows=0, cols=2, style="Table Grid")
            for label, value in facts:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = label, value
        for line in filter(None, text.splitlines()):
            document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
