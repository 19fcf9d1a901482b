"""How long a key takes to reach every other screen, and what that costs: ours beside Hocuspocus and y-websocket.

    .venv/bin/python bench/coedit.py [--loads 10a,50a,…] [--rounds 3] [--seconds 10] [--servers ours,…] [--quick]

`a`: ten type four keys a second, the others watch; `b`: everybody types one key a second; `c`: as `a`, half of the
writers in « Je propose ». Ours stores on PostgreSQL before it shows, with every check on; each server runs alone, in
turn, on the same text of 30 kB. Processor time is that of every process of ours: web, PostgreSQL, Redis, the worker,
and the clock that has it sum texts up every 30 s (`--seconds 60` holds two such passes). Hocuspocus is one process, as
is y-websocket, which stores nothing and runs in the first round alone. Both are installed from npm into
`.local/bench/coedit-npm`.
"""

import argparse
import json
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from assembly.local import processes
from bench.coediting import field
from bench.house import open_house, postgres_pid, redis_pid
from bench.report import ROOT, print_report, say
from bench.server import Server, cpu_of_tree, free_port, ratio, serving

LOADS = ["10a", "50a", "100a", "200a", "10b", "50b", "100b", "200b", "100c"]
SERVERS = ["ours", "hocuspocus", "y_websocket"]
TYPISTS, HOST = 10, "localhost"


def plan(load: str, seconds: float) -> dict[str, Any]:
    """What the generator does under that load."""
    sockets, kind = int(load[:-1]), load[-1]
    typing, rate = (sockets, 1) if kind == "b" else (min(TYPISTS, sockets), 4)
    suggesting = typing // 2 if kind == "c" else 0
    return {
        "sockets": sockets,
        "typing": typing,
        "rate": rate,
        "suggesting": suggesting,
        "seconds": seconds,
        "warm": min(2, seconds / 4),
        "cookies": [],
        "users": [],
        "origin": f"http://{HOST}",
        "push": False,
    }


def rss_mb(server: Server) -> float:
    """Resident memory of the process, in MB."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024, 1)


def drive(server: Server, others: Mapping[str, int], wanted: dict[str, Any], npm: Path) -> dict[str, Any]:
    """Run the generator against one server; returns its figures, and those of all processes at work."""
    server.wait()
    generator = subprocess.Popen(
        [field.node(), "load.mjs"], cwd=npm, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    killer = threading.Timer(wanted["seconds"] + 90, generator.kill)
    killer.start()
    entrance, told_lines = cast("IO[str]", generator.stdin), cast("IO[str]", generator.stdout)
    entrance.write(json.dumps(wanted))
    entrance.close()
    watched = {"": server.process.pid, **others}  # `cpu_percent` alone is that of the server itself
    figures: dict[str, Any] = {}
    cpu: dict[str, float] = {}
    at = 0.0
    for line in told_lines:
        told = json.loads(line)
        if told.get("event") == "begin":
            cpu, at = {name: cpu_of_tree(pid) for name, pid in watched.items()}, time.monotonic()
        elif told.get("event") == "end":
            percent = 100 / (time.monotonic() - at)
            spent = {name: percent * (cpu_of_tree(pid) - cpu[name]) for name, pid in watched.items()}
            figures |= {f"cpu_percent{name}": round(value, 1) for name, value in spent.items()}
            figures |= {"cpu_percent_sum": round(sum(spent.values()), 1), "rss_mb": rss_mb(server)}
        else:
            figures |= told["result"]
    generator.wait()
    killer.cancel()
    return figures


def measure(name: str, wanted: dict[str, Any], others: Mapping[str, int], folder: Path, npm: Path) -> dict[str, Any]:
    """One load on one server."""
    port = free_port()
    base = folder / "base.bin"
    wanted |= {"kind": name, "base": str(base)}
    if name == "ours":
        found = field.people(wanted["sockets"], wanted["suggesting"])
        from assembly.collab.queries import document_at  # noqa: PLC0415 -- Django is set up by now

        base.write_bytes(document_at(found["text"]).get_update())
        wanted |= {
            "url": f"ws://{HOST}:{port}/ws/textes/{found['text'].public_id}/?schema=1",
            "cookies": found["cookies"],
            "users": found["users"],
        }
        command = [sys.executable, "-m", "uvicorn", "assembly.config.asgi:application", f"--port={port}", *field.WEB]
        with serving(command, port) as server:
            figures = drive(server, others, wanted, npm)
        figures["rows_ok"] = field.rows_without_gap(found["text"])
        return figures
    wanted["url"] = f"ws://{HOST}:{port}/text"
    wanted["push"] = name == "y_websocket"
    store = folder / "hocuspocus.bin"
    store.unlink(missing_ok=True)
    command = [field.node(), f"{name}.mjs", str(port), str(base), str(store)]
    with serving(command, port, cwd=npm) as server:
        return drive(server, {}, wanted, npm)


@contextmanager
def beside_the_web(folder: Path) -> Iterator[dict[str, int]]:
    """The processes of ours that work beside the web process; the worker and its clock run until the close."""
    at_work = {"_postgres": postgres_pid(folder), "_redis": redis_pid()}
    with (folder / "processes.log").open("ab") as output, ExitStack() as running:
        for name, command in {"_worker": field.WORKER, "_clock": field.beat(folder)}.items():
            process = processes.spawn(command, output=output, environ=os.environ, cwd=ROOT)
            running.callback(processes.stop_process, process, signal.SIGTERM, 10)
            at_work[name] = process.pid
        yield at_work


def medians(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of each figure over the rounds; a truth must hold in all of them."""
    found: dict[str, Any] = {}
    for key in rounds[0]:
        values = [one[key] for one in rounds if one.get(key) is not None]
        if not values:
            found[key] = None
        elif isinstance(values[0], bool):
            found[key] = all(values)
        else:
            found[key] = round(statistics.median(values), 3)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", default=",".join(LOADS))
    parser.add_argument("--servers", default=",".join(SERVERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--quick", action="store_true", help="100a once, ours and Hocuspocus")
    options = parser.parse_args()
    if options.quick:
        options.loads, options.servers, options.rounds, options.seconds = "100a", "ours,hocuspocus", 1, 6
    npm = field.packages(ROOT / ".local" / "bench" / "coedit-npm")
    began = os.getloadavg()[0]
    settings = {"ALLOWED_HOSTS": f"{HOST},127.0.0.1", "DATABASE_POOL": "10", "SITE_URL": f"http://{HOST}"}
    with open_house("coedit", settings, keep=options.quick) as folder, beside_the_web(folder) as others:
        field.empty()
        runs: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for number in range(options.rounds):
            for load in options.loads.split(","):
                for name in options.servers.split(","):
                    if (name != "ours" and load.endswith("c")) or (name == "y_websocket" and number):
                        continue
                    figures = measure(name, plan(load, options.seconds), others, folder, npm)
                    say(f"{number + 1} {load} {name}: {figures}")
                    runs[name][load].append(figures)
    found = {name: {load: medians(rounds) for load, rounds in loads.items()} for name, loads in runs.items()}
    ours = found.pop("ours", {})
    for load, figures in ours.items():
        if other := found.get("hocuspocus", {}).get(load):
            figures["cpu_ratio_to_hocuspocus"] = ratio(figures["cpu_percent_sum"], other["cpu_percent_sum"])
    print_report("coedit", {"runs": ours}, baseline=found, packages=("django", "uvicorn", "pycrdt"), load=began)


if __name__ == "__main__":
    main()
