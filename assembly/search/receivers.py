"""Receivers of signals: the text of a file was extracted."""

from typing import Any

from django.dispatch import receiver

from assembly.documents.models import FileText
from assembly.documents.signals import text_read
from assembly.search import actions


@receiver(text_read)
def reindex_objects_of_file(sender: Any, text: FileText, **_: Any) -> None:
    actions.reindex_touched_by("documents.FileText", text.pk)
