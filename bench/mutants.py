"""Invert one comparison or boolean of the rules and workflows at a time; count how many the tests of the app catch.

    .venv/bin/python -m bench.mutants [--seed N] [--sample N] [--jobs N] [--only PATH:NUMBER …] [--measure]

1. Each `==`, `<`, `is`, `in`, `and`, `or`, `not` of a module of rules or of a workflow is one mutant, named by its
   file and its rank there. A seed draws the sample.
2. The tests of the app that `./run test` runs on the day of the commit run once without a change; `sys.monitoring`
   records which test runs which line. The result is saved in `.local/mutants` for the commit (`--measure`: anew).
3. For each mutant the tests that run its line are run against it, quickest first, until one fails. A line of a module
   itself is tried by every test of the app. No file is changed: the module is changed in memory while it is imported.

Survivors are printed with their line. Each one gets a test, or a reason in `EQUAL` why it changes nothing.
"""

import argparse
import ast
import gc
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import types
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.report import commit, say

ROOT = Path(__file__).resolve().parents[1]
STATE = ROOT / ".local" / "mutants"
PACKAGES = ("answers", "assembly", "consultations", "draws", "members", "mission", "opinions", "sessions")
NAMES = {"rules", "workflow", "workflows"}
OPPOSITES: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
MUTANT = "ASSEMBLY_MUTANT"  # path:number of the mutant that this process imports
REACHED = "ASSEMBLY_MUTANT_REACHED"  # folder in which a run notes what its tests run
LIMIT_SECONDS = 900
QUICK = "not long and not browser"  # those that `./run test` runs on the day of the commit
# Mutants that change nothing that anybody can observe, each with its reason.
EQUAL: dict[str, str] = {
    "consultations/referrals/workflow/by_origin.py:10": "no referral is ever deleted; the page of a conflict reads it",
}


@dataclass(frozen=True)
class Mutant:
    """One inverted operator: its rank among those of its file, its line, and what it was.

    `function`: the lines of the function that holds it; no lines where it stands in the module itself.
    """

    path: str
    number: int
    line: int
    source: str
    function: range

    @property
    def name(self) -> str:
        return f"{self.path}:{self.number}"


def modules() -> list[Path]:
    """Return the modules of rules and workflows of the product."""
    paths = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(path for path in paths if NAMES & {path.stem, path.parent.name} and "migrations" not in path.parts)


def operators(tree: ast.AST) -> Iterator[tuple[ast.Compare | ast.BoolOp | ast.UnaryOp, int]]:
    """Yield each node that can be inverted, with the rank of its operator where it has several."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            yield from ((node, rank) for rank in range(len(node.ops)))
        elif isinstance(node, ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
            yield node, 0


def invert(tree: ast.Module, number: int) -> ast.Module:
    """Invert the operator of this rank in place; return the tree."""
    node, rank = list(operators(tree))[number]
    if isinstance(node, ast.Compare):
        node.ops[rank] = OPPOSITES[type(node.ops[rank])]()
    elif isinstance(node, ast.BoolOp):
        node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    else:
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(), node.operand)
    return ast.fix_missing_locations(tree)


def mutants_of(path: Path) -> list[Mutant]:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    name = str(path.relative_to(ROOT))
    return [
        Mutant(name, number, node.lineno, ast.get_source_segment(text, node) or "", function_around(tree, node.lineno))
        for number, (node, _) in enumerate(operators(tree))
    ]


def function_around(tree: ast.Module, line: int) -> range:
    """Return the lines of the innermost function or lambda that holds this line; no lines where none does."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
    around = [range(node.lineno, node.end_lineno + 1) for node in ast.walk(tree) if isinstance(node, kinds)]
    return min((lines for lines in around if line in lines), key=len, default=range(0))


