"""Pages that another site may show in a frame: a card without script, form, cookie or personal data."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csp import csp_override

# Nothing acts in a frame: no script, no form, and links open the site itself.
POLICY = {**settings.SECURE_CSP, "script-src": ["'none'"], "form-action": ["'none'"], "frame-ancestors": ["*"]}


def framed_page(view: Callable[..., HttpResponse]) -> Callable[..., Any]:
    """Let any site show the page of a view in a frame; every other page refuses it."""
    return xframe_options_exempt(csp_override(POLICY)(view))
