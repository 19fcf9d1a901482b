"""Query whether the mail relay took a message, which makes a killed worker harmless.

`settings.MAIL_RELAY_LOG` names the class ("" for none: a person then decides about uncertain messages, which are never
sent again automatically).
"""

import enum
import re
import time
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.core.mail import mailers
from django.utils.module_loading import import_string

from assembly.notifications.models import DeliveryEvent, LocalMessage

MESSAGE_ID = re.compile(r" ([0-9A-Za-z]+): message-id=(<[^>]+>)")
TAKEN = re.compile(r" ([0-9A-Za-z]+): from=<[^>]*>, size=\d+, nrcpt=\d+ \(queue active\)")

KNOCK_SECONDS = 2.0
CLOCK_GRAIN = 0.05  # file times lag behind the clock by some milliseconds; in seconds


class RelayStatus(enum.Enum):
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"
    LATER = "later"  # the relay does not answer now: query it again, decide nothing


class RelayLog:
    """Log for an installation without one: every message is UNKNOWN."""

    def query_statuses(self, message_ids: Iterable[str]) -> dict[str, RelayStatus]:
        """Return for each message whether the relay took it."""
        return dict.fromkeys(message_ids, RelayStatus.UNKNOWN)


class LocalMailboxLog(RelayLog):
    """Log of the mailbox of a developer's machine: it is a table, so the answer is always known."""

    def query_statuses(self, message_ids: Iterable[str]) -> dict[str, RelayStatus]:
        asked = list(message_ids)
        taken = set(LocalMessage.objects.filter(message_id__in=asked).values_list("message_id", flat=True))
        return {name: RelayStatus.TAKEN if name in taken else RelayStatus.NOT_TAKEN for name in asked}


class ProviderEvents(RelayLog):
    """Log made of a provider's webhooks: an event proves that it took a message; a missing one proves nothing."""

    def query_statuses(self, message_ids: Iterable[str]) -> dict[str, RelayStatus]:
        asked = list(message_ids)
        events = DeliveryEvent.objects.filter(message_id__in=asked).values_list("message_id", flat=True)
        taken = set(events)
        return {name: RelayStatus.TAKEN if name in taken else RelayStatus.UNKNOWN for name in asked}


class PostfixLog(RelayLog):
    """Log of a Postfix on this machine (`MAIL_RELAY_LOG_FILE`), with its last rotation.

    « queue active » is written when the message is safe in the queue, before the answer 250 is read. A connection is
    opened first: Postfix logs each one, so a log without a new line is not the relay's, or is no longer written, and a
    missing message means nothing.
    """

    def query_statuses(self, message_ids: Iterable[str]) -> dict[str, RelayStatus]:
        asked = list(message_ids)
        path = Path(settings.MAIL_RELAY_LOG_FILE)
        before = time.time() - CLOCK_GRAIN
        try:
            with mailers["bulk"]:
                pass
        except OSError:
            return dict.fromkeys(asked, RelayStatus.LATER)
        if not was_written(path, before):
            return dict.fromkeys(asked, RelayStatus.UNKNOWN)
        taken = self._taken([path.with_name(path.name + ".1"), path], set(asked))
        return {name: RelayStatus.TAKEN if name in taken else RelayStatus.NOT_TAKEN for name in asked}

    def _taken(self, paths: list[Path], asked: set[str]) -> set[str]:
        queue: dict[str, str] = {}
        taken: set[str] = set()
        for path in paths:
            if not path.exists():
                continue
            with path.open(encoding="utf-8", errors="replace") as lines:
                for line in lines:
                    if (named := MESSAGE_ID.search(line)) and named[2] in asked:
                        queue[named[1]] = named[2]
                    elif (active := TAKEN.search(line)) and active[1] in queue:
                        taken.add(queue[active[1]])
        return taken


def was_written(path: Path, after: float) -> bool:
    """Return whether the log gets a line since that moment, within two seconds."""
    end = time.monotonic() + KNOCK_SECONDS
    while not (path.exists() and path.stat().st_mtime >= after):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def relay_log() -> RelayLog:
    """Return the log of the relay in use."""
    return import_string(settings.MAIL_RELAY_LOG)() if settings.MAIL_RELAY_LOG else RelayLog()
