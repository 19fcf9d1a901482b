"""Keeping bytes: a file named by its sha256 on disk, and a row that others may point at."""

from assembly.documents.models import Blob, storage


def store_blob(content: bytes, media_type: str) -> Blob:
    """Keep `content` and return its row; the same content twice is one blob. Raises OSError when the disk is full."""
    sha256 = storage.write_blob(content)
    blob, _ = Blob.objects.get_or_create(sha256=sha256, defaults={"size": len(content), "media_type": media_type})
    return blob


def delete_unused_blob(blob: Blob) -> None:
    """Delete bytes that nothing names any more; raises ProtectedError when a document or an upload still does."""
    sha256 = blob.sha256
    blob.delete()
    storage.remove_blob(sha256)
