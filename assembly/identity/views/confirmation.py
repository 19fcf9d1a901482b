"""View of « C’est bien vous ? » by a code sent by mail, for those who have neither password nor passkey."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity import attempts
from assembly.identity.actions.attempts import TooManyAttempts, count_attempt, uncount_attempt
from assembly.identity.forms import MailCodeForm
from assembly.identity.http import UserRequest
from assembly.identity.reauthentication import ask_for_proof, holds_second_factor
from assembly.web.idempotency import repeatable
from assembly.web.versioned import attempt

STATE_KEY = "confirmation"
MINUTES = 10


def send_code(request: UserRequest) -> bool:
    """Send a new code and return True, or False when too many were requested."""
    try:
        count_attempt(attempts.mail_limits(request, "confirmation", request.user.email))
    except TooManyAttempts:
        return False
    adapter = get_adapter()
    code = adapter.generate_login_code()
    adapter.send_mail("account/email/login_code", request.user.email, {"code": code, "confirming": True})
    request.session[STATE_KEY] = {"digest": make_password(code), "at": time.time()}
    return True


def check_code(request: UserRequest, code: str) -> None:
    """Compare with the code sent; each attempt counts, and a right code is valid once. Raise ValidationError."""
    state: dict[str, Any] = request.session.get(STATE_KEY) or {}
    limits = attempts.guess_limits(request, "confirmation", request.user.email, state.get("digest", ""))
    count_attempt(limits)
    if not state or time.time() - state["at"] > MINUTES * 60 or not check_password(code, state["digest"]):
        raise ValidationError(_("Ce code n’est pas le bon, ou il a plus de dix minutes."))
    uncount_attempt(limits)
    del request.session[STATE_KEY]


@repeatable("the state of the proof is in the session; the act that waits for it carries its own key")
@require_http_methods(["GET", "HEAD", "POST"])
@ask_for_proof
def confirm(request: UserRequest) -> HttpResponse:
    """Ask for a code by mail, then resume the request; with a second factor redirect to that one."""
    if holds_second_factor(request.user):
        second_factor = get_adapter().get_reauthentication_methods(request.user)[0]
        return redirect(passthrough_next_redirect_url(request, second_factor["url"], REDIRECT_FIELD_NAME))
    form = MailCodeForm(request.POST if "code" in request.POST else None)
    too_many = request.method == "POST" and not form.is_bound and not send_code(request)
    tried = attempt(form, lambda version: check_code(request, form.cleaned_data["code"]), field="code")
    if tried.is_saved:
        record_authentication(request, request.user, method="code", reauthenticated=True)
        return redirect(get_next_redirect_url(request) or "portal:area")
    context = {
        "form": form,
        "sent": STATE_KEY in request.session,
        "too_many": too_many,
        "next": request.GET.get("next", ""),
    }
    return render(request, "identity/confirm.html", context, status=tried.status)
