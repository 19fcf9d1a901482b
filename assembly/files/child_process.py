"""Child processes that open untrusted files: no settings, no secret; their memory and processor time are capped.

The children import this module themselves, so it imports nothing of Django at its top.
"""

import os
import resource
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

AT_ONCE = 2  # in each web process; a third one blocks
PATIENCE = 20.0
SLOTS = threading.BoundedSemaphore(AT_ONCE)
ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")


def environment() -> dict[str, str]:
    """Return the environment of a child: where programs and our own modules are, the language, the time zone."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)}


@contextmanager
def slot() -> Iterator[None]:
    """Hold one of the slots for a running child; raise `slow_work.Busy` when none is free within PATIENCE seconds."""
    from assembly.files.slow_work import Busy  # noqa: PLC0415 -- children import this module without Django

    if not SLOTS.acquire(timeout=PATIENCE):
        raise Busy
    try:
        yield
    finally:
        SLOTS.release()


def run_module(module: str, *args: str, content: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """Run `python -m module` with `content` on its standard input; raise TimeoutExpired, which carries its output.

    No database connection is held meanwhile (`slow_work`). Raise Busy when other children take all slots.
    """
    from assembly.files.slow_work import digest_of, run_ahead  # noqa: PLC0415 -- see `slot`

    def run() -> subprocess.CompletedProcess[bytes]:
        with slot():
            return subprocess.run(  # noqa: S603 -- our own modules, and arguments from our own lists
                [sys.executable, "-m", module, *args],
                input=content,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=environment(),
                cwd=ROOT,
                timeout=seconds,
                check=False,
            )

    return run_ahead(("child", module, args, digest_of(content)), run)


def limit(memory: int, cpu_seconds: int | None = None) -> None:
    """Cap this process at so many bytes of memory and seconds of processor, and forbid a core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if cpu_seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, resource.RLIM_INFINITY))
