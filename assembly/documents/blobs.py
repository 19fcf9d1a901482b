"""Bytes on disk, one file per content: written once, synced, read-only. The name is the sha256 of the content."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from assembly.documents.models import Blob


def path_of(sha256: str) -> Path:
    """Where the bytes of this hash lie."""
    return Path(settings.BLOB_DIR) / sha256[:2] / sha256[2:4] / sha256


def store(content: bytes, media_type: str) -> Blob:
    """Keep `content` and return its row; the same content twice is one blob. Raises OSError when the disk is full.

    The file is whole and synced before its name exists, so a crash leaves no half file under a true name.
    """
    digest = hashlib.sha256(content).hexdigest()
    target = path_of(digest)
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".draft-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(draft, 0o444)
            os.rename(draft, target)
        except OSError:
            Path(draft).unlink(missing_ok=True)
            raise
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    blob, _ = Blob.objects.get_or_create(sha256=digest, defaults={"size": len(content), "media_type": media_type})
    return blob


def read(blob: Blob) -> bytes:
    """The bytes of a blob. Raises OSError when the file is gone."""
    return path_of(blob.sha256).read_bytes()


def is_intact(blob: Blob) -> bool:
    """Read the file again and compare it with its name."""
    try:
        with path_of(blob.sha256).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == blob.sha256
    except OSError:
        return False
