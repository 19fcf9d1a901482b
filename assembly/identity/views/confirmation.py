"""« C’est bien vous ? » by a code sent by mail, for those who have neither password nor passkey."""

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core import ratelimit
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assembly.identity.forms import MailCodeForm
from assembly.identity.http import UserRequest
from assembly.ui.idempotency import repeatable

STATE_KEY = "confirmation"
MINUTES = 10
TRIES = 5


def send_code(request: UserRequest) -> bool:
    """Send a fresh code, unless too many were asked."""
    if not ratelimit.consume(request, action="request_login_code", key=f"confirm:{request.user.pk}"):
        return False
    adapter = get_adapter()
    code = adapter.generate_login_code()
    request.session[STATE_KEY] = {"digest": make_password(code), "at": time.time(), "tries": 0}
    adapter.send_mail("account/email/login_code", request.user.email, {"code": code, "confirming": True})
    return True


def is_right(request: UserRequest, code: str) -> bool:
    """Compare with the code sent; each try counts, and a right code serves once."""
    state: dict[str, Any] = request.session.get(STATE_KEY) or {}
    if not state or time.time() - state["at"] > MINUTES * 60 or state["tries"] >= TRIES:
        return False
    state["tries"] += 1
    request.session[STATE_KEY] = state
    if not check_password(code, state["digest"]):
        return False
    del request.session[STATE_KEY]
    return True


@repeatable("the state of the proof is in the session; the act that waits for it carries its own key")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: UserRequest) -> HttpResponse:
    """Ask for a code by mail, then go on with what was asked."""
    form = MailCodeForm(request.POST if "code" in request.POST else None)
    too_many = False
    if request.method == "POST" and "code" not in request.POST:
        too_many = not send_code(request)
    elif form.is_bound and form.is_valid():
        if is_right(request, form.cleaned_data["code"]):
            record_authentication(request, request.user, method="code", reauthenticated=True)
            return resume_request(request) or redirect("portal:room")
        form.add_error("code", _("Ce code n’est pas le bon, ou il a plus de dix minutes."))
    context = {
        "form": form,
        "sent": STATE_KEY in request.session,
        "too_many": too_many,
        "next": request.GET.get("next", ""),
    }
    return render(request, "identity/confirm.html", context)
