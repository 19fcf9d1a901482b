"""A uvicorn of its own process tree, and the processor time that it spent (procfs: load does not distort it much)."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.report import ROOT

TICK = os.sysconf("SC_CLK_TCK")
KEPT_OPEN = "--timeout-keep-alive=600"  # a line waits while the other server is measured


def free_port() -> int:
    """A port of the loopback that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Server:
    """One running uvicorn; `cpu()` is user and system seconds of its whole tree since it started."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def _tree(self) -> Iterator[int]:
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop()
            yield pid
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                with suppress(FileNotFoundError):  # a thread that ended meanwhile
                    waiting.extend(int(child) for child in task.read_text().split())

    def cpu(self) -> float:
        """Processor seconds, from fields utime and stime."""
        ticks = 0
        for pid in self._tree():
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / TICK


@contextmanager
def serving(application: str, environ: Mapping[str, str], *, seconds: float = 60) -> Iterator[Server]:
    """Start uvicorn on a free port of 127.0.0.1, wait until it listens, end it at the close."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", application, f"--port={port}", "--lifespan=off", "--no-access-log"]
    process = subprocess.Popen(
        [*command, "--log-level=warning", KEPT_OPEN],
        cwd=ROOT,
        env={**os.environ, **environ},
        stdout=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + seconds
        while time.monotonic() < end and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(20)
