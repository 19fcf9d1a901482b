"""What waits for another day runs on one of eight, whole modules stay whole, and the daily journeys never wait."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests import turns

STORY, PIECE, DAILY, PLAIN, TABLE = (
    "tests/e2e/test_minutes.py",
    "tests/e2e/mission_year/",
    "tests/e2e/test_sign_in.py",
    "tests/sessions/test_rules.py",
    "tests/sessions/sittings/test_tables.py::test_each_state",
)
DAYS = range(20_785, 20_793)


class Found:
    """As much of a collected test as turns look at."""

    def __init__(self, nodeid: str, *marks: str) -> None:
        self.nodeid, self.marks = nodeid, [*marks]

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None

    def add_marker(self, mark: Any) -> None:
        self.marks.append(mark.name)


def run_on(day: int, found: list[Found], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    monkeypatch.setattr(turns, "DAY", day)
    turns.leave_to_another_day(found, lambda nodeid: PIECE if nodeid.startswith(PIECE) else nodeid)
    return {one.nodeid for one in found if "long" not in one.marks}


def in_browsers() -> list[Found]:
    modules = (STORY, f"{PIECE}test_grants.py", DAILY)
    return [Found(f"{module}::test_{n}", "browser") for module in modules for n in range(15)]


def test_every_slow_test_runs_on_one_day_of_eight(monkeypatch):
    monkeypatch.setattr(turns, "SLOW", {TABLE: 12.0})
    cells = [f"{TABLE}[{n}]" for n in range(80)]

    def today(day: int) -> set[str]:
        others = [Found(f"{PLAIN}::test_1"), Found(f"{STORY}::test_kill", "browser", "long")]
        return run_on(day, [*in_browsers(), *others, *(Found(cell) for cell in cells)], monkeypatch)

    days = [today(day) for day in DAYS]
    for name in [*(f"{STORY}::test_{n}" for n in range(15)), *cells]:
        assert [name in day for day in days].count(True) == 1, name
    assert sorted(sum(name.startswith(PIECE) for name in day) for day in days) == [0, 0, 0, 0, 0, 0, 0, 15]
    assert {sum(name.startswith(TABLE) for name in day) for day in days} == {10}
    assert all({f"{DAILY}::test_{n}" for n in range(15)} | {f"{PLAIN}::test_1"} <= day for day in days)
    assert not any(f"{STORY}::test_kill" in day for day in days)
    assert today(20_793) == days[0]


def test_long_ones_are_dealt_to_all_days_alike(monkeypatch):
    """Sixteen tests of 16, 15, 14 … seconds: each day has two of them, 17 seconds together."""
    names = [f"tests/sessions/test_{n}.py::test" for n in range(1, 17)]
    monkeypatch.setattr(turns, "SLOW", {name: float(n) for n, name in enumerate(names, 1)})
    for day in DAYS:
        chosen = run_on(day, [Found(name) for name in names], monkeypatch)
        assert sum(turns.SLOW[name] for name in chosen) == 17


def test_of_what_stands_above_a_change_every_eighth_test_runs_and_no_slow_one(monkeypatch):
    monkeypatch.setattr(turns, "ABOVE", ("tests/sessions/",))
    monkeypatch.setattr(turns, "SLOW_FROM", 3)
    monkeypatch.setattr(turns, "SLOW", {TABLE: 3.0, f"{PLAIN}::test_1": 2.9})
    names = [f"{PLAIN}::test_{n}" for n in range(16)]
    stayed = []
    for day in DAYS:
        stayed += run_on(day, [*(Found(name) for name in names), Found(f"{TABLE}[1]")], monkeypatch)
        assert len(stayed) == 2 * (day - 20_784)
    assert sorted(stayed) == sorted(names)


def test_what_is_slow_is_written_by_function_with_all_its_cases(tmp_path):
    measured = [(f"{PLAIN}::test_1", 0.2), (f"{PLAIN}::test_1", 0.2), (f"{TABLE}[a]", 0.3), (f"{TABLE}[b]", 0.4)]
    reports = [SimpleNamespace(nodeid=nodeid, duration=seconds) for nodeid, seconds in measured]
    turns.write_slow_tests(reports, tmp_path / "slow.tsv")
    assert (tmp_path / "slow.tsv").read_text() == f"{TABLE}\t0.7\n"
