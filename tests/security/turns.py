"""Which addresses, and which pages of registers, the tables of addresses try today (`tests/turns.py`)."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.mission.example import EXAMPLES
from tests.security import register_routes
from tests.turns import DAY, SHARES, one_of

# The pages of a register are one code for all of them: what a register says of itself is tried at these four (its
# list, a new row, a row, its own steps), the others at one register each by turns.
ITS_OWN = {"", "-new", "-row", "-step"}


def third_of(names: Sequence[str]) -> Sequence[str]:
    """Those of today; all of them within three days of commits."""
    return names[DAY % SHARES :: SHARES]


def list_of(name: str) -> str:
    """The list of the register whose page this is, if it is one that all registers share."""
    key = max((key for key in EXAMPLES if name.startswith(f"mission:{key}-")), key=len, default="")
    return f"mission:{key}" if key and name in register_routes.ROUTES else ""


def is_tried_by_another(name: str) -> bool:
    """Whether this is a page of a register that stands for today at another register."""
    of = list_of(name)
    end = name.removeprefix(of)
    return bool(of) and end not in ITS_OWN and one_of([*EXAMPLES], sum(end.encode())) != [of.partition(":")[2]]


def long_but_those_of_today(names: Sequence[str]) -> list[Any]:
    """Parameters of a test: what is tried another day, or at another register, waits for `./run test --all`."""
    today = {name for name in third_of(names) if not is_tried_by_another(name)}
    return [name if name in today else pytest.param(name, marks=pytest.mark.long) for name in names]
