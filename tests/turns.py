"""What takes turns in `./run test`: another share each day, the same for whoever tests the same commit.

CONTRIBUTING.md, « The gate », says which tests do and why; `./run test --all` runs every one of them each time.
"""

import os
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from assembly.local.addresses import ROOT
from assembly.local.gate import ALWAYS

# Not seven: the share of Sunday would wait for whoever commits on Sundays.
SHARES = 8
# Tests whose cases together took half a second or more, with their seconds: `function<TAB>seconds`. Written anew by
# `ASSEMBLY_MEASURE=1 ./run test --all`; a test that it does not know runs each day.
SLOW_TESTS = Path(__file__).with_name("slow.tsv")
# Whatever the day: who comes in, who writes together, what judges the pages, and what has turns of its own.
EACH_DAY = (
    *ALWAYS,
    "tests/e2e/test_sign_in.py",
    "tests/e2e/test_verdicts.py",
    "tests/e2e/test_coediting.py::test_three_people_type_at_once",
    "tests/security/test_fresh_proofs.py::test_a_stale_session_is_asked_and_nothing_is_written",
    "tests/security/test_fresh_proofs.py::test_elsewhere_nobody_is_asked",
    "tests/security/test_matrix.py",
    "tests/security/test_odd_bytes.py",
    "tests/security/test_once.py",
    "tests/security/test_rooms.py",
)
# Told by `./run test --fast`: what stands above a change. Its slow tests wait, of the others every eighth runs; of
# what changed all run but the slow ones, which take turns.
FAST = os.environ.get("ASSEMBLY_TURNS")
ABOVE = tuple(f"{place}/" for place in (FAST or "").split(":") if place)
SLOW_FROM = 0.5 if FAST is None else 3  # seconds


def day_of_the_commit() -> int:
    """Return the day of the last commit since 1970, or 0 without Git."""
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(said.stdout or 0) // 86_400


def function_of(nodeid: str) -> str:
    return nodeid.partition("[")[0]


def slow_tests() -> dict[str, float]:
    rows = (line.split("\t") for line in SLOW_TESTS.read_text(encoding="utf-8").splitlines())
    return {function: float(seconds) for function, seconds in rows}


DAY = day_of_the_commit()
SLOW = slow_tests()


def one_of[T](values: Sequence[T], turn: int) -> list[T]:
    """Return a list with the value whose turn it is, or an empty list."""
    return [values[(turn + DAY) % len(values)]] if values else []


def leave_to_another_day(items: Sequence[pytest.Item], piece_of: Callable[[str], str]) -> None:
    """Mark `long` the tests whose turn it is not: of the slow ones and those in a browser every eighth stays, and
    what one worker runs whole every eighth day. The longest are dealt first, to and fro, so that days are alike."""
    waiting: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    seconds: defaultdict[str, float] = defaultdict(float)
    cases = Counter(function_of(item.nodeid) for item in items)
    for item in items:
        is_above, function = item.nodeid.startswith(ABOVE), function_of(item.nodeid)
        is_slow = bool(item.get_closest_marker("browser")) or SLOW.get(function, 0) >= SLOW_FROM
        if item.get_closest_marker("long") or item.nodeid.startswith(EACH_DAY) or not (is_slow or is_above):
            continue
        if is_slow and is_above:
            item.add_marker(pytest.mark.long)
            continue
        piece = piece_of(item.nodeid)
        waiting[piece].append(item)
        seconds[piece] += SLOW.get(function, 0) / cases[function]
    for rank, piece in enumerate(sorted(waiting, key=lambda piece: -seconds[piece])):
        dealt, share = divmod(rank, SHARES)
        if (share if dealt % 2 else -1 - share) % SHARES != DAY % SHARES:
            for item in waiting[piece]:
                item.add_marker(pytest.mark.long)


def write_slow_tests(reports: Iterable[pytest.TestReport], path: Path = SLOW_TESTS) -> None:
    measured: defaultdict[str, float] = defaultdict(float)
    for report in reports:
        measured[function_of(report.nodeid)] += report.duration
    lines = (f"{function}\t{seconds:.1f}\n" for function, seconds in sorted(measured.items()) if seconds >= 0.5)
    path.write_text("".join(lines), encoding="utf-8")
