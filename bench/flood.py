"""What readers get while a part of the installation fails: errors, p95 and seconds to recovery, by fault.

    .venv/bin/python bench/flood.py [--quick]

Three hundred visitors open a public page every 3 s and a hundred signed-in readers one every 10 s, for 20 s a phase,
on two web processes: behind the deployment's own proxy where Caddy is installed, else by a client that repeats a GET
once on a broken connection. Everything listens on the loopback. A fault begins a quarter into its phase; one by one,
then together: a mail relay that accepts connections and never responds (20 codes requested at once), Redis stopped
(SIGSTOP) for 5 s, PostgreSQL for 3 s, one web process killed and started again. The data is cached in
`.local/bench/flood` between runs.
"""

import argparse
import asyncio
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import pages
from bench.environment import open_environment, postgres_pid, redis_pid
from bench.report import ROOT, print_report, say
from bench.server import free_port

VISITORS, READERS = 300, 100
VISITOR_PAUSE, READER_PAUSE = 3.0, 10.0
REDIS_SECONDS, POSTGRES_SECONDS = 5.0, 3.0
CODES = 20
LATEST = 15.0  # a request without a response so long after its phase counts as hanging
PUBLIC = ["/", "/publications/", "/glossaire/", "/aide/", "/seances/"]
SETTINGS = {**pages.SETTINGS, "SSL_REDIRECT": "no"}


@dataclass
class Answer:
    """One page: who requested it, when it ended, how long it took, its status (0: broken connection, -1: hanging)."""

    who: str
    at: float
    seconds: float
    status: int


@dataclass
class Phase:
    """What happened in one phase, in times of `time.monotonic`."""

    name: str
    answers: list[Answer] = field(default_factory=list)
    began: float = 0.0
    ended: float = 0.0
    repeated: int = 0
    codes: list[Answer] = field(default_factory=list)


class Web:
    """One web process with the options of docker-compose.yml, started again whenever it ends."""

    def __init__(self, log: Path) -> None:
        self.port = free_port()
        self.log = log.open("wb")
        self.wanted = True
        self.process = self._start()
        self.watch = threading.Thread(target=self._watch, daemon=True)
        self.watch.start()

    def _start(self) -> "subprocess.Popen[bytes]":
        options = ["--lifespan=off", "--ws=websockets-sansio", "--no-proxy-headers", "--no-access-log"]
        command = [sys.executable, "-m", "uvicorn", "assembly.config.asgi:application", f"--port={self.port}"]
        return subprocess.Popen([*command, *options], cwd=ROOT, stdout=self.log, stderr=self.log)

    def _watch(self) -> None:
        while self.wanted:
            if self.process.poll() is not None and self.wanted:
                self.process = self._start()
            time.sleep(0.1)

    def wait(self, seconds: float = 60) -> None:
        """Wait until it listens."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("A web process does not listen.")

    def stop(self) -> None:
        self.wanted = False
        self.watch.join()
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()


@contextmanager
def silent_relay() -> Iterator[int]:
    """Yield the port of a mail server that accepts connections and never responds."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen(200)
        yield server.getsockname()[1]


