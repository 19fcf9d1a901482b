"""A mailbox that keeps everything, or a real mail server that behaves as asked."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assembly.config import env
from bench.sink import Sink


@pytest.fixture
def mailbox(settings) -> None:
    """Send into the table of /boite-mail/, as on a developer's machine."""
    settings.MAILERS = {"default": settings.LOCAL_MAILER, "bulk": settings.LOCAL_MAILER}


@pytest.fixture
def sink(settings, tmp_path: Path) -> Iterator[Callable[..., Sink]]:
    """Yield a factory: `sink(behave)` starts a mail server; `sink.log` has its log in the format of Postfix."""
    opened: list[Sink] = []

    def open_one(behave=None, *, timeout: int = 2) -> Sink:
        server = Sink(tmp_path / "mail.log", behave=behave)
        server.start()
        opened.append(server)
        line = env.mailer(f"smtp://127.0.0.1:{server.port}/?timeout={timeout}")
        settings.MAILERS = {"default": line, "bulk": line}
        settings.MAIL_RELAY_LOG = "assembly.notifications.relay_log.PostfixLog"
        settings.MAIL_RELAY_LOG_FILE = str(server.log)
        return server

    yield open_one
    for server in opened:
        if server.server is not None:
            server.stop()
