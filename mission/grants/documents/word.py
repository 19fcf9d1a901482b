"""Papers of an application as Word files, to be edited before they are signed."""

import io

from assembly.identity.models import User
from consultations.reviews.documents import blank_document
from mission.grants.documents.papers import PaperKind
from mission.grants.models import GrantApplication


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
