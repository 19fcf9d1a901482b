"""Standing of an account: suspended means out at once, and strong roles hold a second factor before anything else."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assembly.identity.checks import refuse_demo_in_production
from assembly.identity.standing import must_be_strong

SEEN_KEY = "second_factor"
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# What remains open to somebody who has still to enrol: the account pages themselves, and what pages are made of.
OPEN_PREFIXES = ("/compte/", "/static/", "/aide/", "/mentions-legales/", "/accessibilite/", "/donnees-personnelles/")
OPEN_PATHS = frozenset({"/", "/couleurs.css", "/logo.png", "/sante/"})


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this account holds a passkey or a code generator; a yes is remembered in the session."""
    pk = str(request.user.pk)
    if request.session.get(SEEN_KEY) == pk:
        return True
    found = Authenticator.objects.filter(user_id=request.user.pk, type__in=SECOND_FACTORS).exists()
    if found:
        request.session[SEEN_KEY] = pk
    return found


class AccountStandingMiddleware:
    """Runs after the sign-in check: no page of the house opens to an account that may not use it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        refuse_demo_in_production()
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if not user.is_active:
            logout(request)
            return redirect("account_login")
        path = request.path
        if path in OPEN_PATHS or path.startswith(OPEN_PREFIXES):
            return None
        if must_be_strong(user) and not has_second_factor(request):
            return redirect(reverse("identity:second-factor"))
        return None
