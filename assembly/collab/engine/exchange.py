"""The same frames by ordinary requests, where no socket opens: the same checks, the same way into the log.

A body is frames, each with its length before it. The response holds the server's status, the data that each step 1
needs, how many of the messages with data are settled, and the server's own step 1, so that the next request sends what
the server is missing.
"""

from collections.abc import Sequence
from typing import Any

from assembly.collab import rules
from assembly.collab.engine import change_signal, frames, storage
from assembly.collab.engine.copy import TextCopyCache
from assembly.collab.engine.editing_session import MOST_FRAME_BYTES
from assembly.collab.engine.frames import Frame, Malformed
from assembly.collab.engine.storage import PendingUpdate, UpdateSource
from assembly.collab.models import SharedText, TextRight

MOST_FRAMES = 200


class TooLarge(Exception):
    """More than one request may hold."""


def read_frames(body: bytes) -> list[Frame]:
    """Return the frames of a request; raises Malformed or TooLarge."""
    if len(body) > MOST_FRAME_BYTES:
        raise TooLarge
    return [frames.parse(data) for data in frames.split(body, MOST_FRAMES)]


def exchange_reply(text: SharedText, user: Any, received: Sequence[Frame]) -> bytes:
    """Store what may be stored and return the reply; raises Malformed when an update is not one."""
    source = UpdateSource()
    entries = [
        PendingUpdate(
            text.pk, user.pk, frame.body, source, storage.check_update(frame.body), frame.step == frames.STEP_2
        )
        for frame in received
        if frame.carries_data
    ]
    copies = TextCopyCache()
    stored = storage.store_updates(entries, copies) if entries else {}
    if any(entry.refused == storage.MALFORMED for entry in entries):
        raise Malformed("an update that the engine refuses")
    if any(outcome.entries for outcome in stored.values()):
        change_signal.notify_now(text.pk)
    text.refresh_from_db(fields=["state"])
    copy = copies[text.pk]
    outcome = [text_status(text, user, next((entry.refused for entry in reversed(entries) if entry.refused), ""))]
    outcome += [frames.step_2(copy.missing(frame.body)) for frame in received if _asks(frame)]
    if settled := [order for order, entry in enumerate(entries, 1) if not entry.refused]:
        outcome.append(frames.ack(settled[-1]))
    return frames.http_body([*outcome, frames.step_1(copy.doc.get_state())])


def _asks(frame: Frame) -> bool:
    return frame.kind == frames.SYNC and frame.step == frames.STEP_1


def text_status(text: SharedText, user: Any, rejected: str) -> bytes:
    """Return the frame with the person's current right and the reason of a refusal."""
    right = rules.right(user, text)
    facts = {"rejected": rejected} if rejected else {}
    return frames.status_frame(
        writable=right >= TextRight.SUGGEST, state=text.state, role=TextRight(right).name.lower(), **facts
    )
