"""The colours and the logo of the assembly, for every page and every mail. Public, and cached by their content."""

from hashlib import sha256

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
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
    """The two colours of the settings screen, as tokens of the light theme (the dark one keeps its own)."""
    assembly = main_assembly()
    main = assembly.colour_main if assembly else Assembly._meta.get_field("colour_main").default  # noqa: SLF001 -- documented API
    second = assembly.colour_second if assembly else Assembly._meta.get_field("colour_second").default  # noqa: SLF001 -- same
    return _answer(colours.stylesheet(main, second).encode(), "text/css; charset=utf-8")


@require_safe
@login_not_required
@conditional_page
def logo(request: HttpRequest) -> HttpResponse:
    """The logo given on the settings screen; 404 while the house uses its own drawing."""
    row = Assembly.objects.order_by("pk").values_list("logo_png", flat=True).first()
    if not row:
        raise Http404
    return _answer(bytes(row), "image/png")
