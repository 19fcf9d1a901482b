"""The same papers in Word, to be reworked before they are signed."""

import io

from consultations.exchange.grid import blank_document
from mission.grants.documents.papers import Paper


def docx(told: Paper) -> bytes:
    document = blank_document(told.title)
    document.add_paragraph(told.reference)
    for title, facts, words in told.parts:
        document.add_heading(title, level=2)
        if facts:
            table = document.add_table(rows=0, cols=2, style="Table Grid")
            for label, value in facts:
                cells = table.add_row().cells
                cells[0].text, cells[1].text = label, value
        for line in filter(None, words.splitlines()):
            document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()
