"""What the draw costs: processor and memory of `members.sortition`, and of `sortition-algorithms` in the same run.

    .venv/bin/python bench/sortition.py [--quick] [--limit SECONDS]

The pool of 1059 for 108 seats of `tests/data/sortition/`, each engine in a process of its own: CPU seconds from its
start to its end, the peak of its resident memory. The other one (GPL) is installed in `.local/bench/`; its free
backends of maximin are run one after the other, each stopped once it has used more processor than the fastest before
it. Chances are recomputed from the panels and weights that each of them gives. `--quick`: ours alone.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench import peers
from bench.report import ROOT, print_report, say
from bench.server import cpu_of

DATA = ROOT / "tests" / "data" / "sortition"
SEATS = 108
PEER = ["sortition-algorithms==0.12.15", "mip==1.17.6"]
BACKENDS = ("mip", "highspy", "mip-highs")
MAXIMIN = """
import csv, json, sys
from sortition_algorithms.committee_generation import find_distribution_maximin
from sortition_algorithms.features import read_in_features
from sortition_algorithms.people import read_in_people
from sortition_algorithms.settings import Settings
pool, quotas, seats, backend, out = sys.argv[1:]
def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        rows = list(reader)
    return reader.fieldnames, rows
head, rows = table(quotas)
features, _, _ = read_in_features(head, rows, int(seats))
settings = Settings(id_column="id", columns_to_keep=[], check_same_address=True, check_same_address_columns=["foyer"])
head, rows = table(pool)
people, _ = read_in_people(head, rows, features, settings)
panels, weights, _ = find_distribution_maximin(features, people, int(seats), ["foyer"], backend)
with open(out, "w") as file:
    json.dump([[weight, sorted(panel)] for weight, panel in zip(weights, panels) if weight > 0], file)
"""


def run(command: Sequence[str | Path], limit: float) -> dict[str, Any]:
    """Run a process; return its CPU seconds and peak, with `ended` false if it used up its limit or failed."""
    with tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors)
        while not (waited := os.wait4(process.pid, os.WNOHANG))[0]:
            with suppress(OSError):  # it ended meanwhile
                if cpu_of(process.pid) > limit:
                    process.kill()
            time.sleep(0.2)
        _pid, status, used = waited
        process.returncode = os.waitstatus_to_exitcode(status)
        figures = {"cpu_s": round(used.ru_utime + used.ru_stime, 2), "peak_mb": round(used.ru_maxrss / 1024)}
        if process.returncode > 0:
            errors.seek(0)
            figures["error"] = " ".join(errors.read().split())[-200:]
    return figures | {"ended": process.returncode == 0}


def chances(weighted: Sequence[tuple[float, Sequence[str]]], ids: Sequence[str]) -> dict[str, Any]:
    """Return smallest and largest chance, Gini coefficient and number of panels, of everybody in the pool."""
    total = sum(weight for weight, _panel in weighted)
    chance_by_id = dict.fromkeys(ids, 0.0)
    for weight, panel in weighted:
        for one in panel:
            chance_by_id[one] += weight / total
    ordered, many = sorted(chance_by_id.values()), len(ids)
    gini = sum((2 * rank - many + 1) * chance for rank, chance in enumerate(ordered)) / (many * sum(ordered))
    return {
        "minimum": round(ordered[0], 5),
        "maximum": round(ordered[-1], 4),
        "gini": round(gini, 4),
        "panels": len(weighted),
    }


def ours(folder: Path, ids: Sequence[str]) -> dict[str, Any]:
    """Run our engine by its command; return its figures and what its tickets give.

    `before_tickets` is the smallest chance of the weights.
    """
    command = [sys.executable, "-m", "members.sortition", DATA / "pool_faisable.csv", DATA / "quotas.csv"]
    figures = run([*command, "--seats", str(SEATS), "--out", folder], 600)
    rows = [line.split(",") for line in (folder / "lots.csv").read_text().splitlines()[1:]]
    tickets = [(int(last) - int(first) + 1, members.split(" ")) for _number, first, last, members in rows]
    certificate = json.loads((folder / "certificate.json").read_bytes())
    return figures | chances(tickets, ids) | {"before_tickets": certificate["reached"], "bound": certificate["bound"]}


def theirs(folder: Path, ids: Sequence[str], limit: float) -> dict[str, Any]:
    """Run each free backend of the other engine."""
    try:
        venv = peers.environment("sortition-venv", PEER)
    except peers.Unavailable as missing:
        return {"unavailable": str(missing)}
    script = folder / "maximin.py"
    script.write_text(MAXIMIN, encoding="utf-8")
    figures: dict[str, Any] = {"version": peers.version_in(venv, "sortition-algorithms")}
    for backend in BACKENDS:
        say(f"sortition-algorithms, maximin, {backend}, at most {limit:.0f} s…")
        out = folder / f"{backend}.json"
        command = [venv / "bin" / "python", script, DATA / "pool_faisable.csv", DATA / "quotas.csv", str(SEATS)]
        figures[backend] = run([*command, backend, out], limit)
        if figures[backend]["ended"]:
            figures[backend] |= chances(json.loads(out.read_bytes()), ids)
            limit = min(limit, figures[backend]["cpu_s"])
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--limit", type=float, default=900)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    ids = [line.partition(",")[0] for line in (DATA / "pool_faisable.csv").read_text().splitlines()[1:]]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        say("members.sortition…")
        figures: dict[str, Any] = {"ours": [ours(folder, ids) for _round in range(1 if options.quick else 3)]}
        if not options.quick:
            figures["sortition_algorithms"] = theirs(folder, ids, options.limit)
    ended = [
        one["cpu_s"]
        for one in figures.get("sortition_algorithms", {}).values()
        if isinstance(one, dict) and one["ended"]
    ]
    if ended:
        mine = sorted(one["cpu_s"] for one in figures["ours"])[1]
        figures["times_faster"] = round(min(ended) / mine, 1)
    print_report("sortition", figures, packages=("highspy", "numpy"), load=load)


if __name__ == "__main__":
    main()
