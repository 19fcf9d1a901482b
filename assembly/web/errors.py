"""Error pages: what happened, why, and what the reader can do.

These pages read neither the database nor the context processors, so that they still answer when those fail.
"""

import errno
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import resolve_url
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.csrf import requires_csrf_token

from assembly.web.logs import request_id

RETRY_SECONDS = 30
FULL = {errno.ENOSPC, errno.EDQUOT}
NEVER_RESENT = {"csrfmiddlewaretoken", "idempotency_key", "code", "credential", "otp"}


class EditConflict(Exception):
    """Raised when a versioned save finds that another one came since its version was read (optimistic lock): HTTP 409.

    `current` is the row as it stands and `version` the number to save over; `by` and `at` give who saved it and when,
    if the row has these columns. `typed`: the values that were not written, by column. `is_closed`: the text can no
    longer be edited.
    """

    def __init__(
        self,
        current: Any,
        typed: Mapping[str, Any],
        *,
        version: int | str,
        by: Any = None,
        at: datetime | None = None,
        is_closed: bool = False,
    ) -> None:
        self.current, self.typed, self.version = current, typed, version
        self.by, self.at, self.is_closed = by, at, is_closed
        super().__init__(f"{type(current).__name__} {current.pk} is at version {version}")

    @property
    def sentence(self) -> str:
        """Return the message for the person whose save came second."""
        if self.is_closed:
            return _("Ce texte n’est plus en rédaction. Vos mots sont gardés à part.")
        return _(
            "Ce texte a été enregistré entre-temps, par une autre personne ou par vous dans un autre onglet. "
            "Vos mots sont gardés."
        )


class StateConflict(Exception):
    """Raised when a step is not possible from the row's state: another request was faster, or a parent ended (409).

    `obj`: the row as the transaction read it; `step_name`: the step that was requested.
    """

    def __init__(self, obj: Model, step_name: str) -> None:
        self.obj = obj
        self.step_name = step_name
        super().__init__(f"{type(obj).__name__} {obj.pk} cannot {step_name} from {getattr(obj, 'state', None)!r}")


def page(request: HttpRequest, status: int, template: str = "", **context: object) -> HttpResponse:
    """Render `<status>.html`; HTMX gets the sentence alone, for the message area of the page."""
    fragment = request.headers.get("HX-Request") == "true"
    name = (template or f"{status}.html") + ("#refusal" if fragment else "")
    body = render_to_string(name, {"request_id": request_id.get(), "path": request.path, **context})
    response = HttpResponse(body, status=status)
    if fragment:
        response["HX-Retarget"] = "#messages"
        response["HX-Reswap"] = "innerHTML show:#messages:top"
    return response


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return too_large(request) if isinstance(exception, RequestDataTooBig) else page(request, 400)


