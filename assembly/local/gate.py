"""Quality gate behind `./run test`: the same steps by hand and in continuous integration."""

import os
import resource
import secrets
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from assembly.local.addresses import ROOT, STATE

BIN = os.path.dirname(sys.executable)
PACKAGES = ["assembly", "members", "draws", "sessions", "consultations", "opinions", "answers", "mission", "demo"]
EXAMPLE = ROOT / "deploy" / "example.env"
FIRST_TESTS = "dossiers"  # any tests that use the database: the first ones create its tables
MOST_WORKERS = 15  # Redis has sixteen databases, the first of which is for a run without workers
FOLDERS_OF_APPS = ("", "tests/", "tests/factories/", "templates/")
WITHOUT_TESTS = (".ci/", "bench/", "deploy/", "docs/")
TESTS_OF_SHEETS_AND_SCRIPTS = ["tests/assembly/documents/pdf", "tests/assembly/web"]  # those that open no browser
GLOBAL_TESTS = ("tests/e2e/", "tests/security/", "tests/test_")  # tests of no app: nothing else depends on them
ALWAYS = [f"tests/test_{subject}.py" for subject in ("architecture", "docs", "glossary", "readme")]


@dataclass(frozen=True)
class GateCheck:
    """Tool with its arguments and environment. The pre-commit hook runs the quick ones."""

    name: str
    command: Sequence[str]
    environ: dict[str, str] = field(default_factory=dict)
    quick: bool = False

    def run(self) -> tuple[bool, str, float]:
        """Run the tool; return whether it succeeded, its output, and the seconds it took."""
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
    """Return the environment of deploy/example.env, with each published secret replaced by a fresh one."""
    fresh = secrets.token_hex(32)
    lines = EXAMPLE.read_text(encoding="utf-8").replace("replace-me", fresh).splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    return {**inherited, **dict(pairs)}


def steps() -> list[GateCheck]:
    """Return the steps before the tests, the slowest first since several run in parallel."""
    python = sys.executable
    manage = [python, "-W", "error", "-W", "ignore:Got an error checking:RuntimeWarning", "manage.py"]
    checks = [
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
    if not (STATE / "test").exists():  # each worker would wait for the tables, and compile every module itself
        checks.insert(1, GateCheck("base des tests", [python, "-m", "pytest", "-q", "-k", FIRST_TESTS]))
    if compose := shutil.which("docker-compose"):
        command = [compose, "--env-file", str(EXAMPLE), "config", "-q"]
        checks.append(GateCheck("docker-compose", command, example_environment()))
    return checks


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def workers(*, in_browsers: bool) -> int:
    """Return how many processes run the tests: one per core, and one more where browsers make them wait."""
    return min(cores() + in_browsers, MOST_WORKERS)


def app_layers() -> list[list[str]]:
    """Return the folders of the apps in import-linter's layers, the top layer first."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    apps, inside, *_ = (contract["layers"] for contract in contracts if "layers" in contract)
    return [[app] for app in apps[:-1]] + [
        [f"{apps[-1]}/{part.strip(' ()')}" for part in layer.split("|")] for layer in inside
    ]


def changed_files() -> list[str]:
    """Return the files that differ from the last commit of main in this branch, untracked ones included."""
    paths = []
    for command in ("diff --name-only --no-renames --merge-base main", "ls-files --others --exclude-standard"):
        result = subprocess.run(["git", *command.split(), "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
        if result.returncode:
            sys.exit(f"--fast compare avec la branche « main » : {result.stderr.strip()}")
        paths += result.stdout.split("\0")
    return [path for path in paths if path]


def tests_of(path: str) -> list[str]:
    """Return the tests that may fail by a change of this file: those of its app and of the apps above.

    Those of its own app are last. A changed test affects nothing above it; a file of no app is below all of them.
    """
    if path.endswith(".md") or path.startswith(WITHOUT_TESTS):
        return []
    if path.startswith(GLOBAL_TESTS):
        return [path] if path.rpartition("/")[2].startswith("test_") else []
    if path.startswith("static/"):
        return TESTS_OF_SHEETS_AND_SCRIPTS
    above: list[str] = []
    for layer in app_layers():
        for app in layer:
            names = [f"{folder}{name}" for folder in FOLDERS_OF_APPS for name in {app, app.rpartition("/")[2]}]
            if path.startswith(tuple(f"{name}{end}" for name in names for end in "/.")):
                return [f"tests/{app}"] if path.startswith(f"tests/{app}/") else [*above, f"tests/{app}"]
        above += [f"tests/{app}" for app in layer]
    return above


def tests_of_the_change() -> tuple[list[str], list[str]]:
    """Return the pytest arguments for all changes, and the folders above them, whose tests take turns."""
    places_by_file = [places for path in changed_files() if (places := tests_of(path))]
    chosen = {place for places in places_by_file for place in places}
    within = {place for place in chosen if is_within(place, chosen)}
    own = {places[-1] for places in places_by_file}
    places = sorted(place for place in chosen - within if (ROOT / place).exists() and place not in ALWAYS)
    return [*ALWAYS, *places], sorted(chosen - within - own)


def is_within(place: str, folders: set[str]) -> bool:
    return any(place.startswith(f"{folder}/") for folder in folders)


def check(chosen: Sequence[GateCheck]) -> bool:
    """Run the steps, one per core; print the output of the first that fails and return False."""
    with ThreadPoolExecutor(cores()) as pool:
        running = [(step, pool.submit(step.run)) for step in chosen]
        for step, future in running:
            content, output, seconds = future.result()
            print(f"  {'✓' if content else '✗'} {step.name:<26}{seconds:6.1f} s", flush=True)
            if not content:
                pool.shutdown(wait=False, cancel_futures=True)
                print(output)
                return False
    return True


def main(arguments: list[str]) -> int:
    """Run the gate with `--all`, `--fast` or `--quick` (CONTRIBUTING.md, « The gate »); pass all else to pytest."""
    pytest = [sys.executable, "-m", "pytest"]
    if arguments == ["--quick"]:
        return 0 if check([step for step in steps() if step.quick]) else 1
    chosen = [argument for argument in arguments if argument != "--all"]
    if chosen not in ([], ["--fast"]):
        os.execv(sys.executable, [*pytest, *chosen])  # noqa: S606 -- our own interpreter
    STATE.mkdir(exist_ok=True)
    start = time.monotonic()
    print("Contrôles", flush=True)
    if not check(steps()):
        return 1
    environ = {**os.environ}
    if chosen:
        places, turns = tests_of_the_change()
        extent = ["-m", "not long and not browser", *places]
        environ["ASSEMBLY_TURNS"] = ":".join(turns)  # see tests/turns.py
    else:
        extent = ["--create-db"] if "--all" in arguments else ["-m", "not long"]
    print("Tests", *extent[2:], flush=True)
    # Tests are ordered by us: the longest first.
    spread = ["-n", str(workers(in_browsers=not chosen)), "--dist", "loadscope", "--no-loadscope-reorder", "-q"]
    if "--all" not in arguments:  # what is judged in browsers, see tests/e2e/verdicts.py
        environ["ASSEMBLY_JUDGE_BY_KIND"] = "1"
    code = subprocess.run([*pytest, *spread, *extent], cwd=ROOT, env=environ, check=False).returncode
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = f"{time.monotonic() - start:.0f} s, {used.ru_utime + used.ru_stime:.0f} s de processeur"
    print(f"{'✓' if code == 0 else '✗'} terminé en {seconds}", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
