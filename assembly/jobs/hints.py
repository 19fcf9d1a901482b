"""Hints to a worker, sent at commit, that there is work. A hint may be lost: each sender has a sweep."""

import logging
import time
from functools import partial
from typing import Any

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

REST_SECONDS = 5.0
log = logging.getLogger(__name__)
down_until = 0.0


def send_at_commit(task: str, *arguments: Any) -> None:
    """Send the task after the commit; a broker that is down or silent costs a page two seconds in seven."""
    transaction.on_commit(partial(send_hint, task, *arguments), robust=True)


def send_hint(task: str, *arguments: Any) -> None:
    """Send the task now, without a second try; after a failure the broker gets nothing for REST_SECONDS."""
    global down_until
    if time.monotonic() < down_until:
        return
    try:
        current_app.send_task(task, args=arguments, retry=False)
    except OperationalError as error:
        down_until = time.monotonic() + REST_SECONDS
        log.warning("The broker is out of reach, tasks wait for their schedule: %s", type(error).__name__)
