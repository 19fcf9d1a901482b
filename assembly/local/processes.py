"""Child processes that never outlive their parent, and folders locked by one program at a time."""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def spawn(
    command: Sequence[str],
    *,
    output: IO[Any] | int,
    environ: Mapping[str, str] | None = None,
    cwd: str | Path | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
    user: tuple[int, int] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a child in its own session, so that the terminal's Ctrl-C reaches the parent alone.

    Call it from the main thread only: Linux sends the death signal when the *thread* that forked ends.
    """
    parent = os.getpid()

    def die_with_parent() -> None:
        if LIBC is not None:
            LIBC.prctl(PR_SET_PDEATHSIG, death_signal)
            if os.getppid() != parent:
                os._exit(1)

    identity: dict[str, Any] = {"user": user[0], "group": user[1], "extra_groups": []} if user else {}
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        env=environ,
        cwd=cwd,
        start_new_session=True,
        preexec_fn=die_with_parent,
        **identity,
    )


def stop_process(process: subprocess.Popen[bytes], sign: signal.Signals, patience: float) -> None:
    """Ask a child to end, wait, then kill it and its own children."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], patience: float) -> bool:
    """Wait for a child to be ready; return False when it died or took too long."""
    end = time.monotonic() + patience
    while time.monotonic() < end and process.poll() is None:
        if ready():
            return True
        time.sleep(0.02)
    return False


def ended(pid: int, patience: float) -> bool:
    """Wait for a process that is not our child to disappear; return whether it did."""
    end = time.monotonic() + patience
    while Path(f"/proc/{pid}").exists():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def take_lock_file(path: Path) -> IO[str] | None:
    """Lock a file until the returned handle is closed; return None when another program holds the lock."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = path.open("a", encoding="utf-8")
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        handle.close()
        return None
    return handle