def tests_that_run(mutant: Mutant, reach: Mapping[tuple[str, int], Sequence[str]]) -> Sequence[str]:
    """Return the tests that run the line of the mutant, else those that run its function.

    Not every line of an expression over several lines is recorded as run. A mutant outside of a function is tried by
    the tests of the app.
    """
    if tests := reach.get((mutant.path, mutant.line)):
        return tests
    if not mutant.function:
        return [tests_of(mutant.path)]
    return list(dict.fromkeys(test for line in mutant.function for test in reach.get((mutant.path, line), ())))


def tests_of(path: str) -> str:
    """Return the folder of tests of the app that holds this module, or of its part of `assembly` or `mission`."""
    app, part, *_ = path.split("/")
    folder = f"tests/{app}/{part}"
    return folder if app in ("assembly", "mission") and (ROOT / folder).is_dir() else f"tests/{app}"


# In the process of the tests ---------------------------------------------------------------------------------------


class MutatedLoader(importlib.machinery.SourceFileLoader):
    """Loader of a module with one operator inverted, never from a cache of bytecode."""

    def __init__(self, fullname: str, path: str, number: int) -> None:
        super().__init__(fullname, path)
        self.number = number

    def get_code(self, fullname: str) -> types.CodeType:
        tree = ast.parse(self.get_data(self.path))
        return compile(invert(tree, self.number), self.path, "exec", dont_inherit=True)


class MutatedFinder(importlib.abc.MetaPathFinder):
    """Finder of the one module that is changed."""

    def __init__(self, path: str, number: int) -> None:
        self.module = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        self.path, self.number = str(ROOT / path), number

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        loader = MutatedLoader(fullname, self.path, self.number)
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


if chosen := os.environ.get(MUTANT):
    chosen_path, _, chosen_number = chosen.rpartition(":")
    sys.meta_path.insert(0, MutatedFinder(chosen_path, int(chosen_number)))


