"""Views of the pages that the law requires, and of the glossary."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from assembly.portal.actions.backups import RETENTION
from assembly.portal.glossary import GLOSSARY
from assembly.speed.page_cache import public_page


@require_safe
@login_not_required
@public_page
def notice(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/legal_notice.html")


@require_safe
@login_not_required
@public_page
def personal_data(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/personal_data.html", {"retention_days": RETENTION.days})


@require_safe
@login_not_required
@public_page
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html")


@require_safe
@login_not_required
@public_page
def glossary(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/glossary.html", {"entries": GLOSSARY})
