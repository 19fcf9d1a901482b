"""The step between the first sign-in and the house, for those whose role asks a second factor."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from assembly.identity.http import UserRequest
from assembly.identity.middleware import has_second_factor
from assembly.identity.standing import must_be_strong


@require_safe
def second_factor(request: UserRequest) -> HttpResponse:
    """Say why a second factor is asked, and offer the two ways."""
    if not must_be_strong(request.user) or has_second_factor(request.user, request.session):
        return redirect("portal:room")
    return render(request, "identity/second_factor.html")
