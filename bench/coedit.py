"""How long a key takes to reach every other screen, and what that costs: ours, Hocuspocus and y-websocket.

    .venv/bin/python bench/coedit.py [--loads 100a,1000d,…] [--rounds 3] [--seconds 60] [--servers ours,ours_twice,…]
                                     [--quick]

`a`: ten type four keys a second, the others watch; `b`: everybody types one key a second; `c`: as `a`, half of the
writers in « Je propose »; `d`: ten type one key a second. Ours stores on PostgreSQL before it broadcasts, with every
check on; `ours_twice` distributes the people over two web processes. Each server runs alone, in turn, on the same text
of 30 kB. Processor time is that of every process of ours: web, PostgreSQL, Redis, the worker, and the clock that makes
it compact texts every 30 s. A minute contains two such passes; `snapshots` is the number of snapshots of the text,
`commits` the number of transactions that stored its rows, those of the warm-up included. Hocuspocus is one process,
and so is y-websocket, which stores nothing and runs in the first round only. Both are installed from npm into
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
from bench.coediting import setup
from bench.environment import open_environment, postgres_pid, redis_pid
from bench.report import ROOT, print_report, say
from bench.server import Server, cpu_of_tree, free_port, ratio, serving

LOADS = ["100a", "1000d"]
OURS = {"ours": 1, "ours_twice": 2}  # web processes
SERVERS = ["ours", "hocuspocus", "y_websocket"]
TYPISTS, HOST = 10, "localhost"


def plan(load: str, seconds: float) -> dict[str, Any]:
    """Return the settings of the generator for this load."""
    sockets, kind = int(load[:-1]), load[-1]
    typing = sockets if kind == "b" else min(TYPISTS, sockets)
    suggesting = typing // 2 if kind == "c" else 0
    return {
        "sockets": sockets,
        "typing": typing,
        "rate": 1 if kind in "bd" else 4,
        "suggesting": suggesting,
        "seconds": seconds,
        "warm": min(2, seconds / 4),
        "cookies": [],
        "users": [],
        "origin": f"http://{HOST}",
        "push": False,
    }


def rss_mb(server: Server) -> float:
    """Return the resident memory of the process, in MB."""
    lines = Path(f"/proc/{server.process.pid}/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith("VmRSS")).split()[1]) / 1024, 1)


def drive(servers: list[Server], others: Mapping[str, int], wanted: dict[str, Any], npm: Path) -> dict[str, Any]:
    """Run the generator against the servers; return its figures, and those of all processes at work."""
    for server in servers:
        server.wait()
    generator = subprocess.Popen(
        [setup.node(), "load.mjs"], cwd=npm, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    killer = threading.Timer(wanted["seconds"] + 90 + wanted["sockets"] / 5, generator.kill)
    killer.start()
    stdin, stdout = cast("IO[str]", generator.stdin), cast("IO[str]", generator.stdout)
    stdin.write(json.dumps(wanted))
    stdin.close()
    # `cpu_percent` without a suffix is that of the servers themselves.
    watched = {"": [server.process.pid for server in servers], **{name: [pid] for name, pid in others.items()}}
    figures: dict[str, Any] = {}
    cpu: dict[str, float] = {}
    at = 0.0
    for line in stdout:
        event = json.loads(line)
        if event.get("event") == "begin":
            cpu, at = {name: sum(map(cpu_of_tree, pids)) for name, pids in watched.items()}, time.monotonic()
        elif event.get("event") == "end":
            percent = 100 / (time.monotonic() - at)
            spent = {name: percent * (sum(map(cpu_of_tree, pids)) - cpu[name]) for name, pids in watched.items()}
            figures |= {f"cpu_percent{name}": round(value, 1) for name, value in spent.items()}
            figures |= {"cpu_percent_sum": round(sum(spent.values()), 1), "rss_mb": sum(map(rss_mb, servers))}
        else:
            figures |= event["result"]
    generator.wait()
    killer.cancel()
    return figures


def measure(name: str, wanted: dict[str, Any], others: Mapping[str, int], folder: Path, npm: Path) -> dict[str, Any]:
    """Measure one load on one server."""
    ports = [free_port() for _server in range(OURS.get(name, 1))]
    base = folder / "base.bin"
    wanted |= {"kind": name, "base": str(base)}
    if name in OURS:
        people = setup.create_people(wanted["sockets"], wanted["suggesting"])
        from assembly.collab.queries import document_at  # noqa: PLC0415 -- Django is set up by now

        base.write_bytes(document_at(people["text"]).get_update())
        wanted |= {
            "urls": [f"ws://{HOST}:{port}/ws/textes/{people['text'].public_id}/?schema=1" for port in ports],
            "cookies": people["cookies"],
            "users": people["users"],
        }
        command = [sys.executable, "-m", "uvicorn", "assembly.config.asgi:application", *setup.WEB]
        with ExitStack() as running:
            servers = [running.enter_context(serving([*command, f"--port={port}"], port)) for port in ports]
            figures = drive(servers, others, wanted, npm)
        return figures | {
            "rows_ok": setup.rows_without_gap(people["text"]),
            "commits": people["text"].updates.values("at").distinct().count(),
            "snapshots": people["text"].snapshots.count(),
        }
    [port] = ports
    wanted["urls"] = [f"ws://{HOST}:{port}/text"]
    wanted["push"] = name == "y_websocket"
    store = folder / "hocuspocus.bin"
    store.unlink(missing_ok=True)
    command = [setup.node(), f"{name}.mjs", str(port), str(base), str(store)]
    with serving(command, port, cwd=npm) as server:
        return drive([server], {}, wanted, npm)


@contextmanager
def beside_the_web(folder: Path) -> Iterator[dict[str, int]]:
    """Yield the pids of our processes other than the web; the worker and its clock run until the context closes."""
    at_work = {"_postgres": postgres_pid(folder), "_redis": redis_pid()}
    with (folder / "processes.log").open("ab") as output, ExitStack() as running:
        for name, command in {"_worker": setup.WORKER, "_clock": setup.beat(folder)}.items():
            process = processes.spawn(command, output=output, environ=os.environ, cwd=ROOT)
            running.callback(processes.stop_process, process, signal.SIGTERM, 10)
            at_work[name] = process.pid
        yield at_work


def medians(rounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the median of each figure over the rounds; a boolean must hold in all of them."""
    figures: dict[str, Any] = {}
    for key in rounds[0]:
        values = [one[key] for one in rounds if one.get(key) is not None]
        if not values:
            figures[key] = None
        elif isinstance(values[0], bool):
            figures[key] = all(values)
        else:
            figures[key] = round(statistics.median(values), 3)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--loads", default=",".join(LOADS))
    parser.add_argument("--servers", default=",".join(SERVERS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--quick", action="store_true", help="100a once, ours and Hocuspocus")
    options = parser.parse_args()
    if options.quick:
        options.loads, options.servers, options.rounds, options.seconds = "100a", "ours,hocuspocus", 1, 6
    npm = setup.packages(ROOT / ".local" / "bench" / "coedit-npm")
    began = os.getloadavg()[0]
    settings = {"ALLOWED_HOSTS": f"{HOST},127.0.0.1", "DATABASE_POOL": "10", "SITE_URL": f"http://{HOST}"}
    with open_environment("coedit", settings, keep=options.quick) as folder, beside_the_web(folder) as others:
        setup.delete_rows()
        runs: dict[str, dict[str, list[dict[str, Any]]]] = defaultdict(lambda: defaultdict(list))
        for number in range(options.rounds):
            for load in options.loads.split(","):
                for name in options.servers.split(","):
                    if (name not in OURS and load.endswith("c")) or (name == "y_websocket" and number):
                        continue
                    figures = measure(name, plan(load, options.seconds), others, folder, npm)
                    say(f"{number + 1} {load} {name}: {figures}")
                    runs[name][load].append(figures)
    by_server = {name: {load: medians(rounds) for load, rounds in loads.items()} for name, loads in runs.items()}
    ours, twice = by_server.pop("ours", {}), by_server.pop("ours_twice", {})
    for load, figures in ours.items():
        if other := by_server.get("hocuspocus", {}).get(load):
            figures["cpu_ratio_to_hocuspocus"] = ratio(figures["cpu_percent_sum"], other["cpu_percent_sum"])
        if load in twice:
            figures["cpu_ratio_of_two_to_one"] = ratio(twice[load]["cpu_percent_sum"], figures["cpu_percent_sum"])
    print_report(
        "coedit",
        {"runs": ours, "runs_twice": twice},
        baseline=by_server,
        packages=("django", "uvicorn", "pycrdt"),
        load=began,
    )


if __name__ == "__main__":
    main()
