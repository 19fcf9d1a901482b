"""Refusals in words: what happened, why, and the way out.

These pages read neither the database nor the context processors, so that they still answer when those are the trouble.
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

from assembly.ui.logs import request_id

RETRY_SECONDS = 30
FULL = {errno.ENOSPC, errno.EDQUOT}
NEVER_SHOWN_AGAIN = {"csrfmiddlewaretoken", "idempotency_key", "code", "credential", "otp"}


class EditConflict(Exception):
    """A versioned save found that another one came since its version was read (optimistic lock): HTTP 409.

    `current` is the row as it stands and `version` the number to save over; `by` and `at` say who saved it and when,
    where the row keeps that. `typed` is what was not written, by column. `is_closed`: nobody writes there any more.
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
        """What happened, for the one who was second."""
        if self.is_closed:
            return _("Ce texte n’est plus en rédaction. Vos mots sont gardés à part.")
        return _(
            "Ce texte a été enregistré entre-temps, par une autre personne ou par vous dans un autre onglet. "
            "Vos mots sont gardés."
        )


class StateConflict(Exception):
    """The row is in no state from which this step may leave: another hand was faster, or a parent ended. 409.

    `obj`: the row as the transaction found it; `verb`: the step that was asked.
    """

    def __init__(self, obj: Model, verb: str) -> None:
        self.obj = obj
        self.verb = verb
        super().__init__(f"{type(obj).__name__} {obj.pk} cannot {verb} from {getattr(obj, 'state', None)!r}")


def page(request: HttpRequest, status: int, template: str = "", **context: object) -> HttpResponse:
    """Render `<status>.html`; HTMX gets the sentence alone, aimed at the message area of the page."""
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


def unreadable(request: HttpRequest) -> HttpResponse:
    """A field holds what no text holds (NUL): nothing was done; what was typed is offered again without it."""
    return resend(request, "400_bytes.html", 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return page(request, 404)


def not_allowed(request: HttpRequest, allowed: str) -> HttpResponse:
    """An address that only takes forms was opened as a page (or the reverse): Django's own answer is an empty page."""
    response = page(request, 405, back=own_page(request))
    response["Allow"] = allowed
    return response


def conflict(request: HttpRequest, back: str = "") -> HttpResponse:
    """Another hand was faster: say so, offer the page as it is now (`back`, else where the reader came from) and show
    the sentences that were typed, to be copied."""
    sentences = [words for _name, words in typed_fields(request) if " " in words.strip()]
    return page(request, 409, back=back or own_page(request), sentences=sentences)


def taken(request: HttpRequest) -> HttpResponse:
    """Two pages made what may exist once (a unique constraint): what was typed in the second is kept."""
    return resend(request, "409_taken.html", 409)


def overtaken(request: HttpRequest, error: EditConflict) -> HttpResponse:
    """A save that came too late and that no view compared: what was typed is kept, for the version that now stands."""
    kept = [(name, str(error.version) if name == "version" else value) for name, value in typed_fields(request)]
    return resend(request, "409_edit.html", 409, sentence=error.sentence, typed=kept)


def too_large(request: HttpRequest) -> HttpResponse:
    return page(request, 413, back=own_page(request))


def too_many(request: HttpRequest) -> HttpResponse:
    return page(request, 429, back=own_page(request))


def busy_form(response: Any) -> Any:
    """A form whose file found no reader free: shown as it was typed, with another status and when to come back."""
    if response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY:
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def busy(request: HttpRequest) -> HttpResponse:
    """The same where no form says it: what was typed is offered again."""
    show = resend if list(typed_fields(request)) else page
    response = show(request, status=503, template="503_busy.html")
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def is_disk_full(error: BaseException | None) -> bool:
    """Tell whether a write failed because the disk, or our share of it, is full."""
    return isinstance(error, OSError) and error.errno in FULL


def disk_full(request: HttpRequest) -> HttpResponse:
    """The bytes found no room. What was typed beside the file is offered again, unless the form itself had no room."""
    if hasattr(request, "_post") and list(typed_fields(request)):
        return resend(request, "507.html", 507)
    return page(request, 507, back=own_page(request))


@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke; a database that is away, or that has no connection left, is worth another try soon."""
    error = sys.exc_info()[1]
    if is_disk_full(error):
        return disk_full(request)
    if isinstance(error, OperationalError | InterfaceError):
        response = page(request, 503, "unavailable.html")
        response["Retry-After"] = str(RETRY_SECONDS)
        return response
    return page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is too old (a sign-in happened since). What was typed here is offered again with a fresh key."""
    if not sent_by_us(request):
        return page(request, 403)
    return resend(request, "403_csrf.html", 403)


def no_key(request: HttpRequest) -> HttpResponse:
    """A post without idempotency key: nothing was done; what was typed is offered again with a key."""
    return resend(request, "400_key.html", 400)


def sent_already(request: HttpRequest, made: str) -> HttpResponse:
    """The page has acted before, with other words: these are kept, and wait for a yes. `made`: what the first made."""
    return resend(request, "409_sent.html", 409, made=made)


def instead_of_sign_in(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """A form sent after the sign-in expired is kept on a page instead of being lost in the redirect."""
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
    """A page that keeps the fields of the form and sends them again to the same address."""
    context = {"typed": list(typed_fields(request))} | context
    context |= {"csrf_token": get_token(request), "path": request.get_full_path()}
    return HttpResponse(
        render_to_string(template, {"request_id": request_id.get(), "back": own_page(request), **context}),
        status=status,
    )


def typed_fields(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """The fields of the form, secrets left out. Files cannot be offered again: the browser forbids it."""
    for name in request.POST:
        if name not in NEVER_SHOWN_AGAIN and "password" not in name:
            for value in request.POST.getlist(name):
                yield name.replace("\x00", ""), str(value).replace("\x00", "")


def sent_by_us(request: HttpRequest) -> bool:
    """True when the browser says that the form came from one of our own pages; in doubt, no."""
    if "Sec-Fetch-Site" in request.headers:
        return request.headers["Sec-Fetch-Site"] == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def own_page(request: HttpRequest) -> str:
    """The page of ours the reader came from, or the home page."""
    origin = urlsplit(request.headers.get("Referer", ""))
    if origin.netloc == request.get_host() and origin.path.startswith("/"):
        return origin.path + (f"?{origin.query}" if origin.query else "")
    return "/"
