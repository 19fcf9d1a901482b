"""Several files as one ZIP, written as it is sent: never more than a piece of one file in memory."""

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
from assembly.ui.file_kinds import EXTENSIONS

WORDS_KEPT = 60
PLAIN = {"text/plain", "text/csv"}
EARLIEST = 1980
log = logging.getLogger("assembly.documents")


@dataclass(frozen=True)
class PackedFile:
    """A file to come: what people call it, its type, and how to get its bytes, piece by piece, when its turn comes."""

    title: str
    media_type: str
    pieces: Callable[[], Iterator[bytes]]
    dated: datetime | None = None


class ZipBuffer:
    """Where the archive is written: holds only what was not yet sent."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing to do: `taken` is what sends."""

    def taken(self) -> bytes:
        sent, self.pieces = b"".join(self.pieces), []
        return sent


def packed(upload: Upload, title: str = "") -> PackedFile:
    """A deposited file, which the caller knows to be available."""
    name = title or upload.name.rpartition(".")[0] or upload.name
    return PackedFile(name, upload.blob.media_type, upload.blob.pieces, upload.uploaded_at)


def entry_name(number: int, count: int, file: PackedFile) -> str:
    """« 03-budget-de-la-voirie.pdf »: in order, without accents, never twice, with the extension of the true type."""
    words = slugify(file.title)[:WORDS_KEPT].strip("-") or "document"
    return f"{number:0{max(2, len(str(count)))}}-{words}{EXTENSIONS.get(file.media_type, '.bin')}"


def entry(name: str, file: PackedFile) -> zipfile.ZipInfo:
    moment = timezone.localtime(file.dated) if file.dated else timezone.localtime()
    made = zipfile.ZipInfo(name, (max(moment.year, EARLIEST), *moment.timetuple()[1:6]))
    made.compress_type = zipfile.ZIP_DEFLATED if file.media_type in PLAIN else zipfile.ZIP_STORED
    made.external_attr = 0o644 << 16
    return made


def member(name: str, file: PackedFile) -> tuple[zipfile.ZipInfo, Iterator[bytes]]:
    """A file as it stands in the archive; a sentence in its place when the disk has lost it: the others are there."""
    pieces = file.pieces()
    try:
        first = next(pieces, b"")
        return entry(name, file), itertools.chain([first], pieces)
    except BlobDamaged as error:
        log.error("the file %s is missing or changed: restore it from the backup", error)
        note = PackedFile(file.title, "text/plain", lambda: iter(()))
        words = _("Ce fichier manque sur notre serveur. L’équipe technique est prévenue.")
        return entry(f"{name.rpartition('.')[0]}-manquant.txt", note), iter([words.encode()])


def zip_of(files: Iterable[PackedFile]) -> Iterator[bytes]:
    """The pieces of a ZIP of these files, each read only when its turn comes."""
    listed = list(files)
    sink = ZipBuffer()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # -- it only writes and flushes
        for number, file in enumerate(listed, 1):
            info, pieces = member(entry_name(number, len(listed), file), file)
            with archive.open(info, "w") as part:
                for piece in pieces:
                    part.write(piece)
                    if written := sink.taken():
                        yield written
    yield sink.taken()
