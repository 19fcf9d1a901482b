"""Responses with files: exact length, true type, nothing that a browser could run."""

from collections.abc import AsyncIterator, Iterable, Iterator
from urllib.parse import quote

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, StreamingHttpResponse

from assembly.documents.responses import PackedFile, zip_of
from assembly.files.pool import release_connections

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
