"""Sensitive acts ask who is there: a proof of less than ten minutes, by the second factor where there is one."""

import re
import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from assembly.identity.http import UserRequest
from assembly.identity.suspended_request import send_on, suspend_request

type View = Callable[..., HttpResponse]

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
OF_SECOND_FACTOR = "mfa"  # allauth's word for a code generator, a passkey or a recovery code
READS = re.compile(r"\s*\(?\s*(SELECT|SAVEPOINT|RELEASE|ROLLBACK|SET|SHOW|DECLARE|FETCH|CLOSE)\b", re.IGNORECASE)


class ProofRequired(Exception):
    """A view that needs a fresh proof was about to write without one."""


def holds_second_factor(user: Any) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


def is_recent(request: UserRequest) -> bool:
    """True when this session proved who is there within the last ten minutes. A demonstration asks for nothing.

    Whoever holds a second factor proves by it: a password or a code by mail, however recent, is no proof then.
    """
    if settings.DEMO:
        return True
    since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    recent = [row for row in get_authentication_records(request, request.user) if row["at"] > since]
    return any(row["method"] == OF_SECOND_FACTOR for row in recent) or (
        bool(recent) and not holds_second_factor(request.user)
    )


def recently_authenticated(view: View) -> View:
    """Declare that a view, or a step given as one, needs a fresh proof.

    With a stale one the view runs as far as its first write, which is refused: so the question comes after 404, 403,
    409 and the mistakes of a form, and tells nothing to whoever may not act. Nothing was written then, nothing leaves,
    and the form is kept until the proof is given (`suspended_request`).
    """

    @wraps(view)
    def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_recent(request):
            return view(request, *args, **kwargs)
        try:
            with connection.execute_wrapper(refuse_writes):
                response = view(request, *args, **kwargs)
        except (ProofRequired, ReauthenticationRequired):
            return ask(request)
        return response if response.status_code >= 400 else ask(request)

    return asked


def recently_authenticated_to_write(view: View) -> View:
    """The same for a page that many only read, where a form stands below: the question comes when it is sent."""
    guarded = recently_authenticated(view)

    @wraps(view)
    def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return (guarded if request.method == "POST" else view)(request, *args, **kwargs)

    return asked


def refuse_writes(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Between the view and the database: raise ProofRequired at the first statement that is no read."""
    if not READS.match(str(sql)):
        raise ProofRequired
    return execute(sql, params, many, context)


def ask(request: UserRequest) -> HttpResponse:
    """To the question, by the first way this account has; a fragment's request moves the whole page there."""
    suspend_request(request)
    methods = get_adapter().get_reauthentication_methods(request.user)
    where = methods[0]["url"] if methods else reverse("identity:confirm")
    url = f"{where}?{urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})}"
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(status=204, headers={"HX-Redirect": url, "Location": url})
    return HttpResponseRedirect(url)


def ask_for_proof(view: View) -> View:
    """Wrap a page that asks for a proof: once it is right, what was asked goes on."""

    @wraps(view)
    def answered(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        is_right = request.method == "POST" and response.status_code == 302 and is_recent(request)
        return send_on(request, response) if is_right else response

    return answered
