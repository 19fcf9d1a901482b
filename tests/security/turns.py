"""Which addresses, and which pages of registers, the tables of addresses try today (`tests/turns.py`)."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.mission.example import EXAMPLES
from tests.security import register_routes
from tests.turns import DAY, SHARES, one_of

# The pages of a register are one code for all of them: what a register says of itself is tried at these four (its
# list, a new row, a row, its own steps), the others at one register each day by turns.
ITS_OWN = {"", "-new", "-row", "-step"}


def list_of(name: str) -> str:
    """Return the list of the register of this page, if all registers share such a page."""
    key = max((key for key in EXAMPLES if name.startswith(f"mission:{key}-")), key=len, default="")
    return f"mission:{key}" if key and name in register_routes.ROUTES else ""


def shared_page(name: str) -> str:
    """Return the end of the name of a page that all registers share, or "" for any other address."""
    end = name.removeprefix(of) if (of := list_of(name)) else ""
    return "" if end in ITS_OWN else end


def of_today(names: Sequence[str]) -> list[str]:
    """Return the eighth of the addresses whose turn is today; of a shared page, one register."""

    def is_in_turn(name: str, number: int) -> bool:
        if end := shared_page(name):
            return one_of([*EXAMPLES], sum(end.encode())) == [list_of(name).partition(":")[2]]
        return number % SHARES == DAY % SHARES

    return [name for number, name in enumerate(names) if is_in_turn(name, number)]


def long_but_those_of_today(names: Sequence[str]) -> list[Any]:
    """Return test parameters; those of another day or register are marked long, for `./run test --all`."""
    today = {*of_today(names)}
    return [name if name in today else pytest.param(name, marks=pytest.mark.long) for name in names]
