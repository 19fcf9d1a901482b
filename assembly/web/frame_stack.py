"""Middleware that runs a request inside one chunk of CPython's frame stack.

CPython 3.11 to 3.14 gives Python frames memory in chunks of 16 KB: it maps a chunk when a call crosses the end of the
last one and unmaps it when that call returns. A page is computed some 60 calls deep: where its inner loop crosses the
end of a chunk, every call of the loop maps and unmaps, and the page costs up to 70 % more (python/cpython#142183,
fixed upstream by pull request 145789). Which page is hit changes with every call that is added above it.

A frame larger than a chunk gets a chunk of twice its size, rounded up to a power of two. `FrameStackMiddleware` calls
the next handler through such a frame, which leaves the other half of that chunk to the request.
"""

from django.http import HttpRequest, HttpResponse

from assembly.web.middleware import View

FRAME_SLOTS = 32 * 1024  # 256 KB of addresses, never touched, in a chunk of 512 KB: 255 KB remain for the request


def _call(view: View, request: HttpRequest) -> HttpResponse:
    return view(request)


_call.__code__ = _call.__code__.replace(co_stacksize=FRAME_SLOTS)


class FrameStackMiddleware:
    """First middleware of all: only frames of calls below it lie in the large chunk."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return _call(self.get_response, request)
