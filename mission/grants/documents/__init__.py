"""Papers of an application, and the predicate of who reads its uploads."""

from typing import Any

from assembly.documents.models import Upload
from assembly.documents.registry import add_upload_rules
from mission.grants.documents import files
from mission.registers.declaration import registers

__all__ = ["files", "grant_document_is_visible"]


def grant_document_is_visible(user: Any, upload: Upload) -> bool:
    """Return whether the user sees the application of this document."""
    return registers["grants"].visible_to(user).filter(documents__upload=upload).exists()


add_upload_rules(grant_document_is_visible)
