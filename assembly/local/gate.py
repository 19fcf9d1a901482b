"""The quality gate behind `./run test`: the same steps by hand and in continuous integration."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from assembly.local.addresses import ROOT, STATE

BIN = os.path.dirname(sys.executable)
PACKAGES = ["assembly", "members", "sessions", "consultations", "opinions", "demo"]
EXAMPLE = ROOT / "deploy" / "example.env"


@dataclass(frozen=True)
class GateCheck:
    """One tool, its arguments, and what it needs in its environment. A commit waits for the quick ones."""

    name: str
    command: Sequence[str]
    environ: dict[str, str] = field(default_factory=dict)
    quick: bool = False

    def run(self) -> tuple[bool, str, float]:
        """Run the tool; return whether it is content, what it said, and the seconds it took."""
        start = time.monotonic()
        environ = self.environ or {**os.environ, "ASSEMBLY_LOCAL": "1"}
        result = subprocess.run(
            self.command,
            cwd=ROOT,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return result.returncode == 0, result.stdout, time.monotonic() - start


def example_environment() -> dict[str, str]:
    """Read deploy/example.env: what production must be given, each published secret replaced by a fresh one."""
    fresh = secrets.token_hex(32)
    lines = EXAMPLE.read_text(encoding="utf-8").replace("replace-me", fresh).splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, **dict(pairs)}


def steps() -> list[GateCheck]:
    """Return the steps before the tests, the slowest first since two run at a time."""
    python = sys.executable
    manage = [python, "-W", "error", "-W", "ignore:Got an error checking:RuntimeWarning", "manage.py"]
    found = [
        GateCheck("types", [f"{BIN}/mypy", *PACKAGES]),
        GateCheck("mise en forme", [f"{BIN}/ruff", "format", "--check", "."], quick=True),
        GateCheck("règles de code", [f"{BIN}/ruff", "check", "."], quick=True),
        GateCheck("gabarits", [f"{BIN}/djlint", "--lint", "--quiet", "templates"], quick=True),
        GateCheck("sens des imports", [f"{BIN}/lint-imports"], quick=True),
        GateCheck("migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        GateCheck(
            "réglages de production", [*manage, "check", "--deploy", "--fail-level", "WARNING"], example_environment()
        ),
    ]
    if compose := shutil.which("docker-compose"):
        command = [compose, "--env-file", str(EXAMPLE), "config", "-q"]
        found.append(GateCheck("docker-compose", command, example_environment()))
    return found


def check(chosen: Sequence[GateCheck]) -> bool:
    """Run the steps, two at a time; show the first that fails."""
    with ThreadPoolExecutor(2) as pool:
        running = [(step, pool.submit(step.run)) for step in chosen]
        for step, future in running:
            content, said, seconds = future.result()
            print(f"  {'✓' if content else '✗'} {step.name:<26}{seconds:6.1f} s", flush=True)
            if not content:
                pool.shutdown(wait=False, cancel_futures=True)
                print(said)
                return False
    return True


def main(arguments: list[str]) -> int:
    """`--all` adds the long tests; `--quick` runs the quick checks and no test; all else goes straight to pytest."""
    pytest = [sys.executable, "-m", "pytest"]
    every = "--all" in arguments
    chosen = [argument for argument in arguments if argument != "--all"]
    if chosen == ["--quick"]:
        return 0 if check([step for step in steps() if step.quick]) else 1
    if chosen:
        os.execv(sys.executable, [*pytest, *chosen])  # noqa: S606 -- our own interpreter
    STATE.mkdir(exist_ok=True)
    start = time.monotonic()
    print("Contrôles", flush=True)
    if not check(steps()):
        return 1
    print("Tests", flush=True)
    marks = [] if every else ["-m", "not long"]
    workers = ["-n", "2", "--dist", "loadscope", "--no-loadscope-reorder", "-q"]  # our own order: the longest first
    code = subprocess.run([*pytest, *workers, *marks], cwd=ROOT, check=False).returncode
    print(f"{'✓' if code == 0 else '✗'} terminé en {time.monotonic() - start:.0f} s", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
