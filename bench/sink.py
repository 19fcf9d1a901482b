"""A mail server that accepts everything, or misbehaves on demand, and writes a log as Postfix does.

`python bench/sink.py PORT LOG` runs it alone; tests use `Sink` in their own process.
"""

import asyncio
import socket
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

PAUSE = 0.004  # before and after acceptance: a sender killed in this window cannot learn the outcome


class Handler:
    """Handler of messages; `behave(envelope)` may name another response for one: see `Sink`."""

    def __init__(self, log: Path, behave: Callable[[Envelope], str] | None = None) -> None:
        self.log = log
        self.behave = behave
        self.taken = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        behaviour = self.behave(envelope) if self.behave else "take"
        return {"refuse": "550 5.1.1 Unknown user", "later": "451 4.3.0 Try again later"}.get(behaviour, "250 OK")

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        behaviour = self.behave(envelope) if self.behave else "take"
        if behaviour == "hang":
            await asyncio.sleep(3600)
        if behaviour == "drop":
            server.transport.abort()
            return ""
        await asyncio.sleep(PAUSE)
        self.note(envelope)
        if behaviour == "take and drop":
            server.transport.abort()
            return ""
        await asyncio.sleep(PAUSE)
        if behaviour == "take and close":
            asyncio.get_running_loop().call_later(0.01, server.transport.close)
        return "250 OK"

    def note(self, envelope: Envelope) -> None:
        """Write what Postfix writes once a message is safe in its queue."""
        self.taken += 1
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        name = message_from_bytes(content)["Message-ID"]
        queue_id, size = f"Q{self.taken:08X}", len(content)
        self.write(
            f"postfix/cleanup[1]: {queue_id}: message-id={name}",
            f"postfix/qmgr[1]: {queue_id}: from=<{envelope.mail_from}>, size={size}, nrcpt=1 (queue active)",
        )

    def write(self, *lines: str) -> None:
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime())
        with self.log.open("a", encoding="utf-8") as log:
            log.writelines(f"{at} sink {line}\n" for line in lines)


class Line(SMTP):
    """One connection, logged as Postfix does."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.write("postfix/smtpd[1]: connect from localhost[127.0.0.1]")
        super().connection_made(transport)


class Sink(Controller):
    """Server in a thread. `behave`: take (default), refuse, later, hang, drop, take and drop, take and close."""

    def __init__(
        self, log: Path, *, port: int = 0, behave: Callable[[Envelope], str] | None = None, **options: Any
    ) -> None:
        log.touch()
        super().__init__(Handler(log, behave), hostname="127.0.0.1", port=port or free_port(), **options)
        self.log = log

    def factory(self) -> SMTP:
        return Line(self.handler, **self.SMTP_kwargs)


def free_port() -> int:
    """Ask the system for a port that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepted(log: Path) -> Counter[str]:
    """Count how many times the sink accepted each Message-ID."""
    marker = "message-id="
    lines = log.read_text(encoding="utf-8").splitlines()
    return Counter(line.partition(marker)[2] for line in lines if marker in line)


def accepted_at(log: Path) -> dict[str, datetime]:
    """Return when the sink accepted each Message-ID last."""
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if "message-id=" in line]
    return {line.partition("message-id=")[2]: datetime.fromisoformat(line.partition(" ")[0]) for line in lines}


def main(port: int, log: Path) -> None:
    sink = Sink(log, port=port)
    sink.start()
    print("ready", flush=True)
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
