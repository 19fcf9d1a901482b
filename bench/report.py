"""Output of every bench: one JSON object as last line of standard output (progress goes to standard error)."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def say(text: str) -> None:
    """Print a line of progress."""
    print(text, file=sys.stderr, flush=True)


def commit() -> str:
    """Return the commit that is measured, with a `+` when the folder holds changes of its own."""
    head = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    changed = subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=False)
    return head.stdout.strip() + ("+" if changed.stdout.strip() else "")


def print_report(
    bench: str,
    figures: Mapping[str, Any],
    *,
    baseline: Mapping[str, Any] | None = None,
    packages: Iterable[str] = ("django",),
    load: float | None = None,
) -> None:
    """Print the line; `load` is the machine’s load when the measure began, read with `os.getloadavg()`."""
    after = os.getloadavg()[0]
    loads = {"load": round(after if load is None else load, 2), "load_after": round(after, 2)}
    print(
        json.dumps(
            {
                "bench": bench,
                "commit": commit(),
                "machine": {"cores": os.cpu_count(), **loads},
                "versions": {name: version(name) for name in packages},
                "figures": figures,
                "baseline": dict(baseline or {}),
            },
            ensure_ascii=False,
        ),
        flush=True,
    )
