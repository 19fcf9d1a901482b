"""Extraction of the text of files: requested when a file may be read, done by a worker, resumed after a crash."""

from datetime import timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from assembly.documents.models import ExtractionState, FileText, TextFailure, Upload, UploadState
from assembly.documents.signals import text_read
from assembly.documents.storage import BlobDamaged
from assembly.documents.text.extraction import ExtractionFailed, extract, has_text
from assembly.documents.workflow import FILE_TEXT
from assembly.jobs import hints
from assembly.workflow import StateConflict

TASK = "assembly.documents.tasks.read_text"
STALE = timedelta(minutes=3)
ATTEMPTS = 3
AT_ONCE = 200


@transaction.atomic
def request_text(upload: Upload) -> FileText | None:
    """Have a worker extract the text of this file once; return None for a media type without text."""
    if not has_text(upload.blob.media_type):
        return None
    text, created = FileText.objects.get_or_create(blob=upload.blob)
    if created:
        enqueue(text)
    return text


def enqueue(text: FileText) -> None:
    """Send a worker to this text once the transaction commits; a hint: the sweep finds what the broker lost."""
    hints.send_at_commit(TASK, text.pk)


def extract_text(text: FileText) -> None:
    """Extract and store the text of a queued file, or the reason why there is none; idempotent."""
    try:
        FILE_TEXT.set_state(text, "take", attempts=models.F("attempts") + 1, started_at=timezone.now())
    except StateConflict:
        return
    text = FileText.objects.select_related("blob").get(pk=text.pk)
    try:
        extracted = extract(text.blob.open(), text.blob.media_type)
    except ExtractionFailed as error:
        end_extraction(text, "fail", failure=error.code)
    except BlobDamaged:
        end_extraction(text, "fail", failure=TextFailure.DAMAGED)
    else:
        end_extraction(text, "finish", text=extracted.text, is_cut=extracted.is_cut)


@transaction.atomic
def end_extraction(text: FileText, step_name: str, /, **facts: Any) -> None:
    """Write how the extraction ended, and send `text_read` for the search."""
    FILE_TEXT.follow(text, step_name, read_at=timezone.now(), **facts)
    text_read.send(sender=FileText, text=text)


@transaction.atomic
def sweep() -> None:
    """Requeue extractions of dead workers, fail them after three attempts, and queue files without a text row."""
    late = FileText.objects.filter(state=ExtractionState.READING, started_at__lt=timezone.now() - STALE)
    for text in late.select_for_update(skip_locked=True, no_key=True):
        if text.attempts < ATTEMPTS:
            FILE_TEXT.follow(text, "requeue")
        else:
            end_extraction(text, "fail", failure=TextFailure.HEAVY)
    for text in FileText.objects.filter(state=ExtractionState.QUEUED).order_by("pk")[:AT_ONCE]:
        enqueue(text)
    unread = Upload.objects.filter(blob__text=None, withdrawn_at=None, state__in=UploadState.tagged("readable"))
    for upload in (
        unread.exclude(blob__media_type__startswith="image/").select_related("blob").order_by("pk")[:AT_ONCE]
    ):
        request_text(upload)
