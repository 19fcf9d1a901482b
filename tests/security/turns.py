"""Which pages of registers the tables of addresses try today (`tests/turns.py`)."""

from collections.abc import Iterable
from typing import Any

import pytest

from tests.mission.example import EXAMPLES
from tests.security import register_routes
from tests.turns import one_of

# The pages of a register are one code for all of them: what a register says of itself is tried at these four (its
# list, a new row, a row, its own steps), the others at one register each by turns.
ITS_OWN = {"", "-new", "-row", "-step"}


def list_of(name: str) -> str:
    """The list of the register whose page this is, if it is one that all registers share."""
    key = max((key for key in EXAMPLES if name.startswith(f"mission:{key}-")), key=len, default="")
    return f"mission:{key}" if key and name in register_routes.ROUTES else ""


def is_tried_by_another(name: str) -> bool:
    """Whether this is a page of a register that stands for today at another register."""
    of = list_of(name)
    end = name.removeprefix(of)
    return bool(of) and end not in ITS_OWN and one_of([*EXAMPLES], sum(end.encode())) != [of.partition(":")[2]]


def long_if_another_is_tried(names: Iterable[str]) -> list[Any]:
    """Parameters of a test: what stands at another register today waits for `./run test --all`."""
    return [pytest.param(name, marks=pytest.mark.long) if is_tried_by_another(name) else name for name in names]
