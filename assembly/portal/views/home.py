"""View of the public home: what the assembly works on, adopted and was answered, and when it meets."""

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from assembly.fragments.cache import fragment, row_values
from assembly.institution.context_processors import InstitutionContext
from assembly.institution.models import Assembly
from assembly.institution.queries import active_term
from assembly.portal.registry import page_widgets
from assembly.speed.page_cache import public_page


@require_safe
@login_not_required
@public_page
def home(request: HttpRequest) -> HttpResponse:
    institution = InstitutionContext(request)
    assembly = institution.assembly
    content = fragment(
        ("public-home", row_values(assembly)), lambda: render_to_string("portal/_home.html", _content(assembly))
    )
    return render(request, "portal/home.html", {"content": content, "institution": institution})


def _content(assembly: Assembly | None) -> dict[str, Any]:
    """Return the context, which is cached for every reader: nothing else of the request may be used here."""
    term = active_term(assembly) if assembly else None
    return {"assembly": assembly, "term": term, "widgets": page_widgets("public", None, term) if term else {}}