@contextmanager
def caddy(folder: Path, webs: list[Web]) -> Iterator[list[int]]:
    """Run the deployment’s Caddyfile before the web processes, without TLS; without Caddy, yield their own ports."""
    program = shutil.which("caddy")
    if program is None:
        yield [web.port for web in webs]
        return
    port = free_port()
    caddyfile = (ROOT / "deploy" / "Caddyfile").read_text(encoding="utf-8")
    upstreams = "to " + " ".join(f"127.0.0.1:{web.port}" for web in webs)
    text, count = re.subn(r"dynamic a web 8000(\s*\{[^}]*\})?", upstreams, caddyfile)
    if count != 1:
        raise SystemExit("deploy/Caddyfile names its upstreams otherwise than this bench expects.")
    text, count = re.subn(r"^\{\n", "{\n\tadmin off\n", text, count=1, flags=re.MULTILINE)
    if count != 1:
        raise SystemExit("deploy/Caddyfile has no block of global options.")
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    environ = {**os.environ, "SITE_HOST": f"http://:{port}", "XDG_DATA_HOME": str(folder), "HOME": str(folder)}
    with (folder / "caddy.log").open("wb") as log:
        command = [program, "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
        process = subprocess.Popen(command, cwd=folder, env=environ, stdout=log, stderr=log)
    try:
        wait_for_port(port, process)
        yield [port]
    finally:
        process.terminate()
        process.wait(10)


def wait_for_port(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.1)
    raise SystemExit("Caddy does not start: see .local/bench/flood/caddy.log")


# The client ------------------------------------------------------------------------------------------


async def exchange(port: int, lines: list[str], body: bytes = b"") -> tuple[int, bytes]:
    """Send one request on a connection of its own; the status is 0 if it breaks or the response is cut short."""
    head = [*lines, f"Host: {pages.HOST}", "Connection: close", "Accept-Encoding: identity"]
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return 0, b""
    try:
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        await writer.drain()
        answer = await reader.read(-1)
    except OSError:
        return 0, b""
    finally:
        writer.close()
    head_bytes, separator, content = answer.partition(b"\r\n\r\n")
    length = re.search(rb"\r\ncontent-length: (\d+)", head_bytes, re.IGNORECASE)
    whole = separator and (length is None or int(length[1]) == len(content))
    return (int(head_bytes.split(b" ", 2)[1]), answer) if whole else (0, answer)


async def read_page(phase: Phase, ports: list[int], who: str, path: str, cookie: str) -> None:
    """Send a GET, repeated once on a broken connection where no proxy does it."""
    lines = [f"GET {path} HTTP/1.1", *([f"Cookie: {cookie}"] if cookie else [])]
    since = time.monotonic()
    first, *others = random.sample(ports, len(ports))
    status, _ = await exchange(first, lines)
    if status == 0 and others:
        phase.repeated += 1
        status, _ = await exchange(others[0], lines)
    now = time.monotonic()
    phase.answers.append(Answer(who, now, now - since, status))


async def reader_of(phase: Phase, end: float, pause: float, ask: Callable[[], Awaitable[None]]) -> None:
    """Send requests as one person until the end of the phase, with a pause between their beginnings."""
    due = time.monotonic() + random.uniform(0, pause)
    while due < end:
        await asyncio.sleep(max(due - time.monotonic(), 0))
        due = max(due + pause, time.monotonic())
        await ask()


async def ask_a_code(phase: Phase, port: int, email: str) -> None:
    """Request a code as a person does at sign-in: open the page, send the address."""
    since = time.monotonic()
    status, page = await exchange(port, ["GET /compte/connexion/code/ HTTP/1.1"])
    cookie = re.search(rb"set-cookie: ([^;\r]*csrftoken=[^;\r]+)", page, re.IGNORECASE)
    key = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    if cookie and key:
        body = f"csrfmiddlewaretoken={key[1].decode()}&email={email.replace('@', '%40')}".encode()
        headers = [f"Cookie: {cookie[1].decode()}", "Content-Type: application/x-www-form-urlencoded"]
        status, _ = await exchange(
            port, ["POST /compte/connexion/code/ HTTP/1.1", *headers, f"Content-Length: {len(body)}"], body
        )
    now = time.monotonic()
    phase.codes.append(Answer("code", now, now - since, status))


# The faults ------------------------------------------------------------------------------------------


class Faults:
    """Faults that can be injected; each ends by itself."""

    def __init__(self, folder: Path, webs: list[Web], ports: list[int], emails: list[str]) -> None:
        self.postgres = postgres_pid(folder)
        self.redis = redis_pid()
        self.webs, self.ports, self.emails = webs, ports, emails

    async def relay(self, phase: Phase) -> None:
        await asyncio.gather(*(ask_a_code(phase, random.choice(self.ports), email) for email in self.emails))

    async def stop_redis(self, phase: Phase) -> None:
        await stopped([self.redis], REDIS_SECONDS)

    async def stop_postgres(self, phase: Phase) -> None:
        children = Path(f"/proc/{self.postgres}/task/{self.postgres}/children").read_text().split()
        await stopped([self.postgres, *map(int, children)], POSTGRES_SECONDS)

    async def kill(self, phase: Phase) -> None:
        web = random.choice(self.webs)
        killed = web.process
        killed.kill()
        while web.process is killed:
            await asyncio.sleep(0.05)
        await asyncio.to_thread(web.wait)

    async def together(self, phase: Phase) -> None:
        await asyncio.gather(self.relay(phase), self.stop_redis(phase), self.stop_postgres(phase), self.kill(phase))


async def stopped(pids: list[int], seconds: float) -> None:
    """Stop these processes with SIGSTOP for so many seconds."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGSTOP)
    try:
        await asyncio.sleep(seconds)
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


async def run(
    phase: Phase, seconds: float, ports: list[int], readers: list[tuple[str, list[str]]], fault: Any
) -> Phase:
    """Let everybody read for so many seconds; the fault begins after a quarter of them."""
    end = time.monotonic() + seconds

    def person(who: str, paths: list[str], cookie: str) -> Callable[[], Awaitable[None]]:
        return lambda: read_page(phase, ports, who, random.choice(paths), cookie)

    async def strike() -> None:
        await asyncio.sleep(seconds / 4)
        phase.began = time.monotonic()
        if fault:
            await fault(phase)
        phase.ended = time.monotonic()

    visits = [reader_of(phase, end, VISITOR_PAUSE, person("public", PUBLIC, "")) for _ in range(VISITORS)]
    reads = [reader_of(phase, end, READER_PAUSE, person("reader", paths, cookie)) for cookie, paths in readers]
    senders = {asyncio.create_task(work): "public" for work in visits}
    senders |= {asyncio.create_task(work): "reader" for work in reads}
    tasks = [*senders, asyncio.create_task(strike())]
    _done, hanging = await asyncio.wait(tasks, timeout=seconds + LATEST)
    for task in hanging:
        task.cancel()
        if task in senders:
            phase.answers.append(Answer(senders[task], time.monotonic(), seconds + LATEST, -1))
    await asyncio.gather(*hanging, return_exceptions=True)
    phase.ended = phase.ended or time.monotonic()
    return phase


def seconds_to_ten_good(phase: Phase, who: str) -> float | None:
    """Return the seconds from the beginning of the fault to the tenth of ten responses 200 in a row."""
    row = 0
    for answer in sorted(phase.answers, key=lambda one: one.at):
        if answer.who == who and answer.at >= phase.began:
            row = row + 1 if answer.status == 200 else 0
            if row == 10:
                return round(answer.at - phase.began, 2)
    return None


def figures_of(phase: Phase) -> dict[str, Any]:
    figures: dict[str, Any] = {"fault_s": round(phase.ended - phase.began, 1), "repeated": phase.repeated}
    for who in ("public", "reader"):
        ours = [answer for answer in phase.answers if answer.who == who]
        wrong = [answer for answer in ours if answer.status != 200]
        names = {0: "broken", -1: "hanging"}
        figures[who] = {
            "requests": len(ours),
            "errors_share": round(len(wrong) / len(ours), 4),
            "errors": Counter(names.get(answer.status, str(answer.status)) for answer in wrong),
            "last_error_after_fault_s": round(max(one.at for one in wrong) - phase.ended, 1) if wrong else None,
            "p95_ms": round(1000 * statistics.quantiles([one.seconds for one in ours], n=20)[-1]),
            "max_ms": round(1000 * max(one.seconds for one in ours)),
            "ten_good_s": seconds_to_ten_good(phase, who),
        }
    if phase.codes:
        figures["codes"] = {
            "statuses": Counter(str(answer.status) for answer in phase.codes),
            "max_ms": round(1000 * max(answer.seconds for answer in phase.codes)),
        }
    return figures


def crowd() -> tuple[list[tuple[str, list[str]]], list[str]]:
    """Return a hundred sessions with the pages of their account, and addresses that may request a code."""
    from assembly.identity.models import User  # noqa: PLC0415 -- Django is set up only now

    by_account: dict[str, list[str]] = {}
    for page in pages.addresses():
        if page.who:
            by_account.setdefault(page.who, []).append(page.path)
    accounts = ["member"] * 8 + ["lead", "dir_contact"]
    readers = [(pages.cookies(who), by_account[who]) for who in (accounts * (READERS // len(accounts)))]
    return readers, list(User.objects.order_by("pk").values_list("email", flat=True))[:CODES]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="phases of 6 s, without the calm one")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that no process stays stopped
    with silent_relay() as relay:
        settings = {**SETTINGS, "SMTP_URL": f"smtp://127.0.0.1:{relay}/"}
        with open_environment("flood", settings, keep=True) as folder:
            figures = measure(folder, 6 if options.quick else 20, calm=not options.quick)
    print_report("flood", figures, packages=("django", "uvicorn", "psycopg"), load=load)


def measure(folder: Path, seconds: float, *, calm: bool) -> dict[str, Any]:
    """Start two web processes and their proxy, run every phase, return the figures."""
    from django.db import connections  # noqa: PLC0415 -- Django is set up only now

    pages.seed(folder, 1)
    readers, emails = crowd()
    connections.close_all()
    webs = [Web(folder / f"web-{number}.log") for number in (1, 2)]
    try:
        for web in webs:
            web.wait()
        with caddy(folder, webs) as ports:
            faults = Faults(folder, webs, ports, emails)
            plan = [("calm", None)] if calm else []
            plan += [("relay", faults.relay), ("redis", faults.stop_redis), ("postgres", faults.stop_postgres)]
            plan += [("kill", faults.kill), ("together", faults.together)]
            asyncio.run(run(Phase("warm-up"), 4, ports, readers, None))
            figures: dict[str, Any] = {"proxy": "caddy" if len(ports) == 1 else "none"}
            for name, fault in plan:
                say(f"{name}…")
                figures[name] = figures_of(asyncio.run(run(Phase(name), seconds, ports, readers, fault)))
                say(str(figures[name]))
    finally:
        for web in webs:
            web.stop()
    return figures


if __name__ == "__main__":
    main()
