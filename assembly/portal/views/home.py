"""The public home: what the assembly works on, said, was answered, and when it meets."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.institution.context_processors import InstitutionContext
from assembly.portal.registry import panels
from assembly.ui.page_cache import public_page


@require_safe
@login_not_required
@public_page
def home(request: HttpRequest) -> HttpResponse:
    institution = InstitutionContext(request)
    term = institution.term
    shown = panels("public", None, term) if term else {}
    context = {"institution": institution, "assembly": institution.assembly, "term": term, "panels": shown}
    return render(request, "portal/home.html", context)
