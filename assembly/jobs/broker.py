"""The Redis transport of kombu, whose worker does not end because of a message that cannot be read.

kombu lets the error of one malformed message end the process, and its supervisor ends with it. Such a message is
dropped and logged: every message of this product is a hint that a sweep makes up for.
"""

import logging
from queue import Empty
from typing import Any

from kombu.transport import redis

log = logging.getLogger(__name__)
# The exceptions that a message raises on its way to a task when it is no JSON, or JSON of another shape.
MALFORMED = (ValueError, TypeError, LookupError, AttributeError, RecursionError)


class JsonChannel(redis.Channel):
    """Channel that drops messages that are not JSON."""

    def _brpop_read(self, **options: Any) -> Any:
        untyped: Any = super()
        try:
            return untyped._brpop_read(**options)
        except MALFORMED as error:
            log_dropped("a queue", error)
            raise Empty from error


class JsonTransport(redis.Transport):
    """Transport that drops messages without the shape of a task."""

    Channel = JsonChannel

    def _deliver(self, message: Any, queue: str) -> None:
        untyped: Any = super()
        try:
            check_message(message)
            untyped._deliver(message, queue)
        except MALFORMED as error:
            log_dropped(queue, error)
            self._forget(message)

    def _forget(self, message: Any) -> None:
        """Reject the message, which would otherwise stay among the unacknowledged ones and come back for ever."""
        properties = message.get("properties") if isinstance(message, dict) else None
        tag = properties.get("delivery_tag") if isinstance(properties, dict) else None
        for channel in self.channels:
            if isinstance(tag, str) and tag in channel.qos._delivered:
                channel.basic_reject(tag, requeue=False)


def check_message(message: Any) -> None:
    """Raise one of MALFORMED for a message that would end the worker outside of the delivery."""
    if not isinstance(message["properties"]["delivery_tag"], str):
        raise TypeError("The tag of a message is a word.")
    for seconds in message["headers"].get("timelimit") or ():
        float(seconds or 0)


def log_dropped(queue: str, error: Exception) -> None:
    """Log that a message was dropped, without any of its content."""
    log.error("A message of %s cannot be read and is dropped: %s", queue, type(error).__name__)
