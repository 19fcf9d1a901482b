"""Views of sign-in, second factor, « C’est bien vous ? », « Mon compte », « Mes données », expired personal links."""

import json
import time
from http import HTTPStatus
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.account.views import ConfirmLoginCodeView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import download_recovery_codes
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity import actions, attempts
from assembly.identity.actions import end_sessions
from assembly.identity.attempts import TooManyAttempts, count_attempt, uncount_attempt
from assembly.identity.forms import ErasureForm, MailCodeForm
from assembly.identity.http import UserRequest, ask_for_proof, recently_authenticated
from assembly.identity.models import ErasureRequest, Person, User
from assembly.identity.queries import stored_about
from assembly.identity.second_factor import has_second_factor, holds_second_factor, needs_second_factor
from assembly.identity.workflow import ERASURE
from assembly.web.idempotency import repeatable
from assembly.web.pages import form_page
from assembly.web.versioned import attempt


class CountedLoginCodeView(ConfirmLoginCodeView):
    def get_form_kwargs(self) -> dict[str, Any]:
        kwargs = super().get_form_kwargs()
        if self._process.user is None:
            User.objects.filter(pk=0).first()  # allauth has read the account of a known address: equal time for both
        return kwargs if self._action == "resend" else {**kwargs, "challenge": self._process.state}

    def _resend_form_valid(self, form: Any) -> HttpResponse:
        """Send another mail to the same address, under the same limits, known or unknown."""
        try:
            count_attempt(attempts.mail_limits(self.request, "login-code", self._process.state["email"]))
        except TooManyAttempts as refused:
            messages.error(self.request, refused.message)
            return redirect(self.request.get_full_path())
        return super()._resend_form_valid(form)


confirm_login_code = CountedLoginCodeView.as_view()


@require_safe
def second_factor(request: UserRequest) -> HttpResponse:
    """Explain why a second factor is required, and offer the two kinds."""
    if not needs_second_factor(request.user) or has_second_factor(request.user, request.session):
        return redirect("portal:area")
    return render(request, "identity/second_factor.html")


def recovery_codes_file(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """Return allauth's file of recovery codes, under a French name."""
    response = download_recovery_codes(request, *args, **kwargs)
    if "Content-Disposition" in response:
        response["Content-Disposition"] = 'attachment; filename="codes-de-secours.txt"'
    return response


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


@require_safe
@login_not_required
@never_cache
def mail_state(request: HttpRequest) -> HttpResponse:
    """Return the fragment alone; it is the same for every address and reveals no account."""
    return render(request, "identity/_mail_state.html", {"poll": False})


@require_safe
def account(request: UserRequest) -> HttpResponse:
    """Show everything that protects the account on one page."""
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    context = {
        "has_passkey": Authenticator.Type.WEBAUTHN in kinds,
        "has_totp": Authenticator.Type.TOTP in kinds,
        "has_recovery_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "has_password": request.user.has_usable_password(),
        "sessions": UserSession.objects.filter(user=request.user).order_by("-created_at"),
        "session_key": request.session.session_key,
    }
    return render(request, "identity/account.html", context)


@require_POST
@transaction.atomic
def sign_out_everywhere(request: UserRequest) -> HttpResponse:
    """Close every other session of this account; the present one stays open."""
    end_sessions(request.user, current_key=request.session.session_key)
    record("account.signed_out_everywhere", request.user, by=request.user)
    messages.success(request, _("Vos autres sessions sont fermées."))
    return redirect("identity:account")


@require_safe
def my_data(request: UserRequest) -> HttpResponse:
    return render(request, "identity/my_data.html", {"form": ErasureForm(), **_data_context(request.user.person)})


def _data_context(person: Person) -> dict[str, Any]:
    return {"kinds": stored_about(person), "asked": ErasureRequest.objects.filter(person=person).first()}


@repeatable("a reading: it makes nothing but its line in the journal")
@require_POST
@recently_authenticated
@transaction.atomic
def my_data_export(request: UserRequest) -> HttpResponse:
    """Export everything as one JSON file."""
    body = json.dumps(actions.export(request.user.person), ensure_ascii=False, indent=2)
    record("personal_data.exported", request.user.person, by=request.user)
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="mes-donnees-{timezone.localdate():%Y-%m-%d}.json"'
    return response


@require_POST
@recently_authenticated
def erasure_ask(request: UserRequest) -> HttpResponse:
    person = request.user.person
    return form_page(
        request,
        ErasureForm(request.POST),
        lambda data: actions.ask_erasure(person, by=request.user, **data),
        template="identity/my_data.html",
        context=lambda: _data_context(person),
        success_message=_("Votre demande est notée. Vous aurez une réponse dans le mois."),
        to=reverse("identity:my-data"),
    )


@require_POST
def erasure_withdraw(request: UserRequest, pk: int) -> HttpResponse:
    asked = get_object_or_404(ErasureRequest.objects.filter(person=request.user.person), pk=pk)
    ERASURE.transition(asked, "withdraw", by=request.user)
    messages.success(request, _("Votre demande est retirée."))
    return redirect("identity:my-data")


def ended_page(request: HttpRequest, renew_url: str, *, is_sent: bool = False) -> HttpResponse:
    """Offer a new link at `renew_url`, or name the contact without one. `is_sent`: the link was requested."""
    context = {"renew_url": renew_url, "is_sent": is_sent}
    status = HTTPStatus.OK if is_sent else HTTPStatus.GONE
    return render(request, "identity/link_ended.html", context, status=status)
