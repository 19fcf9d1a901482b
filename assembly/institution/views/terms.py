"""The term a person works in, among those their roles reach."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from assembly.identity.http import UserRequest
from assembly.institution.context_processors import TERM_KEY
from assembly.institution.queries import current_terms


@require_POST
def term_choose(request: UserRequest) -> HttpResponse:
    """Remember the term chosen in the switcher, and go back to the page it was chosen from."""
    asked = request.POST.get("term", "")
    if asked not in {str(term.pk) for term in current_terms(request.user)}:
        raise Http404
    request.session[TERM_KEY] = int(asked)
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}):
        return redirect("portal:room")
    return redirect(back)
