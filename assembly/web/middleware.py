"""Middleware for response headers, request ids and refusals."""

import logging
import re
import uuid
from collections.abc import Callable

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from psycopg.errors import ExclusionViolation, UniqueViolation

from assembly.files.slow_work import Busy
from assembly.web import errors
from assembly.web.logs import REFUSALS, request_id

type View = Callable[[HttpRequest], HttpResponse]

security = logging.getLogger("assembly.security")
SANE_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
AREA_PATHS = ("/espace/", "/bureau/", "/instructions/", "/compte/", "/salle/")
PERSONAL_LINKS = ("/reponse/", "/courriels/", "/boite-mail/")
CONFLICT_SQLSTATES = {UniqueViolation.sqlstate, ExclusionViolation.sqlstate}
NOT_ALLOWED = 405
PERMISSIONS = ", ".join(
    [
        *(
            f"{name}=()"
            for name in (
                "accelerometer",
                "camera",
                "geolocation",
                "gyroscope",
                "magnetometer",
                "microphone",
                "payment",
                "usb",
            )
        ),
        "publickey-credentials-create=(self)",
        "publickey-credentials-get=(self)",
    ]
)


class RequestIdMiddleware:
    """Middleware that gives each request an id, which the logs and the error page repeat."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = request.headers.get("X-Request-ID", "")
        token = request_id.set(asked if SANE_ID.fullmatch(asked) else uuid.uuid4().hex)
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)


class HeadersMiddleware:
    """Middleware for headers: no cached private pages, no device sensors, no embedding of our files by other sites."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(AREA_PATHS + PERSONAL_LINKS):
            response["Cache-Control"] = "no-store"
        elif settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if response.headers.get("Content-Type") == "text/plain":  # from a library that omits the charset
            response["Content-Type"] = "text/plain; charset=utf-8"
        return response


class RefusalMiddleware:
    """Middleware that answers 409 to a refused step, versioned save or unique constraint, and logs every refusal."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = errors.resend_expired_form(request, self.get_response(request))
        if response.status_code == NOT_ALLOWED and not response.content:
            response = errors.not_allowed(request, response.headers.get("Allow", ""))
        if response.status_code in REFUSALS:
            self.log_refusal(request, response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, errors.StateConflict):
            return errors.state_conflict(request)
        if isinstance(error, errors.EditConflict):
            return errors.edit_conflict(request, error)
        if isinstance(error, Busy):
            return errors.busy(request)
        if isinstance(error, IntegrityError) and getattr(error.__cause__, "sqlstate", "") in CONFLICT_SQLSTATES:
            return errors.unique_conflict(request)
        return None

    def log_refusal(self, request: HttpRequest, status: int) -> None:
        """Log the refusal with the route, not the address: a private link carries a token."""
        match = request.resolver_match
        facts = {"status": status, "method": request.method, "route": match.route if match else None}
        security.info("refused %s", status, extra={"facts": facts})
