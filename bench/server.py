"""Servers in processes of their own, and what requests cost in processor time, which other load distorts little."""

import http.client
import os
import socket
import statistics
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.report import ROOT, say

TICK = os.sysconf("SC_CLK_TCK")
TRIALS = 5
AFTERWARDS = 0.003  # seconds: work of a server after its response counts too
KEEP_ALIVE = 600  # seconds: a connection stays open while the other servers are measured
CLOCK_OF_A_PROCESS = 2  # CPUCLOCK_SCHED: see clock_getcpuclockid(3), which Python has for threads alone


def free_port() -> int:
    """Return a port of the loopback on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def cpu_of(pid: int) -> float:
    """Return the processor seconds of a process with all its threads.

    The resolution is a nanosecond (ticks of procfs are of 10 ms).
    """
    return time.clock_gettime((~pid << 3) | CLOCK_OF_A_PROCESS)


def cpu_of_tree(root: int) -> float:
    """Return the processor seconds of a process and of its descendants, those that have ended included."""
    total, waiting = 0.0, [root]
    while waiting:
        pid = waiting.pop()
        with suppress(OSError):  # it ended meanwhile: its parent has counted its time
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            total += cpu_of(pid) + (int(fields[13]) + int(fields[14])) / TICK
        for task in Path(f"/proc/{pid}/task").glob("*/children"):
            with suppress(OSError):  # a thread that ended meanwhile
                waiting += map(int, task.read_text().split())
    return total


class Unanswered(Exception):
    """A server does not listen, or its response is not the one that is measured."""


class Server:
    """One running server; `cpu()` is what its whole process tree has spent since it started."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.process = process
        self.port = port

    def cpu(self) -> float:
        return cpu_of_tree(self.process.pid)

    def wait(self, seconds: float = 60) -> None:
        """Wait until it listens; raise Unanswered if it does not."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise Unanswered(f"it does not listen: {self.process.args}")


@contextmanager
def serving(
    command: Sequence[str | Path], port: int, *, environ: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> Iterator[Server]:
    """Run a server until the context closes; several start at once, and `Server.wait` blocks until one listens."""
    process = subprocess.Popen(command, cwd=cwd, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield Server(process, port)
    finally:
        process.terminate()
        process.wait(20)


def uvicorn(python: str | Path, application: str, port: int) -> list[str | Path]:
    """Return the command of an ASGI server, as ours is deployed."""
    options = ["--lifespan=off", "--no-proxy-headers", "--no-access-log", "--log-level=warning"]
    keep = f"--timeout-keep-alive={KEEP_ALIVE}"
    return [python, "-m", "uvicorn", application, f"--port={port}", keep, *options]


def gunicorn(python: str | Path, application: str, port: int) -> list[str | Path]:
    """Return the command of a WSGI server with one worker of one thread, which keeps its connections open."""
    options = ["--worker-class=gthread", "--workers=1", "--threads=1", "--log-level=warning"]
    return [python, "-m", "gunicorn", application, f"--bind=127.0.0.1:{port}", f"--keep-alive={KEEP_ALIVE}", *options]


class Line:
    """A keep-alive connection to one server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)

    def get(self, path: str, headers: Mapping[str, str], status: int = 200) -> tuple[Mapping[str, str], bytes]:
        """Return headers and body of a response with that status; raise Unanswered for another one."""
        self.connection.request("GET", path, headers={"Accept-Encoding": "identity", **headers})
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.status != status:
            raise Unanswered(f"{path}: {answer.status}")
        return answer.headers, body


@dataclass
class Look:
    """One kind of request to one address, and what each cost: processor seconds by round, durations."""

    line: Line
    path: str
    headers: Mapping[str, str]
    status: int = 200
    before: Callable[[], Any] | None = None
    cpu: list[list[float]] = field(default_factory=list)
    database_cpu: list[list[float]] = field(default_factory=list)
    durations: list[float] = field(default_factory=list)
    size: int = 0

    def begin_round(self) -> None:
        self.cpu.append([])
        self.database_cpu.append([])

    def ask(self, database: int) -> None:
        """Send the request until there is a response: on a busy machine a page may give up (503)."""
        for left in reversed(range(TRIALS)):
            try:
                self._ask(database)
            except Unanswered as error:
                if not left:
                    raise
                say(f"Asked again: {error}")
                time.sleep(1)
            else:
                return

    def _ask(self, database: int) -> None:
        """Send the request once; `database` is the first process of PostgreSQL."""
        if self.before:
            self.before()
        server_cpu, database_cpu = self.line.server.cpu(), cpu_of_tree(database)
        start = time.perf_counter()
        _, body = self.line.get(self.path, self.headers, self.status)
        self.durations.append(time.perf_counter() - start)
        time.sleep(AFTERWARDS)
        self.cpu[-1].append(self.line.server.cpu() - server_cpu)
        self.database_cpu[-1].append(cpu_of_tree(database) - database_cpu)
        self.size = len(body)

    def cpu_ms(self) -> float:
        return median_ms(self.cpu)

    def figures(self, bare_ms: float | None) -> dict[str, float | None]:
        """Return the figures that are reported alike of ours and of the peers."""
        return {
            "cpu_ratio": ratio(self.cpu_ms(), bare_ms),
            "cpu_ms": round(self.cpu_ms(), 2),
            "db_cpu_ms": round(median_ms(self.database_cpu), 2),
            "kb_html": round(self.size / 1000, 1),
            "p95_ms": round(1000 * statistics.quantiles(self.durations, n=20, method="inclusive")[-1], 1),
        }


def median_ms(rounds: list[list[float]]) -> float:
    """Return the median of the rounds’ means: what happens now and then, such as a garbage collection, counts."""
    return 1000 * statistics.median(map(statistics.fmean, rounds))


def ratio(one: float | None, other: float | None) -> float | None:
    """Return one over the other, if both were measured."""
    return round(one / other, 2) if one is not None and other else None
