"""What takes turns in `./run test`: another share each day, the same for whoever tests the same commit.

CONTRIBUTING.md, « The gate », says which tests do and why; `./run test --all` runs every one of them each time.
"""

import os
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import pytest

from assembly.local.addresses import ROOT
from assembly.local.gate import DEAR

SHARES = 3
# Whatever the day: who comes in, who writes together, and what judges the pages.
EACH_DAY = (
    "tests/e2e/test_sign_in.py",
    "tests/e2e/test_verdicts.py",
    "tests/e2e/test_coediting.py::test_three_people_type_at_once",
)
# Above what changed, told by `./run test --fast`, which tries every sixth of them.
ABOVE = tuple(f"{place}/" for place in os.environ.get("ASSEMBLY_TURNS", "").split(":") if place)


def day_of_the_commit() -> int:
    """Days since 1970; 0 where there is no git."""
    said = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=False)
    return int(said.stdout or 0) // 86_400


DAY = day_of_the_commit()


def one_of[T](values: Sequence[T], turn: int) -> list[T]:
    """One by turns, in a list; none of none."""
    return [values[(turn + DAY) % len(values)]] if values else []


def leave_to_another_day(items: Iterable[pytest.Item], piece_of: Callable[[str], str]) -> None:
    """Mark `long` the tests whose turn it is not: of each file every third stays, of one above what changed every
    sixth; a piece that one worker runs whole stays every third day."""
    seen: Counter[str] = Counter()
    first: dict[str, int] = {}  # files and pieces follow one another, so that no day has all the long ones
    for item in items:
        takes_turns = item.get_closest_marker("browser") or item.nodeid.startswith((*DEAR, *ABOVE))
        if not takes_turns or item.get_closest_marker("long") or item.nodeid.startswith(EACH_DAY):
            continue
        piece = piece_of(item.nodeid)
        stands_alone = piece == item.nodeid
        together = item.nodeid.split("::")[0] if stands_alone else piece
        shares = 2 * SHARES if item.nodeid.startswith(ABOVE) else SHARES
        if (seen[together] + first.setdefault(together, len(first)) + DAY) % shares:
            item.add_marker(pytest.mark.long)
        seen[together] += stands_alone
