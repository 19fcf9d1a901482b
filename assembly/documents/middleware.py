"""The response when a file that the database names is missing on disk, or has changed."""

import logging
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from assembly.documents.storage import BlobDamaged
from assembly.web import errors

log = logging.getLogger("assembly.documents")


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
