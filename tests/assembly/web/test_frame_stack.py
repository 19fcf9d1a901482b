"""A page costs the same whatever its depth: page faults are counted, not time."""

import resource
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from assembly.web.middleware import FrameStackMiddleware

CALLS = 1000
DEPTHS = range(200)  # 200 calls cross several chunks

type View = Callable[[HttpRequest], HttpResponse]


def _leaf(a: int) -> int:
    return a


def _loop(request: HttpRequest) -> HttpResponse:
    for number in range(CALLS):
        _leaf(number)
    return HttpResponse()


def _nested(view: View, depth: int) -> View:
    """Return the view, called through that many frames."""

    def outer(request: HttpRequest) -> HttpResponse:
        return view(request)

    return _nested(outer, depth - 1) if depth else view


def _faults(view: View) -> int:
    """Return the page faults of this thread during one request; a newly mapped chunk causes at least one."""
    before = resource.getrusage(resource.RUSAGE_THREAD).ru_minflt
    view(HttpRequest())
    return resource.getrusage(resource.RUSAGE_THREAD).ru_minflt - before


def test_no_depth_maps_a_chunk_of_the_frame_stack_at_every_call() -> None:
    views = [FrameStackMiddleware(_nested(_loop, depth)) for depth in DEPTHS]
    assert max(_faults(view) for view in views) < CALLS / 10
    views_below = [_nested(FrameStackMiddleware(_loop), depth) for depth in DEPTHS]
    assert max(_faults(view) for view in views_below) < CALLS / 10


def test_without_the_middleware_some_depth_does() -> None:
    """Fails as soon as the interpreter has mended python/cpython#142183: then the middleware can go."""
    assert max(_faults(_nested(_loop, depth)) for depth in DEPTHS) > CALLS / 2
