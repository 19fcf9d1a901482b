"""Public pages are the same for every visitor without a session: made once, kept for a minute, given to all.

A view says `@public_page`. Nothing personal can be kept: a request with a session cookie never meets the cache, and an
answer that sets a cookie (hence every page with a form to protect, or a message) is not kept.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from threading import Lock

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified

type View = Callable[..., HttpResponse]
type Page = tuple[dict[str, str], bytes]

OPT_IN = "assembly_public_page"
# One thread of the process makes a page anew, the others wait a moment for it: without that a cache that goes away
# (Redis frozen) sends every visitor to the database at once. Only addresses that were kept once have a lock.
MAKERS: dict[str, Lock] = {}
MAKER_SECONDS = 1.0


def public_page(view: View) -> View:
    """Mark a view whose page depends on its address alone for visitors who are not signed in."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        setattr(response, OPT_IN, True)
        return response

    return marked


class PublicPageMiddleware:
    """Stands before sessions and messages, so that a kept page costs one question to the cache and no SQL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PUBLIC_PAGE_SECONDS or not may_share(request):
            return self.get_response(request)
        key = f"page:{request.scheme}:{request.get_host()}{request.path}"
        kept = cache.get(key)
        if kept is not None:
            MAKERS.setdefault(key, Lock())
            return unpacked_page(request, kept)
        maker = MAKERS.get(key)
        if maker is None or not maker.acquire(timeout=MAKER_SECONDS):
            return self.make(request, key)
        try:
            kept = cache.get(key)
            return self.make(request, key) if kept is None else unpacked_page(request, kept)
        finally:
            maker.release()

    def make(self, request: HttpRequest, key: str) -> HttpResponse:
        """Let the view answer, and keep the page when it is for all."""
        response = self.get_response(request)
        if not is_for_all(response):
            return response
        kept = packed_page(response)
        cache.set(key, kept, settings.PUBLIC_PAGE_SECONDS)
        MAKERS.setdefault(key, Lock())
        return unpacked_page(request, kept)


def may_share(request: HttpRequest) -> bool:
    """Plain reads by visitors without a session. Addresses with a question are not kept: anybody can invent them."""
    return (
        request.method in {"GET", "HEAD"}
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "HX-Request" not in request.headers
    )


def is_for_all(response: HttpResponse) -> bool:
    return (
        getattr(response, OPT_IN, False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.headers.get("Cache-Control", "")
    )


def packed_page(response: HttpResponse) -> Page:
    """Headers and body. The browser may keep it too, but asks each time: signed in, one sees another page."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return dict(response.headers), response.content


def unpacked_page(request: HttpRequest, kept: Page) -> HttpResponse:
    headers, content = kept
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return HttpResponseNotModified(headers={name: headers[name] for name in ("ETag", "Cache-Control")})
    return HttpResponse(content, headers=headers)
