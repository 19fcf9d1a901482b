"""Files that the antivirus has not judged yet."""

from assembly.documents.enums import UploadState
from assembly.documents.models import Upload


def files_in_quarantine() -> int:
    """Return how many files cannot be read before the antivirus answers."""
    return Upload.objects.filter(state=UploadState.WAITING, withdrawn_at=None).count()
