"""View of the enrolment after the first sign-in, for roles that require a second factor; recovery codes."""

from typing import Any

from allauth.mfa.recovery_codes.views import download_recovery_codes
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.identity.middleware import has_second_factor
from assembly.identity.second_factor import needs_second_factor


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
