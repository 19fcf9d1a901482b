"""Responses with files: exact length, true type, nothing that a browser could run.

Several files are one ZIP, written while it is sent: never more than a piece of one file in memory. A file that the
database names and that is missing on disk, or has changed, is a page of its own (503).
"""

import itertools
import logging
import zipfile
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from assembly.documents.models import Upload
from assembly.documents.storage import BlobDamaged
from assembly.files.file_kinds import EXTENSIONS
from assembly.files.slow_work import release_connections
from assembly.web import errors

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


def zip_entry(name: str, file: PackedFile) -> zipfile.ZipInfo:
    moment = timezone.localtime(file.dated) if file.dated else timezone.localtime()
    info = zipfile.ZipInfo(name, (max(moment.year, EARLIEST), *moment.timetuple()[1:6]))
    info.compress_type = zipfile.ZIP_DEFLATED if file.media_type in PLAIN else zipfile.ZIP_STORED
    info.external_attr = 0o644 << 16
    return info


def zip_member(name: str, file: PackedFile) -> tuple[zipfile.ZipInfo, Iterator[bytes]]:
    """Return a file as an entry of the archive; a note in its place when the disk has lost it: the rest is sent."""
    pieces = file.pieces()
    try:
        first = next(pieces, b"")
        return zip_entry(name, file), itertools.chain([first], pieces)
    except BlobDamaged as error:
        log.error("the file %s is missing or changed: restore it from the backup", error)
        note = PackedFile(file.title, "text/plain", lambda: iter(()))
        sentence = _("Ce fichier manque sur notre serveur. L’équipe technique est prévenue.")
        return zip_entry(f"{name.rpartition('.')[0]}-manquant.txt", note), iter([sentence.encode()])


def zip_of(files: Iterable[PackedFile]) -> Iterator[bytes]:
    """Yield the pieces of a ZIP of these files, each read only when its turn comes."""
    listed = list(files)
    sink = ZipBuffer()
    with zipfile.ZipFile(sink, "w") as archive:  # type: ignore[call-overload]  # -- it only writes and flushes
        for number, file in enumerate(listed, 1):
            info, pieces = zip_member(entry_name(number, len(listed), file), file)
            with archive.open(info, "w") as part:
                for piece in pieces:
                    part.write(piece)
                    if chunk := sink.drain():
                        yield chunk
    yield sink.drain()


PDF = "application/pdf"
SANDBOX = "sandbox; default-src 'none'"
READABLE = "default-src 'none'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"


def bytes_response(
    request: HttpRequest, content: bytes, *, name: str, media_type: str, etag: str = "", inline: bool = False
) -> HttpResponse:
    """Return a file with its name; `inline` only for PDFs made here, everything else is saved by the reader."""
    tag = f'"{etag}"'
    if etag and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = HttpResponse(content, content_type=media_type)
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    # Browsers' own PDF readers show a blank page in a sandbox, and may do so where objects are refused. Nothing runs
    # in a PDF made here, so it needs neither.
    response["Content-Security-Policy"] = READABLE if inline else SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    if etag:
        response["ETag"] = tag
    return response


def next_piece(pieces: Iterator[bytes]) -> bytes | None:
    """Return the next piece, None after the last one; the reader may take minutes for it, without a connection."""
    try:
        return next(pieces, None)
    finally:
        release_connections()


class ChunkedFileResponse(StreamingHttpResponse):
    """Response sent while it is made, under ASGI too: Django's own would first gather every piece in memory there.

    The code that makes the pieces may hold no cursor between two of them.
    """

    async def __aiter__(self) -> AsyncIterator[bytes]:
        pieces: Iterator[bytes] = iter(self)
        while (piece := await sync_to_async(next_piece)(pieces)) is not None:
            yield piece


def zip_response(files: Iterable[PackedFile], *, name: str) -> StreamingHttpResponse:
    """Return several files as one ZIP that the reader saves."""
    response = ChunkedFileResponse(zip_of(files), content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    return response


class MissingBlobMiddleware:
    """Middleware that shows a page (503) whichever view opened the file, and logs an error for the operator."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, BlobDamaged):
            return None
        log.error("the file %s is missing or changed: restore it from the backup", error)
        return errors.page(request, 503, "documents/blob_missing.html")
