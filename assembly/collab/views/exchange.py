"""The exchange of frames with a text over HTTP, without a socket."""

from http import HTTPStatus
from uuid import UUID

from django.core.cache import cache
from django.http import HttpResponse, RawPostDataException
from django.views.decorators.http import require_POST

from assembly.collab.engine import exchange as engine
from assembly.collab.engine.admission import knows_schema
from assembly.collab.engine.varint import Malformed
from assembly.collab.queries.texts import readable_text_or_404
from assembly.identity.http import UserRequest
from assembly.web.idempotency import repeatable
from assembly.web.request_bodies import MEGABYTE, takes_up_to

A_MINUTE, MOST_A_MINUTE = 60, 240


@takes_up_to(5 * MEGABYTE)
@repeatable("frames are merged: the same edit twice is one")
@require_POST
def exchange(request: UserRequest, public_id: UUID) -> HttpResponse:
    """Take frames and return frames: 426 for an editor too old to write, 413 and 400 for a refused body."""
    text = readable_text_or_404(request.user, public_id)
    if exceeds_rate(request.user.pk):
        return HttpResponse(status=HTTPStatus.TOO_MANY_REQUESTS, headers={"Retry-After": "10"})
    try:
        received = engine.read_frames(request.body)
        if any(frame.carries_data for frame in received) and not knows_schema(request.META["QUERY_STRING"].encode()):
            return HttpResponse(status=HTTPStatus.UPGRADE_REQUIRED, headers={"Upgrade": "websocket"})
        body = engine.exchange_reply(text, request.user, received)
    except (Malformed, RawPostDataException):  # The second one: a form whose fields were read before its bytes.
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    except engine.TooLarge:
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return HttpResponse(body, content_type="application/octet-stream")


def exceeds_rate(user_id: int) -> bool:
    """Return whether one account, all its tabs together, sends more than four requests a second."""
    key = f"collab:exchange:{user_id}"
    cache.add(key, 0, A_MINUTE)
    try:
        return cache.incr(key) > MOST_A_MINUTE
    except ValueError:  # The key expired in between, or the cache is unreachable.
        return False