class Reach:
    """Pytest plugin that records the lines of rules and workflows that each test runs."""

    TOOL = sys.monitoring.COVERAGE_ID

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {str(path): str(path.relative_to(ROOT)) for path in modules()}
        self.lines: set[tuple[str, int]] = set()
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.tests: dict[str, list[tuple[str, int]]] = {}
        self.failed: set[str] = set()

    def pytest_collection_finish(self) -> None:
        """Watch the functions of these modules alone: the rest of the run costs nothing more."""
        gc.unfreeze()
        sys.monitoring.use_tool_id(self.TOOL, "mutants")
        sys.monitoring.register_callback(self.TOOL, sys.monitoring.events.LINE, self.note)
        codes = {each.__code__ for each in gc.get_objects() if isinstance(each, types.FunctionType)}
        while codes:
            code = codes.pop()
            codes |= {each for each in code.co_consts if isinstance(each, types.CodeType)}
            if code.co_filename in self.files:
                sys.monitoring.set_local_events(self.TOOL, code, sys.monitoring.events.LINE)

    def note(self, code: types.CodeType, line: int) -> object:
        self.lines.add((self.files[code.co_filename], line))
        return sys.monitoring.DISABLE

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self) -> None:
        self.lines = set()
        sys.monitoring.restart_events()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        self.failed |= {report.nodeid} if report.failed else set()
        self.tests[report.nodeid] = sorted(self.lines)

    def pytest_sessionfinish(self) -> None:
        worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
        tests = [(self.seconds[name], name, lines) for name, lines in self.tests.items() if name not in self.failed]
        (self.folder / f"{worker}.json").write_text(json.dumps(tests), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Record what tests run, where requested: in each worker, or in the one process without workers."""
    folder = os.environ.get(REACHED)
    if folder and ("PYTEST_XDIST_WORKER" in os.environ or not config.getoption("numprocesses", None)):
        config.pluginmanager.register(Reach(Path(folder)), "mutants-reach")


# In the process that starts the tests ------------------------------------------------------------------------------


def command_for(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pytest", "-q", "-p", "bench.mutants", "-p", "no:cacheprovider", *arguments]


def read_reach(folder: str, *, jobs: int, anew: bool) -> dict[tuple[str, int], list[str]]:
    """Run a folder of tests once; return for each line the tests that run it and pass, quickest first."""
    saved = STATE / f"{folder.replace('/', '-')}-{commit()}.json"
    if anew or not saved.exists():
        notes = STATE / "notes"
        shutil.rmtree(notes, ignore_errors=True)
        notes.mkdir(parents=True)
        say(f"• {folder}")
        command = command_for("-n", str(jobs), "-m", QUICK, folder)
        run = subprocess.run(
            command, cwd=ROOT, env={**os.environ, REACHED: str(notes)}, check=False, stdout=sys.stderr
        )
        if run.returncode not in (0, 1):
            sys.exit(f"{folder}: pytest ended with {run.returncode}")
        tests = [test for path in notes.iterdir() for test in json.loads(path.read_text(encoding="utf-8"))]
        saved.write_text(json.dumps(sorted(tests)), encoding="utf-8")
    reach = defaultdict(list)
    for _, name, lines in json.loads(saved.read_text(encoding="utf-8")):
        for path, line in lines:
            reach[path, line].append(name)
    return reach


def is_caught(mutant: Mutant, tests: Sequence[str]) -> bool:
    """Run the tests against the mutant; true if one of them fails, or does not end."""
    if not tests:
        return False
    arguments = STATE / f"{mutant.name.replace('/', '-')}.txt"
    arguments.write_text("\n".join(tests), encoding="utf-8")
    environ = {**os.environ, MUTANT: mutant.name}
    # Tests that are named run whatever the day: which ones wait depends on what is collected with them.
    marks = ("-m", QUICK) if [tests_of(mutant.path)] == list(tests) else ("-m", "not browser")
    command = command_for("-x", *marks, f"@{arguments}")
    try:
        run = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        return True
    finally:
        arguments.unlink()
    if run.returncode not in (
        0,
        1,
        2,
        3,
        4,
    ):  # what the mutant breaks while modules are imported is an error of pytest
        raise RuntimeError(run.stdout + run.stderr)
    return run.returncode != 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--seed", type=int, default=29)
    parser.add_argument("--sample", type=int, default=120)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--measure", action="store_true", help="run the tests without a change anew")
    parser.add_argument("--only", nargs="*", default=[], help="these mutants, as they were printed")
    options = parser.parse_args()
    every = [mutant for path in modules() for mutant in mutants_of(path)]
    if options.only:
        sample = [mutant for mutant in every if mutant.name in options.only]
    else:
        sample = random.Random(options.seed).sample(every, options.sample)
    by_folder = defaultdict(list)
    for mutant in sample:
        by_folder[tests_of(mutant.path)].append(mutant)
    plans = []
    for folder, mutants in sorted(by_folder.items()):
        reach = read_reach(folder, jobs=options.jobs, anew=options.measure)
        plans += [(mutant, tests_that_run(mutant, reach)) for mutant in mutants]
    print(f"{len(every)} mutants, {len(sample)} drawn by the seed {options.seed}", flush=True)
    survivors = []
    with ThreadPoolExecutor(options.jobs) as pool:
        for (mutant, tests), caught in zip(plans, pool.map(lambda plan: is_caught(*plan), plans), strict=True):
            print(
                "caught  " if caught else "SURVIVED",
                mutant.name,
                f"line {mutant.line}",
                f"{len(tests)} tests",
                " ".join(mutant.source.split()),
                EQUAL.get(mutant.name, ""),
                flush=True,
            )
            survivors += [] if caught else [mutant]
    equal = [mutant for mutant in survivors if mutant.name in EQUAL]
    print(
        f"{len(sample) - len(survivors)} of {len(sample)} caught; {len(survivors)} survived, "
        f"{len(equal)} of them for a reason"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
