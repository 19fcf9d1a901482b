"""The words of deposited files, as far as workers have read them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from assembly.documents.enums import READABLE, ExtractionState
from assembly.documents.models import FileText, Upload


def extract_of(upload: Upload) -> FileText | None:
    """The reading of this file with its state, or None for a kind without words (a picture)."""
    return FileText.objects.filter(blob=upload.blob_id).first()


def text_of(upload: Upload) -> str:
    """The words of a file that may be read; empty while a worker has not read it, or when nothing can be read."""
    return texts_of([upload]).get(upload.pk, "")


def texts_of(uploads: Iterable[Upload]) -> dict[int, str]:
    """The words of several files by upload, in one query; files without words are left out."""
    shown = [upload for upload in uploads if upload.is_available]
    found = FileText.objects.filter(blob__in={upload.blob_id for upload in shown}, state=ExtractionState.READY)
    words = dict(found.exclude(text="").values_list("blob", "text"))
    return {upload.pk: words[upload.blob_id] for upload in shown if upload.blob_id in words}


def uploads_of(text: FileText) -> QuerySet[Upload]:
    """The files with these bytes that may be read: what to index anew when `text_read` arrives."""
    return Upload.objects.filter(blob=text.pk, withdrawn_at=None, state__in=READABLE).order_by("pk")
