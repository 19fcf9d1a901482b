"""Logs that an operator may store and pass on: one JSON line per event, a request id, no personal name."""

import json
import logging
import queue
import re
import threading
import time
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.conf import settings
from django.core import mail

request_id: ContextVar[str] = ContextVar("request_id", default="")

ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
SECRET_IN_PATH = re.compile(r"(?<=[/=])[A-Za-z0-9_:.%-]{24,}")
MAIL_EVERY_SECONDS = 300
MAILS_AT_MOST = 20
LAST_LETTERS_SECONDS = 5
REFUSALS = (401, 403, 404, 405, 409, 413, 429)


def without_persons(text: str) -> str:
    """Replace e-mail addresses and the long tokens of private links."""
    return SECRET_IN_PATH.sub("[jeton]", ADDRESS.sub("[adresse]", text))


def frames(error: BaseException, trace: TracebackType | None) -> list[str]:
    """Return the frames of a traceback without the values: exception messages often quote what people typed."""
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
    return [*lines, type(error).__name__]


class JsonFormatter(logging.Formatter):
    """Formatter that writes one JSON object per line; `extra={"facts": {…}}` adds the facts of the event."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": without_persons(record.getMessage()),
            "request_id": request_id.get(),
        }
        facts = getattr(record, "facts", None)
        if isinstance(facts, dict):
            line["facts"] = facts
        if record.exc_info and record.exc_info[1]:
            line["error"] = frames(record.exc_info[1], record.exc_info[2])
        return json.dumps(line, ensure_ascii=False, default=str)


class OnceFilter(logging.Filter):
    """Filter that drops Django's records of refusals, with address and trace: the middleware logs their routes."""

    def filter(self, record: logging.LogRecord) -> bool:
        return getattr(record, "status_code", None) not in REFUSALS


class AdministratorMailHandler(logging.Handler):
    """Handler that mails the administrators about an error, at most once in five minutes for the same cause.

    A thread sends the mail: a response never waits for the relay, however slow, and nothing is raised. The request,
    its form and the local variables are deliberately not in the message.
    """

    def __init__(self) -> None:
        super().__init__()
        self.last_sent: dict[str, float] = {}
        self.waiting: queue.Queue[tuple[str, str]] = queue.Queue(MAILS_AT_MOST)
        self.sender = threading.Thread(target=self._send_all)

    def emit(self, record: logging.LogRecord) -> None:
        if not settings.ADMINS:
            return
        error = record.exc_info[1] if record.exc_info else None
        where = (
            frames(error, record.exc_info[2]) if error and record.exc_info else [without_persons(record.getMessage())]
        )
        cause = "|".join(where[-2:])
        now = time.monotonic()
        if now - self.last_sent.get(cause, -MAIL_EVERY_SECONDS) < MAIL_EVERY_SECONDS:
            return
        self.last_sent = {name: at for name, at in self.last_sent.items() if now - at < MAIL_EVERY_SECONDS} | {
            cause: now
        }
        body = "\n".join([without_persons(record.getMessage()), f"Demande : {request_id.get() or '-'}", "", *where])
        self._hand_over(f"Erreur : {where[-1]}"[:200], body)

    def _hand_over(self, subject: str, body: str) -> None:
        """Queue the mail for the sending thread; a full queue drops it, since the log has every line anyway."""
        try:
            self.waiting.put_nowait((subject, body))
        except queue.Full:
            return
        if not self.sender.is_alive():  # never started, or lost in a fork
            self.sender = threading.Thread(target=self._send_all, name="administrators", daemon=True)
            self.sender.start()

    def _send_all(self) -> None:
        while True:
            subject, body = self.waiting.get()
            try:
                mail.send_mail(subject, body, settings.SERVER_EMAIL, settings.ADMINS)
            except Exception as failure:  # an error must not cause a second one when the relay is down
                logging.getLogger(__name__).warning("administrators not mailed: %s", type(failure).__name__)
            finally:
                self.waiting.task_done()

    def flush(self) -> None:
        """Wait up to five seconds for the queued mails; Python calls this when the process ends."""
        with self.waiting.all_tasks_done:
            self.waiting.all_tasks_done.wait_for(lambda: not self.waiting.unfinished_tasks, LAST_LETTERS_SECONDS)
