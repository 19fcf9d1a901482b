"""One-click sign-in by role, on a demonstration only."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from assembly.identity.second_factor import SEEN_KEY
from assembly.web.idempotency import repeatable
from demo.context import one_click_accounts


@repeatable("signing in twice is signing in")
@require_POST
@login_not_required
def sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as one of the demonstration's people, without any proof: they are all fictitious."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(one_click_accounts(), email=request.POST.get("email", ""))
    get_adapter().login(request, user)
    request.session[SEEN_KEY] = str(user.pk)
    return redirect("portal:area")
