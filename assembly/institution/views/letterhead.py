"""Views of the assembly's colours, logo and web manifest, for pages and mails. Public, and cached by their content."""

import json
from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import conditional_page, require_safe

from assembly.institution import colours
from assembly.institution.models import Assembly
from assembly.institution.queries import main_assembly


def _answer(content: bytes, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["ETag"] = f'"{sha256(content).hexdigest()[:32]}"'
    patch_cache_control(response, public=True, max_age=300)
    return response


@require_safe
@login_not_required
@conditional_page
def colours_css(request: HttpRequest) -> HttpResponse:
    """Return the two colours of the settings as tokens of the light theme (the dark one has its own)."""
    assembly = main_assembly()
    main = assembly.colour_main if assembly else Assembly._meta.get_field("colour_main").default
    second = assembly.colour_second if assembly else Assembly._meta.get_field("colour_second").default
    return _answer(colours.stylesheet(main, second).encode(), "text/css; charset=utf-8")


@require_safe
@login_not_required
@conditional_page
def logo(request: HttpRequest) -> HttpResponse:
    """Return the logo of the settings; 404 while the site uses its own drawing."""
    row = Assembly.objects.order_by("pk").values_list("logo_png", flat=True).first()
    if not row:
        raise Http404
    return _answer(bytes(row), "image/png")


@require_safe
@login_not_required
@conditional_page
def web_manifest(request: HttpRequest) -> HttpResponse:
    """Return name and icons for the home screen of a telephone (W3C Web Application Manifest)."""
    assembly = main_assembly()
    name = assembly.name if assembly else "Hémicycle"
    icons = [
        {"src": static(f"dist/img/icon-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
        for size in (192, 512)
    ]
    facts = {
        "name": name,
        "short_name": name[:30],
        "lang": "fr",
        "start_url": reverse("portal:area"),
        "display": "browser",
        "icons": icons,
    }
    return _answer(json.dumps(facts, ensure_ascii=False).encode(), "application/manifest+json")
