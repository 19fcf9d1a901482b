"""Standing of an account: suspended means out at once, and strong roles hold a second factor before anything else."""

from collections.abc import Callable, MutableMapping
from functools import partial
from typing import Any

from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from assembly.identity import devices, sending
from assembly.identity.checks import refuse_demo_in_production
from assembly.identity.reauthentication import holds_second_factor
from assembly.identity.strong_sign_in import must_be_strong
from assembly.ui.after_answer import run_after_answer

SEEN_KEY = "second_factor"
# What remains open to somebody who has still to enrol: the account pages themselves, and what pages are made of.
OPEN_PREFIXES = ("/compte/", "/static/", "/aide/", "/mentions-legales/", "/accessibilite/", "/donnees-personnelles/")
OPEN_PATHS = frozenset({"/", "/couleurs.css", "/logo.png", "/sante/"})


def has_second_factor(user: Any, session: MutableMapping[str, Any]) -> bool:
    """Whether this account holds a passkey or a code generator; a yes is remembered in the session."""
    pk = str(user.pk)
    if session.get(SEEN_KEY) == pk:
        return True
    found = holds_second_factor(user)
    if found:
        session[SEEN_KEY] = pk
    return found


def may_use_site(user: Any, session: MutableMapping[str, Any]) -> bool:
    """Whether an account that is signed in may go further than its own pages; sockets ask it too."""
    return user.is_active and (not must_be_strong(user) or has_second_factor(user, session))


class SendAfterResponseMiddleware:
    """Hand the mails of a view to the relay once its answer has left; an answer that is an error sends none."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        mails = sending.pending(request)
        if mails and response.status_code < 500:
            run_after_answer(response, partial(sending.hand_all_to_relay, mails))
        return response


class AccountStandingMiddleware:
    """Runs after the sign-in check: no page of the house opens to an account that may not use it.

    A device from which somebody has just signed in gets its cookie (`devices.py`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        refuse_demo_in_production()
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if email := getattr(request, "came_in", ""):
            devices.remember(request, response, email)
        return response

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        user = request.user
        if not user.is_authenticated:
            return None
        if not user.is_active:
            logout(request)
            return redirect("account_login")
        request.user = get_user(request)  # the account itself: Django's lazy one adds a call to each of its attributes
        path = request.path
        if path in OPEN_PATHS or path.startswith(OPEN_PREFIXES):
            return None
        if not may_use_site(user, request.session):
            return redirect(reverse("identity:second-factor"))
        return None
