"""The public home: what the assembly works on, said, was answered, and when it meets."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.institution.queries import active_term, main_assembly
from assembly.portal.registry import panels
from assembly.ui.page_cache import public_page


@require_safe
@login_not_required
@public_page
def home(request: HttpRequest) -> HttpResponse:
    assembly = main_assembly()
    term = active_term(assembly) if assembly else None
    shown = panels("public", None, term) if term else {}
    return render(request, "portal/home.html", {"assembly": assembly, "term": term, "panels": shown})
