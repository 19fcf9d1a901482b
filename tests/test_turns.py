"""What waits for another day runs on one of three, whole modules stay whole, and the daily journeys never wait."""

from typing import Any

import pytest

from tests import turns

STORY, PIECE, DAILY, PLAIN = (
    "tests/e2e/test_minutes.py",
    "tests/e2e/mission_year/",
    "tests/e2e/test_sign_in.py",
    "tests/sessions/test_rules.py",
)


class Found:
    """As much of a collected test as turns look at."""

    def __init__(self, nodeid: str, *marks: str) -> None:
        self.nodeid, self.marks = nodeid, [*marks]

    def get_closest_marker(self, name: str) -> str | None:
        return name if name in self.marks else None

    def add_marker(self, mark: Any) -> None:
        self.marks.append(mark.name)


def run_on(day: int, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    found = [
        Found(f"{module}::test_{n}", "browser")
        for module in (STORY, f"{PIECE}test_grants.py", DAILY)
        for n in range(7)
    ]
    found += [Found(f"{PLAIN}::test_1"), Found(f"{STORY}::test_kill", "browser", "long")]
    monkeypatch.setattr(turns, "DAY", day)
    turns.leave_to_another_day(found, lambda nodeid: PIECE if nodeid.startswith(PIECE) else nodeid)
    return {one.nodeid for one in found if "long" not in one.marks}


def test_every_browser_test_runs_on_one_day_of_three(monkeypatch):
    days = [run_on(day, monkeypatch) for day in (20_785, 20_786, 20_787)]
    for n in range(7):
        assert [f"{STORY}::test_{n}" in day for day in days].count(True) == 1
    assert sorted(sum(name.startswith(PIECE) for name in day) for day in days) == [0, 0, 7]
    assert all({f"{DAILY}::test_{n}" for n in range(7)} | {f"{PLAIN}::test_1"} <= day for day in days)
    assert not any(f"{STORY}::test_kill" in day for day in days)
    assert run_on(20_788, monkeypatch) == days[0]


def test_of_what_stands_above_a_change_every_sixth_test_runs(monkeypatch):
    monkeypatch.setattr(turns, "ABOVE", ("tests/sessions/",))
    names = [f"{PLAIN}::test_{n}" for n in range(12)]
    stayed = []
    for day in range(20_785, 20_791):
        monkeypatch.setattr(turns, "DAY", day)
        found = [Found(name) for name in names]
        turns.leave_to_another_day(found, lambda nodeid: nodeid)
        stayed += [one.nodeid for one in found if "long" not in one.marks]
        assert len(stayed) == 2 * (day - 20_784)
    assert sorted(stayed) == sorted(names)
