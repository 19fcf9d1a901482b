"""Asking whoever takes our mail whether it took this message: what makes a killed worker harmless.

`settings.MAIL_RELAY_LOG` names the class ("" for none: what is uncertain then waits for a person, and is never sent
again by itself).
"""

import enum
import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.module_loading import import_string

from assembly.notifications.models import DeliveryEvent, LocalMessage

MESSAGE_ID = re.compile(r" ([0-9A-Za-z]+): message-id=(<[^>]+>)")
TAKEN = re.compile(r" ([0-9A-Za-z]+): from=<[^>]*>, size=\d+, nrcpt=\d+ \(queue active\)")


class Answer(enum.Enum):
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    UNKNOWN = "unknown"


class RelayLog:
    """The log of nobody: it knows nothing."""

    def ask(self, message_ids: Iterable[str], since: datetime) -> dict[str, Answer]:
        """Say of each message whether the relay took it after `since`, when the oldest of them was claimed."""
        return dict.fromkeys(message_ids, Answer.UNKNOWN)


class LocalMailboxLog(RelayLog):
    """The mailbox of a developer's machine is a table: it always knows."""

    def ask(self, message_ids: Iterable[str], since: datetime) -> dict[str, Answer]:
        asked = list(message_ids)
        found = set(LocalMessage.objects.filter(message_id__in=asked).values_list("message_id", flat=True))
        return {name: Answer.TAKEN if name in found else Answer.NOT_TAKEN for name in asked}


class ProviderEvents(RelayLog):
    """A provider's webhooks prove that it took a message; their silence proves nothing."""

    def ask(self, message_ids: Iterable[str], since: datetime) -> dict[str, Answer]:
        asked = list(message_ids)
        told = DeliveryEvent.objects.filter(message_id__in=asked).values_list("message_id", flat=True)
        found = set(told)
        return {name: Answer.TAKEN if name in found else Answer.UNKNOWN for name in asked}


class PostfixLog(RelayLog):
    """The log of a Postfix on this machine (`MAIL_RELAY_LOG_FILE`), with its last rotation.

    « queue active » is written once the message is safe in the queue, hence after the answer 250. A log that was not
    written to since the message was claimed says nothing about it.
    """

    def ask(self, message_ids: Iterable[str], since: datetime) -> dict[str, Answer]:
        asked = list(message_ids)
        path = Path(settings.MAIL_RELAY_LOG_FILE)
        if not path.exists() or path.stat().st_mtime < since.timestamp():
            return dict.fromkeys(asked, Answer.UNKNOWN)
        taken = self._taken([path.with_name(path.name + ".1"), path], set(asked))
        return {name: Answer.TAKEN if name in taken else Answer.NOT_TAKEN for name in asked}

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


def relay_log() -> RelayLog:
    """Return the log of the relay in use."""
    return import_string(settings.MAIL_RELAY_LOG)() if settings.MAIL_RELAY_LOG else RelayLog()
