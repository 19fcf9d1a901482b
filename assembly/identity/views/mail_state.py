"""View of the state of the mail relay, for the pages that wait for a code."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@login_not_required
@never_cache
def mail_state(request: HttpRequest) -> HttpResponse:
    """Return the fragment alone; it is the same for every address and reveals no account."""
    return render(request, "identity/_mail_state.html", {"poll": False})
