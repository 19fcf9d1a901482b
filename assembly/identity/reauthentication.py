"""Reauthentication before sensitive acts: a proof of less than ten minutes, by the second factor if there is one."""

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from assembly.identity.http import UserRequest
from assembly.identity.second_factor import SECOND_FACTOR_METHOD, holds_second_factor
from assembly.identity.suspended_request import resume_request, suspend_request

type View = Callable[..., HttpResponse]

READS = re.compile(r"\s*\(?\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE)


class ProofRequired(Exception):
    """Raised when a view that needs a fresh proof is about to write without one."""


def is_recent(request: UserRequest) -> bool:
    """Return whether this session was authenticated within the last ten minutes; always True in a demonstration.

    For an account with a second factor only that one counts: a password or a code by mail, however recent, does not.
    """
    if settings.DEMO:
        return True
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    recent = [row for row in get_authentication_records(request, request.user) if row["at"] > since]
    return any(row["method"] == SECOND_FACTOR_METHOD for row in recent) or (
        bool(recent) and not holds_second_factor(request.user)
    )


def recently_authenticated(view: View) -> View:
    """Declare that a view, or a step wrapped as one, needs a fresh proof.

    With a stale one the view runs up to its first write, which is refused: so the question comes after 404, 403, 409
    and the errors of a form, and reveals nothing to a person who may not act. Nothing is written or sent then, and the
    form is stored until the proof is given (`suspended_request`).
    """

    @wraps(view)
    def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_recent(request):
            return view(request, *args, **kwargs)
        try:
            with connection.execute_wrapper(refuse_writes):
                response = view(request, *args, **kwargs)
        except (ProofRequired, ReauthenticationRequired):
            return redirect_to_proof(request)
        return response if response.status_code >= 400 else redirect_to_proof(request)

    return asked


def recently_authenticated_to_write(view: View) -> View:
    """Declare the same for a page that many only read, with a form on it: the proof is needed when it is posted."""
    guarded = recently_authenticated(view)

    @wraps(view)
    def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (guarded if request.method == "POST" else view)(request, *args, **kwargs)

    return asked


def refuse_writes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Raise ProofRequired at the first statement that is no read, as a wrapper of the database's execution."""
    if not READS.match(str(sql)):
        raise ProofRequired
    return execute(sql, params, many, context)


def redirect_to_proof(request: UserRequest) -> HttpResponse:
    """Redirect to the reauthentication, by the first method of this account; HTMX moves the whole page there."""
    suspend_request(request)
    methods = get_adapter().get_reauthentication_methods(request.user)
    where = methods[0]["url"] if methods else reverse("identity:confirm")
    url = f"{where}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url, "Location": url})
    return HttpResponseRedirect(url)


def ask_for_proof(view: View) -> View:
    """Wrap a page that asks for a proof: after a right one, the suspended request is resumed."""

    @wraps(view)
    def answered(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        is_right = request.method == "POST" and response.status_code == 302 and is_recent(request)
        return resume_request(request, response) if is_right else response

    return answered
