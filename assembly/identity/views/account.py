"""Views of « Mon compte »: the reader, their authenticators, their open sessions."""

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assembly.audit.actions import record
from assembly.identity.actions.accounts import end_sessions
from assembly.identity.http import UserRequest


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