def unstorable_text(request: HttpRequest) -> HttpResponse:
    """Refuse a field with characters that no text has (NUL): nothing was done; the form is offered without them."""
    return resend(request, "400_bytes.html", 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """Answer 405 to a GET of a form-only address (or the reverse): Django's own answer is an empty page."""
    response = page(request, 405, back=referer_page(request))
    response["Allow"] = allowed
    return response


def state_conflict(request: HttpRequest, back: str = "") -> HttpResponse:
    """Answer 409: link to the page as it is now, and show the typed sentences, to be copied.

    `back`: the address of that page; without it the page the reader came from.
    """
    sentences = [text for _field, text in typed_fields(request) if " " in text.strip()]
    return page(request, 409, back=back or referer_page(request), sentences=sentences)


def unique_conflict(request: HttpRequest) -> HttpResponse:
    """Answer 409 where two requests created what must be unique (a constraint); offer again what was typed second."""
    return resend(request, "409_taken.html", 409)


def edit_conflict(request: HttpRequest, error: EditConflict) -> HttpResponse:
    """Answer 409 to a late save that no view compared; offer what was typed again, for the current version."""
    fields = [(name, str(error.version) if name == "version" else value) for name, value in typed_fields(request)]
    return resend(request, "409_edit.html", 409, sentence=error.sentence, typed=fields)


def too_large(request: HttpRequest) -> HttpResponse:
    return page(request, 413, back=referer_page(request))


def too_many(request: HttpRequest) -> HttpResponse:
    return page(request, 429, back=referer_page(request))


def busy_form(response: Any) -> Any:
    """Turn the 422 of a form whose file found no free worker into 503 with `Retry-After`; what was typed stays."""
    if response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """Answer 503 where no form shows the refusal; offer again what was typed."""
    show = resend if list(typed_fields(request)) else page
    response = show(request, status=503, template="503_busy.html")
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def is_disk_full(error: BaseException | None) -> bool:
    """Return whether a write failed because the disk, or our quota of it, is full."""
    return isinstance(error, OSError) and error.errno in FULL


def disk_full(request: HttpRequest) -> HttpResponse:
    """Answer 507; offer again what was typed beside the file, unless the form itself could not be stored."""
    if hasattr(request, "_post") and list(typed_fields(request)):
        return resend(request, "507.html", 507)
    return page(request, 507, back=referer_page(request))


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500, or 503 with `Retry-After` where the database is away or has no connection left."""
    error = sys.exc_info()[1]
    if is_disk_full(error):
        return disk_full(request)
    if isinstance(error, OperationalError | InterfaceError):
        response = page(request, 503, "unavailable.html")
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 to a form that is too old (a sign-in happened since); offer it again with a fresh key.

    Only a form from our own pages is offered again.
    """
    if not is_same_origin(request):
        return page(request, 403)
    return resend(request, "403_csrf.html", 403)


def missing_key(request: HttpRequest) -> HttpResponse:
    """Answer 400 to a post without idempotency key: nothing was done; the form is offered again with a key."""
    return resend(request, "400_key.html", 400)


def already_sent(request: HttpRequest, created_url: str) -> HttpResponse:
    """Answer 409 to a page that has acted before with other values; offer these again, for confirmation.

    `created_url`: the address of what the first post created.
    """
    return resend(request, "409_sent.html", 409, made=created_url)


def resend_expired_form(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Show a form that was sent after the sign-in expired on a page, instead of losing it in the redirect."""
    target = urlsplit(response.headers.get("Location", ""))
    expired = (
        request.method == "POST"
        and response.status_code == 302
        and target.path == resolve_url(settings.LOGIN_URL)
        and f"{REDIRECT_FIELD_NAME}=" in target.query
        and not request.user.is_authenticated
    )
    if not expired or not list(typed_fields(request)):
        return response
    sign_in = response.headers["Location"]
    if request.headers.get("HX-Request") == "true":
        return page(request, 401, sign_in=sign_in)
    return resend(request, "401.html", 401, sign_in=sign_in)


def resend(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    """Render a page that holds the fields of the form and sends them again to the same address."""
    context = {"typed": list(typed_fields(request))} | context
    context |= {"csrf_token": get_token(request), "path": request.get_full_path()}
    return HttpResponse(
        render_to_string(template, {"request_id": request_id.get(), "back": referer_page(request), **context}),
        status=status,
    )


def typed_fields(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """Yield the fields of the form without secrets; files cannot be offered again: the browser forbids it."""
    for name in request.POST:
        if name not in NEVER_RESENT and "password" not in name:
            for value in request.POST.getlist(name):
                yield name.replace("\x00", ""), str(value).replace("\x00", "")


def is_same_origin(request: HttpRequest) -> bool:
    """Return whether the browser declares that the form came from one of our own pages; in doubt, False."""
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def referer_page(request: HttpRequest) -> str:
    """Return the page of this site the reader came from, or the home page."""
    return path_of_address(request, request.headers.get("Referer", "")) or "/"


def path_of_address(request: HttpRequest, address: str) -> str:
    """Return path and query of a full address that a browser sent; empty for another site, and for what is none."""
    try:
        parts = urlsplit(address)
    except ValueError:  # brackets around what is no IPv6 address
        return ""
    if parts.netloc != request.get_host() or not parts.path.startswith("/"):
        return ""
    return parts.path + (f"?{parts.query}" if parts.query else "")
