"""Sensitive acts ask who is there: a sign-in or a confirmation of less than ten minutes."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import suspend_request
from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from assembly.identity.http import UserRequest

type View = Callable[..., HttpResponse]


def is_recent(request: UserRequest) -> bool:
    """True when this session proved who is there within the last ten minutes. A demonstration asks for nothing."""
    if settings.DEMO:
        return True
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def recently_authenticated(view: View) -> View:
    """Decorate a sensitive view (visa, seal, roles): it asks a fresh proof, then goes on with what was asked.

    The proof is the password, the code generator or the passkey; a code by mail for those who have none of them.
    """

    @wraps(view)
    def asked(request: UserRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_recent(request):
            return view(request, *args, **kwargs)
        methods = get_adapter().get_reauthentication_methods(request.user)
        return suspend_request(request, methods[0]["url"] if methods else reverse("identity:confirm"))

    return asked
