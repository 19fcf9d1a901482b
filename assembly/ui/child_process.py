"""Processes that open what strangers send: no settings, no secret; their memory and processor time are capped."""

import os
import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PASSED_ON = ("PATH", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")


def environment() -> dict[str, str]:
    """What a child process is told: where programs and our own modules are, the language, the clock."""
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ} | {"PYTHONPATH": str(ROOT)}


def run_module(module: str, *args: str, content: bytes, seconds: float) -> subprocess.CompletedProcess[bytes]:
    """`python -m module` with `content` on its standard input; raises TimeoutExpired, which has what it wrote."""
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


def limit(memory: int, cpu_seconds: int | None = None) -> None:
    """Cap this process: bytes of memory, seconds of processor; it leaves no core file."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    if cpu_seconds is not None:
        resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, resource.RLIM_INFINITY))
