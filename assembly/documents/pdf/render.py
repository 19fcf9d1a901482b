"""`render(source)`: the bytes of a PDF, made in a child process: exhausted memory ends only that process."""

import atexit
import contextlib
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path

from django.utils.translation import gettext as _

from assembly.documents.pdf import wire
from assembly.documents.pdf.source import RenderSource
from assembly.files import child_process
from assembly.files.slow_work import Busy, digest_of, run_ahead
from assembly.text import printable

WALL_SECONDS = 85
DOCUMENTS = 50
MAX_PAGE_BYTES = 4_000_000
HERE = Path(__file__).resolve().parent


class RenderFailed(Exception):
    """A document that could not be made; `sentence` is for its requester, `detail` for the log."""

    def __init__(self, code: str, detail: str = "") -> None:
        self.code = code
        self.detail = detail
        super().__init__(f"{code} {detail}".strip())

    @property
    def sentence(self) -> str:
        """Return the message to show."""
        sentences = {
            "refused": _("Ce document appelle une image ou une page extérieure : retirez-la, puis relancez."),
            "memory": _("Ce document demande trop de mémoire : raccourcissez-le ou coupez-le en deux."),
            "time": _("Ce document est trop long à mettre en page : raccourcissez-le ou coupez-le en deux."),
            "depth": _("Ce document contient trop de niveaux imbriqués : simplifiez sa mise en forme."),
            "size": _("Ce document est trop long : coupez-le en plusieurs parties."),
        }
        return sentences.get(self.code, _("La mise en page a échoué. L’équipe technique est prévenue."))


class RenderProcess:
    """One rendering process, started when first needed and again after a failure."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0
        self.served = 0

    def _start(self) -> "subprocess.Popen[bytes]":
        if self.process is not None and self.owner == os.getpid():
            if self.process.poll() is None and self.served < DOCUMENTS:
                self.served += 1
                return self.process
            self.stop()
        variables = {"FONTCONFIG_FILE": str(HERE / "fonts.conf"), "PYTHONHASHSEED": "0"}
        self.owner = os.getpid()
        self.served = 1
        self.process = subprocess.Popen(
            [sys.executable, "-W", "ignore:No fonts configured", "-m", "assembly.documents.pdf.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=child_process.environment() | variables,
            cwd=child_process.ROOT,
            process_group=0,  # A terminal's Ctrl-C goes to the parent alone, which closes the pipe.
        )
        return self.process

    def begin(self) -> None:
        """Start loading the engine and fonts in the child process, without waiting."""
        with self.lock:
            self._start()
            self.served -= 1

    def ask(self, message: bytes) -> bytes:
        """Send a source and return the reply; a child process that does not answer in time is replaced."""
        with self._reserved(), self._running() as process:
            assert process.stdin is not None  # noqa: S101 -- both pipes are opened by Popen
            assert process.stdout is not None  # noqa: S101 -- see above
            wire.send_message(process.stdin, message)
            ready, _writers, _errors = select.select([process.stdout], [], [], WALL_SECONDS)
            if not ready:
                raise RenderFailed("time", "no answer")
            return wire.receive_message(process.stdout)

    @contextlib.contextmanager
    def _reserved(self) -> "Iterator[None]":
        """Wait for the process, then for a slot among the working children; raises `slow_work.Busy`."""
        if not self.lock.acquire(timeout=child_process.PATIENCE):
            raise Busy
        try:
            with child_process.slot():
                yield
        finally:
            self.lock.release()

    @contextlib.contextmanager
    def _running(self) -> "Iterator[subprocess.Popen[bytes]]":
        process = self._start()
        try:
            yield process
        except (EOFError, OSError) as error:
            code = self.stop()
            raise RenderFailed(
                "time" if code == -signal.SIGXCPU else "memory", f"the render process died: {code}"
            ) from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> int:
        """End the process that this one started; return its exit code."""
        process, self.process = self.process, None
        if process is None or self.owner != os.getpid():
            return 0
        assert process.stdin is not None  # noqa: S101 -- the pipe is opened by Popen
        with contextlib.suppress(OSError):
            process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=0.5)
        process.kill()
        code = process.wait()
        if process.stdout is not None:
            process.stdout.close()
        return code


RENDER_PROCESS = RenderProcess()
atexit.register(RENDER_PROCESS.stop)


def checked(source: RenderSource) -> RenderSource:
    """Return the source with every character of its page printable; raises UnprintableText or RenderFailed."""
    if len(source.html.encode()) > MAX_PAGE_BYTES:
        raise RenderFailed("size")
    html = printable.clean_text(source.html)
    printable.check_text(unescape(html))
    title = printable.check_text(source.title)
    return RenderSource(**{**vars(source), "html": html, "title": title})


def render(source: RenderSource) -> bytes:
    """Make the PDF/A-3a + PDF/UA-1 file of a source: same source, same bytes.

    No database connection is held meanwhile (`slow_work`). Raises Busy when other children are at work.
    """
    message = wire.source_json(checked(source))
    reply = run_ahead(("render", digest_of(message)), partial(RENDER_PROCESS.ask, message))
    if reply[:1] == wire.DONE:
        return reply[1:]
    code, _space, detail = reply[1:].decode("utf-8", "replace").partition(" ")
    raise RenderFailed(code, detail)
