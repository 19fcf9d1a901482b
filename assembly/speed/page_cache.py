"""Cache of public pages, which are the same for every visitor without a session: rendered once, stored for a minute.

A view opts in with `@public_page`. Nothing personal can be stored: a request with a session cookie bypasses the cache,
and a response that sets a cookie (hence every page with a form to protect, or a message) is not stored.
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
# One thread of the process renders a page anew, the others wait up to a second for it: without that a cache that fails
# (Redis frozen) sends every visitor to the database at once. Only addresses that were stored once have a lock.
RENDER_LOCKS: dict[str, Lock] = {}
LOCK_SECONDS = 1.0
# Pages of the last second, read before Redis: that read is half the cost of a cached page.
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
    """Middleware before sessions and messages: a cached page costs one read of the cache at most and no SQL."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not settings.PUBLIC_PAGE_SECONDS or not is_cacheable_request(request):
            return self.get_response(request)
        host, _port = split_domain_port(request.get_host())  # a client may send any port, and it changes no page
        key = f"page:{request.scheme}:{host}{request.path}"
        cached_page = get_cached_page(key)
        if cached_page is not None:
            return unpacked_page(request, cached_page)
        lock = RENDER_LOCKS.get(key)
        if lock is None or not lock.acquire(timeout=LOCK_SECONDS):
            return self.render(request, key)
        try:
            cached_page = get_cached_page(key)
            return self.render(request, key) if cached_page is None else unpacked_page(request, cached_page)
        finally:
            lock.release()

    def render(self, request: HttpRequest, key: str) -> HttpResponse:
        """Call the view, and store its response if it is the same for all visitors."""
        response = self.get_response(request)
        if not is_cacheable_response(response):
            return response
        packed = packed_page(response)
        cache.set(key, packed, settings.PUBLIC_PAGE_SECONDS - MEMORY_SECONDS)
        remember_page(key, packed)
        return unpacked_page(request, packed)


def get_cached_page(key: str) -> Page | None:
    """Return the page cached at this address: in this process for a second, in Redis for the rest of its minute."""
    until, page = REMEMBERED.get(key, (0, None))
    if monotonic() < until:
        return page
    if (cached_page := cache.get(key)) is not None:
        remember_page(key, cached_page)
    return cached_page


def remember_page(key: str, page: Page) -> None:
    if len(REMEMBERED) >= MEMORY_PAGES:
        REMEMBERED.clear()
    REMEMBERED[key] = (monotonic() + MEMORY_SECONDS, page)
    RENDER_LOCKS.setdefault(key, Lock())


def is_cacheable_request(request: HttpRequest) -> bool:
    """Return whether this is a plain read by a visitor without a session.

    Addresses with a query string are not cached: a client can invent any number of them.
    """
    return (
        request.method in {"GET", "HEAD"}
        and not request.META.get("QUERY_STRING")
        and settings.SESSION_COOKIE_NAME not in request.COOKIES
        and "HX-Request" not in request.headers
    )


def is_cacheable_response(response: HttpResponse) -> bool:
    return (
        getattr(response, OPT_IN, False)
        and response.status_code == 200
        and not response.streaming
        and not response.cookies
        and "no-store" not in response.headers.get("Cache-Control", "")
    )


def packed_page(response: HttpResponse) -> Page:
    """Return headers and body to store. The browser revalidates its copy: a signed-in reader gets another page."""
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    return dict(response.headers), response.content


def unpacked_page(request: HttpRequest, cached: Page) -> HttpResponse:
    """Return the cached page, or 304.

    A compressing proxy makes its ETag a weak one, which Django compares by the standard.
    """
    headers, content = cached
    response = HttpResponse(content, headers=headers)
    return get_conditional_response(request, etag=headers["ETag"], response=response) or response
