"""The extracted text of deposited files."""

from assembly.documents.enums import ExtractionState
from assembly.documents.models import FileText, Upload


def text_of(upload: Upload) -> str:
    """Return the text of an available file; empty before a worker has read it, or when nothing can be read."""
    if not upload.is_available:
        return ""
    texts = FileText.objects.filter(blob=upload.blob_id, state=ExtractionState.READY)
    return texts.values_list("text", flat=True).first() or ""
