"""The words of deposited files, as far as workers have read them."""

from assembly.documents.enums import ExtractionState
from assembly.documents.models import FileText, Upload


def text_of(upload: Upload) -> str:
    """The words of a file that may be read; empty while a worker has not read it, or when nothing can be read."""
    if not upload.is_available:
        return ""
    found = FileText.objects.filter(blob=upload.blob_id, state=ExtractionState.READY)
    return found.values_list("text", flat=True).first() or ""
