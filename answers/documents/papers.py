"""Who reads the document of an answer that was given on paper."""

from typing import Any

from answers.models import Answer, AnswerFile
from assembly.documents.models import Upload
from assembly.documents.registry import uploads_visible_to


@uploads_visible_to
def answer_document_is_visible(user: Any, upload: Upload) -> bool:
    """Anybody, with the published answer; before, whoever reads the file."""
    rows = Answer.objects.filter(document=upload)
    return rows.published().exists() or rows.filter(file__in=AnswerFile.objects.visible_to(user)).exists()
