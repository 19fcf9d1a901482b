"""Middleware for response headers, request ids, refusals, unreadable text, static files and the frame stack.

Text that PostgreSQL cannot store (NUL, lone surrogates) is refused in one place, `UnreadableMiddleware`. Static files
are read whole: under ASGI Django would read a synchronous stream to its end anyway (and warn).

`FrameStackMiddleware` runs a request inside one chunk of CPython's frame stack. CPython 3.11 to 3.14 gives Python
frames memory in chunks of 16 KB: it maps a chunk when a call crosses the end of the last one and unmaps it when that
call returns. A page is computed some 60 calls deep: where its inner loop crosses the end of a chunk, every call of the
loop maps and unmaps, and the page costs up to 70 % more (python/cpython#142183, fixed upstream by pull request
145789). Which page is hit changes with every call that is added above it. A frame larger than a chunk gets a chunk of
twice its size, rounded up to a power of two: the next handler is called through such a frame, which leaves the other
half of that chunk to the request.
"""

import json
import logging
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, QueryDict
from psycopg.errors import ExclusionViolation, UniqueViolation
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile

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
    """Middleware for headers: no private page or form stored, no device sensors, no embedding of our files."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(AREA_PATHS + PERSONAL_LINKS):
            response["Cache-Control"] = "no-store"
        elif settings.SESSION_COOKIE_NAME in request.COOKIES or settings.CSRF_COOKIE_NAME in response.cookies:
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


UTF_8 = {"utf-8", "utf8", "us-ascii"}


class UnreadableMiddleware:
    """Middleware that answers 400 before any code queries with such a text.

    The address, its query, cookies and headers are checked at once; a form after its CSRF check, since it is offered
    again. Another charset than UTF-8 is refused too: it would decode to lone surrogates, or not at all.
    """

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (request.encoding or "utf-8").lower() not in UTF_8:
            return errors.bad_request(request)
        sent = [request.path, *request.headers.values(), *request.COOKIES.values(), *names_and_values(request.GET)]
        return errors.bad_request(request) if any(map(is_unreadable, sent)) else self.get_response(request)

    def process_view(self, request: HttpRequest, *_: object) -> HttpResponse | None:
        names = [file.name or "" for field in request.FILES for file in request.FILES.getlist(field)]
        sent = [*names_and_values(request.POST), *request.FILES, *names]
        if request.content_type == "application/json" and not is_storable_json(request.body):
            return errors.bad_request(request)
        return errors.unstorable_text(request) if any(map(is_unreadable, sent)) else None


def names_and_values(fields: QueryDict) -> Iterator[str]:
    """Yield every name and every value."""
    for name, values in fields.lists():
        yield name
        yield from map(str, values)


def is_storable_json(body: bytes) -> bool:
    """Return whether the strings within hold neither NUL nor lone surrogates; invalid JSON is left to the view."""
    try:
        written = json.dumps(json.loads(body), ensure_ascii=False)
    except ValueError:
        return True
    except RecursionError:
        return False
    return "\\u0000" not in written and not is_unreadable(written)


def is_unreadable(text: str) -> bool:
    return "\x00" in text or (not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text))


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise that returns the bytes of the file instead of a stream. Our largest file is a script of 200 KB."""

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        file_response: Any = static_file.get_response(request.method, request.META)
        body = b""
        if file_response.file is not None:
            with closing(file_response.file):
                body = file_response.file.read()
        response = HttpResponse(body, status=int(file_response.status))
        del response["content-type"]
        for name, value in file_response.headers:
            response[name] = value
        return response


FRAME_SLOTS = 32 * 1024  # 256 KB of addresses, never touched, in a chunk of 512 KB: 255 KB remain for the request


def _call(view: View, request: HttpRequest) -> HttpResponse:
    return view(request)


class FrameStackMiddleware:
    """First middleware of all: only frames of calls below it lie in the large chunk."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return _call(self.get_response, request)
