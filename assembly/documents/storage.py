"""Content-addressed storage: a file named by its sha256 under BLOB_DIR/ab/cd/, written once."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

PIECE = 256 * 1024


class BlobDamaged(Exception):
    """A file that is missing, or whose bytes no longer match the hash in its name."""


def path_of(sha256: str) -> Path:
    """Return the path of the file with this hash."""
    return settings.BLOB_DIR / sha256[:2] / sha256[2:4] / sha256


def content_digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_blob(content: bytes) -> str:
    """Store bytes and return their hash; they are whole on disk before it returns, or not at all."""
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
    """Return the bytes of this hash; raises BlobDamaged rather than return others."""
    try:
        content = path_of(sha256).read_bytes()
    except OSError as error:
        raise BlobDamaged(sha256) from error
    if content_digest(content) != sha256:
        raise BlobDamaged(sha256)
    return content


def read_in_pieces(sha256: str) -> Iterator[bytes]:
    """Yield the bytes of this hash, checked before the first piece; raises BlobDamaged rather than yield others."""
    try:
        with path_of(sha256).open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                raise BlobDamaged(sha256)
            file.seek(0)
            yield from iter(lambda: file.read(PIECE), b"")
    except OSError as error:
        raise BlobDamaged(sha256) from error


def remove_blob(sha256: str) -> None:
    """Delete the file of a blob to which no row refers any more."""
    path_of(sha256).unlink(missing_ok=True)


def damaged(names: Iterator[str]) -> Iterator[str]:
    """Yield the names whose file is missing or changed."""
    for sha256 in names:
        try:
            with path_of(sha256).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError:
            digest = ""
        if digest != sha256:
            yield sha256
