"""Files named by their own sha256 under BLOB_DIR/ab/cd/: written once, never changed."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings


class BlobDamaged(Exception):
    """A file that is missing, or whose bytes are no longer those that its name says."""


def path_of(sha256: str) -> Path:
    """Where a file with this name lies."""
    return settings.BLOB_DIR / sha256[:2] / sha256[2:4] / sha256


def content_digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_blob(content: bytes) -> str:
    """Store bytes and return their name; whole on disk before it returns, or nothing at all."""
    sha256 = content_digest(content)
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, scratch = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).chmod(0o444)
        Path(scratch).rename(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            Path(scratch).unlink()
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return sha256


def read_blob(sha256: str) -> bytes:
    """The bytes of this name; raises BlobDamaged rather than give others."""
    try:
        content = path_of(sha256).read_bytes()
    except OSError as error:
        raise BlobDamaged(sha256) from error
    if content_digest(content) != sha256:
        raise BlobDamaged(sha256)
    return content


def remove_blob(sha256: str) -> None:
    """Delete the file of a blob that nothing names any more."""
    path_of(sha256).unlink(missing_ok=True)


def damaged(names: Iterator[str]) -> Iterator[str]:
    """Names whose file is missing or changed."""
    for sha256 in names:
        try:
            with path_of(sha256).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            found = ""
        if found != sha256:
            yield sha256
