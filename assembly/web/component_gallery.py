"""Gallery of the components: each one in all its states. Screens are built from these alone."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.web import specimens


@login_not_required
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/component_gallery.html", specimens.specimen_context())
