"""Handing over bytes: exact length, true type, nothing that a browser could run."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

PDF = "application/pdf"
SANDBOX = "sandbox; default-src 'none'"


def bytes_response(
    request: HttpRequest, content: bytes, *, name: str, media_type: str, etag: str = "", inline: bool = False
) -> HttpResponse:
    """A file with its name; `inline` only for our own PDFs, everything else is saved by the reader."""
    tag = f'"{etag}"'
    if etag and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified()
    response = HttpResponse(content, content_type=media_type)
    kind = "inline" if inline else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    if not inline:  # the browsers' own PDF readers show nothing in a sandbox; our files keep the house policy
        response["Content-Security-Policy"] = SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    if etag:
        response["ETag"] = tag
    return response
