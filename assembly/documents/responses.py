"""Several files as one ZIP, written while it is sent: never more than a piece of one file in memory."""

import itertools
import logging
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.documents.models import Upload
from assembly.documents.models.storage import BlobDamaged
from assembly.files.file_kinds import EXTENSIONS

SLUG_LENGTH = 60
PLAIN = {"text/plain", "text/csv"}
EARLIEST = 1980
log = logging.getLogger("assembly.documents")


@dataclass(frozen=True)
class PackedFile:
    """A file of the archive: its title, its type, and how to read its bytes, piece by piece, when its turn comes."""

    title: str
    media_type: str
    pieces: Callable[[], Iterator[bytes]]
    dated: datetime | None = None


class ZipBuffer:
    """The output of the archive writer: holds only what was not yet sent."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing: `drain` returns the bytes to send."""

    def drain(self) -> bytes:
        content, self.pieces = b"".join(self.pieces), []
        return content


def packed_upload(upload: Upload, title: str = "") -> PackedFile:
    """Return a deposited file for an archive; the caller has checked that it is available."""
    name = title or upload.name.rpartition(".")[0] or upload.name
    return PackedFile(name, upload.blob.media_type, upload.blob.pieces, upload.uploaded_at)


def entry_name(number: int, count: int, file: PackedFile) -> str:
    """Return « 03-budget-de-la-voirie.pdf »: in order, unique, without accents, with the true type's extension."""
    slug = slugify(file.title)[:SLUG_LENGTH].strip("-") or "document"
    return f"{number:0{max(2, len(str(count)))}}-{slug}{EXTENSIONS.get(file.media_type, '.bin')}"


def entry(name: str, file: PackedFile) -> zipfile.ZipInfo:
    moment = timezone.localtime(file.dated) if file.dated else timezone.localtime()
    info = zipfile.ZipInfo(name, (max(moment.year, EARLIEST), *moment.timetuple()[1:6]))
    info.compress_type = zipfile.ZIP_DEFLATED if file.media_type in PLAIN else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def member(name: str, file: PackedFile) -> tuple[zipfile.ZipInfo, Iterator[bytes]]:
    """Return a file as an entry of the archive; a note in its place when the disk has lost it: the rest is sent."""
    pieces = file.pieces()
    try:
        first = next(pieces, b"")
        return entry(name, file), itertools.chain([first], pieces)
    except BlobDamaged as error:
        log.error("the file %s is missing or changed: restore it from the backup", error)
        note = PackedFile(file.title, "text/plain", lambda: iter(()))
        sentence = _("Ce fichier manque sur notre serveur. L’équipe technique est prévenue.")
        return entry(f"{name.rpartition('.')[0]}-manquant.txt", note), iter([sentence.encode()])


def zip_of(files: Iterable[PackedFile]) -> Iterator[bytes]:
    """Yield the pieces of a ZIP of these files, each read only when its turn comes."""
    listed = list(files)
    sink = ZipBuffer()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # -- it only writes and flushes
        for number, file in enumerate(listed, 1):
            info, pieces = member(entry_name(number, len(listed), file), file)
            with archive.open(info, "w") as part:
                for piece in pieces:
                    part.write(piece)
                    if chunk := sink.drain():
                        yield chunk
    yield sink.drain()
