"""Middleware of accounts: a suspended one is signed out at once, and strong roles need a second factor first."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assembly.identity import attempts, sending
from assembly.identity.checks import refuse_demo_in_production
from assembly.identity.second_factor import may_use_site
from assembly.speed.after_response import run_after_response

# Addresses open to a user who has no second factor yet: the account pages themselves, and assets of pages.
OPEN_PREFIXES = ("/compte/", "/static/", "/aide/", "/mentions-legales/", "/accessibilite/", "/donnees-personnelles/")
OPEN_PATHS = frozenset({"/", "/couleurs.css", "/logo.png", "/sante/"})


class SendAfterResponseMiddleware:
    """Middleware that sends the mails of a view after its response was sent; an error response (5xx) sends none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        mails = sending.pending(request)
        if mails and response.status_code < 500:
            run_after_response(response, partial(sending.hand_all_to_relay, mails))
        return response


class AccountStandingMiddleware:
    """Middleware after the sign-in check: an account that may not use the site gets none of its pages.

    A device from which somebody has just signed in gets its cookie (`remember_device`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        refuse_demo_in_production()
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if email := getattr(request, "signed_in_email", ""):
            attempts.remember_device(request, response, email)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if not user.is_active:
            logout(request)
            return redirect("account_login")
        request.user = get_user(request)  # the account itself: Django's lazy object adds a call to each attribute
        path = request.path
        if path in OPEN_PATHS or path.startswith(OPEN_PREFIXES):
            return None
        if not may_use_site(user, request.session):
            return redirect(reverse("identity:second-factor"))
        return None
