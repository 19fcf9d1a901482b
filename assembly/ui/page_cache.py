"""Public pages are the same for every visitor without a session: made once, kept for a minute, given to all.

A view says `@public_page`. Nothing personal can be kept: a request with a session cookie never meets the cache, and an
answer that sets a cookie (hence every page with a form to protect, or a message) is not kept.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from threading import Lock
from time import monotonic

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.utils.cache import get_conditional_response

type View = Callable[..., HttpResponse]
type Page = tuple[dict[str, str], bytes]

OPT_IN = "assembly_public_page"
# One thread of the process makes a page anew, the others wait a moment for it: without that a cache that goes away
# (Redis frozen) sends every visitor to the database at once. Only addresses that were kept once have a lock.
MAKERS: dict[str, Lock] = {}
MAKER_SECONDS = 1.0
# What this process showed a moment ago, before Redis is asked: half of what a kept page costs is that question.
MEMORY_SECONDS = 1
MEMORY_PAGES = 256
REMEMBERED: dict[str, tuple[float, Page]] = {}


def public_page(view: View) -> View:
    """Mark a view whose page depends on its address alone for visitors who are not signed in."""

    @wraps(view)
    def marked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        setattr(response, OPT_IN, True)
        return response

    return marked


class PublicPageMiddleware:
    """Stands before sessions and messages, so that a kept page costs one question to the cache at most and no SQL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PUBLIC_PAGE_SECONDS or not may_share(request):
            return self.get_response(request)
        host, _port = split_domain_port(request.get_host())  # anybody writes any port, and it changes no page
        key = f"page:{request.scheme}:{host}{request.path}"
        kept = recalled_page(key)
        if kept is not None:
            return unpacked_page(request, kept)
        maker = MAKERS.get(key)
        if maker is None or not maker.acquire(timeout=MAKER_SECONDS):
            return self.make(request, key)
        try:
            kept = recalled_page(key)
            return self.make(request, key) if kept is None else unpacked_page(request, kept)
        finally:
            maker.release()

    def make(self, request: HttpRequest, key: str) -> HttpResponse:
        """Let the view answer, and keep the page when it is for all."""
        response = self.get_response(request)
        if not is_for_all(response):
            return response
        kept = packed_page(response)
        cache.set(key, kept, settings.PUBLIC_PAGE_SECONDS - MEMORY_SECONDS)
        remember_page(key, kept)
        return unpacked_page(request, kept)


def recalled_page(key: str) -> Page | None:
    """The page that is kept at this address: by this process for a second, by Redis for the rest of its minute."""
    until, page = REMEMBERED.get(key, (0, None))
    if monotonic() < until:
        return page
    if (kept := cache.get(key)) is not None:
        remember_page(key, kept)
    return kept


def remember_page(key: str, page: Page) -> None:
    if len(REMEMBERED) >= MEMORY_PAGES:
        REMEMBERED.clear()
    REMEMBERED[key] = (monotonic() + MEMORY_SECONDS, page)
    MAKERS.setdefault(key, Lock())


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
    """A proxy that compresses makes the mark of the page a weak one: Django compares them as the standard wants."""
    headers, content = kept
    response = HttpResponse(content, headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response) or response
