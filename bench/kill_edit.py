"""Kills of the web, the worker, Redis and PostgreSQL while eight people type: counts what was lost.

    .venv/bin/python bench/kill_edit.py [--web 100] [--worker 20] [--redis 20] [--postgres 20] [--quick]

Two web processes serve four people each. After each SIGKILL, and before anybody can send anything again, the log is
read: it must hold every edit that had been acknowledged and every character that another screen had shown.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assembly.local import engines, processes
from bench.coediting import setup
from bench.environment import open_environment, postgres_pid, redis_pid
from bench.report import ROOT, print_report, say
from bench.server import free_port

EDITORS, RATE, HOST = 8, 6, "localhost"


class Stack:
    """Everything that may be killed, and how it is restarted."""

    def __init__(self, folder: Path, npm: Path, prepared: dict[str, Any]) -> None:
        self.folder = folder
        self.npm = npm
        self.text = prepared["text"]
        self.output = (folder / "processes.log").open("ab")
        self.ports = [free_port(), free_port()]
        self.webs = [self.web(port) for port in self.ports]
        self.beat = self.spawn(setup.beat(folder))
        self.worker = self.spawn(setup.WORKER)
        self.postgres = engines.Postgres(folder, os.environ)
        self.redis = engines.Redis(folder, os.environ, fast=True)
        plan = {
            "editors": EDITORS,
            "rate": RATE,
            "ports": self.ports,
            "text": str(self.text.public_id),
            "cookies": prepared["cookies"],
            "origin": f"http://{HOST}",
        }
        note = folder / "plan.json"
        note.write_text(json.dumps(plan), encoding="utf-8")
        self.editors = subprocess.Popen(
            [setup.node(), "editors.mjs", str(note)], cwd=npm, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def spawn(self, command: list[str]) -> "subprocess.Popen[bytes]":
        return processes.spawn(command, output=self.output, environ=os.environ, cwd=ROOT)

    def web(self, port: int) -> "subprocess.Popen[bytes]":
        return self.spawn(
            [sys.executable, "-m", "uvicorn", "assembly.config.asgi:application", f"--port={port}", *setup.WEB]
        )

    def ask(self, line: str = "report") -> dict[str, Any]:
        """Send a line to the editors and return their report."""
        cast("IO[str]", self.editors.stdin).write(f"{line}\n")
        cast("IO[str]", self.editors.stdin).flush()
        return json.loads(cast("IO[str]", self.editors.stdout).readline())

    def wait(self, done: Any, seconds: float = 60) -> dict[str, Any]:
        """Poll the report of the editors until `done` accepts it or the time is over; return the last one."""
        end = time.monotonic() + seconds
        while not done(report := self.ask()) and time.monotonic() < end:
            time.sleep(0.1)
        return report

    def kill(self, component: str) -> None:
        """Send SIGKILL, and nothing else."""
        if component == "web":
            self.webs[0].kill()
            self.webs[0].wait()
        elif component == "worker":
            os.killpg(self.worker.pid, signal.SIGKILL)
            self.worker.wait()
        elif component == "redis":
            end(redis_pid())
        else:
            end(postgres_pid(self.folder))

    def revive(self, component: str) -> None:
        if component == "web":
            self.webs = [self.webs[1], self.web(self.ports[0])]
            self.ports.reverse()
        elif component == "worker":
            self.worker = self.spawn(setup.WORKER)
        elif component == "redis":
            self.redis.start()
        else:
            self.postgres.start()

    def stop(self) -> None:
        self.editors.kill()
        for process in (*self.webs, self.worker, self.beat):
            processes.stop_process(process, signal.SIGTERM, 10)
        self.redis.stop()
        self.postgres.stop()


def end(pid: int) -> None:
    """Kill a child process and reap it, or it would still count as running."""
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


def logged_clocks(text_id: int) -> dict[str, int]:
    """Return how far the log holds what each client wrote, from its rows alone."""
    from django.db import OperationalError, connection  # noqa: PLC0415 -- Django is set up by now

    from assembly.collab.engine import headers  # noqa: PLC0415 -- see above
    from assembly.collab.engine.copy import load  # noqa: PLC0415 -- see above

    while True:
        connection.close()
        connection.close_pool()  # the pool may hold connections to an engine that was killed
        try:
            copy = load(text_id, from_rows=True)
            break
        except OperationalError:  # the engine is recovering
            time.sleep(0.2)
    return {str(client): clock for client, clock in headers.state_vector(copy.doc.get_state()).items()}


def count_missing(reported: dict[str, int], held: dict[str, int]) -> int:
    """Count the characters that were reported but that the log does not hold."""
    return sum(max(0, clock - held.get(client, 0)) for client, clock in reported.items())


def kill_and_count(stack: Stack, component: str, counts: dict[str, Any]) -> None:
    """Kill one component, count what was lost, and restart it."""
    time.sleep(random.uniform(0.4, 1.6))
    stack.kill(component)
    report = stack.ask()
    if component == "postgres":
        stack.revive(component)
    logged = logged_clocks(stack.text.pk)
    counts["acknowledged_lost"] += count_missing(report["acked"], logged)
    counts["seen_lost"] += count_missing(report["seen"], logged)
    counts["kills"][component] = counts["kills"].get(component, 0) + 1
    if component != "postgres":
        stack.revive(component)
    began = time.monotonic()
    stack.wait(lambda now: now["connected"] == EDITORS)
    counts["seconds_back"].append(round(time.monotonic() - began, 1))
    say(f"{component}: {counts['kills']} acked {report['acknowledged']} lost {counts['acknowledged_lost']}")


def finish(stack: Stack, counts: dict[str, Any]) -> None:
    """Let everything settle, then check for one text on every screen, and the same from the rows."""
    stack.ask("stop")
    report = stack.wait(lambda now: not now["waiting"] and len(now["texts"]) == 1, 60)
    logged = logged_clocks(stack.text.pk)
    counts["acknowledged"] = report["acknowledged"]
    counts["acknowledged_lost"] += count_missing(report["acked"], logged)
    counts["final_texts"] = len(report["texts"])
    counts["waiting_at_the_end"] = report["waiting"]
    counts["rejected"] = report["rejected"]
    counts["rows_without_gap"] = setup.rows_without_gap(stack.text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for component, count in (("web", 100), ("worker", 20), ("redis", 20), ("postgres", 20)):
        parser.add_argument(f"--{component}", type=int, default=count)
    parser.add_argument("--quick", action="store_true", help="four kills of the web, one of each other")
    options = parser.parse_args()
    if options.quick:
        options.web, options.worker, options.redis, options.postgres = 4, 1, 1, 1
    npm = setup.packages(ROOT / ".local" / "bench" / "coedit-npm")
    began = os.getloadavg()[0]
    settings = {"ALLOWED_HOSTS": f"{HOST},127.0.0.1", "DATABASE_POOL": "10", "SITE_URL": f"http://{HOST}"}
    counts: dict[str, Any] = {"kills": {}, "acknowledged_lost": 0, "seen_lost": 0, "seconds_back": []}
    with open_environment("kill_edit", settings, keep=options.quick) as folder:
        setup.delete_rows()
        stack = Stack(folder, npm, dict(setup.create_people(EDITORS, 0)))
        try:
            stack.wait(lambda now: now["connected"] == EDITORS)
            order = [
                name for name in ("web", "worker", "redis", "postgres") for _kill in range(getattr(options, name))
            ]
            random.shuffle(order)
            for component in order:
                kill_and_count(stack, component, counts)
            finish(stack, counts)
        finally:
            stack.stop()
    counts["seconds_back"] = sorted(counts["seconds_back"])[len(counts["seconds_back"]) // 2]
    print_report("kill_edit", counts, packages=("django", "uvicorn", "pycrdt"), load=began)


if __name__ == "__main__":
    main()
