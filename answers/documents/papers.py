"""Access to the document of an answer that was given on paper."""

from typing import Any

from answers.models import Answer, AnswerCase
from assembly.documents.models import Upload


def answer_document_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user may read it: anybody once the answer is published, before that readers of the case."""
    rows = Answer.objects.filter(document=upload)
    return rows.published().exists() or rows.filter(case__in=AnswerCase.objects.visible_to(user)).exists()
