"""What a register tells the tables of `tests/security`, by hand: who, a row, what a right form sends.

One module a register in `tests/mission/examples/`, with `EXAMPLE`: the lines of its routes, of fresh proofs and of the
matrix of steps come from it (`tests/security/register_routes.py`).
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from mission.registers import actions
from mission.registers.declaration import registers
from mission.registers.forms import line_form
from mission.registers.rules import term_of_row
from tests.mission import examples
from tests.people import People


@dataclass(frozen=True)
class Example:
    """`row(people, state)`: a row of the term at work. `values(people)`: a form of a row that is right. `lines`: one
    of a line, by kind. `steps`: slug → (whose, {answer: states}), as in `tests/security/steps/rule.py`. `step`: the
    slug of the line of the route, the state of its row, what is sent. `fresh`: steps that ask for a recent proof."""

    key: str
    sees: str
    writes: str
    states: str
    row: Callable[[People, str], Any]
    values: Callable[[People], dict[str, Any]]
    steps: Mapping[str, tuple[str, Mapping[int, str]]]
    step: tuple[str, str, dict[str, Any]]
    lines: Mapping[str, Callable[[People], dict[str, Any]]] = field(default_factory=dict)
    fresh: frozenset[str] = frozenset()
    unseen: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_state(self) -> str:
        return self.states.split()[0]

    def any_row(self, people: People) -> Any:
        return self.row(people, self.first_state)

    def line(self, people: People) -> Any:
        """Make a line of the first kind, as the page does."""
        kind, data = next(iter(self.lines.items()))
        row, register = self.any_row(people), registers[self.key]
        by = people[self.writes.split()[0]]
        form = line_form(self.key, kind)(data(people), row=row, term=term_of_row(row), user=by)
        assert form.is_valid(), form.errors
        return actions.add_line(
            register, next(lines for lines in register.lines if lines.key == kind), row, by=by, data=form.values()
        )


EXAMPLES: dict[str, Example] = {
    found.name: import_module(f"{examples.__name__}.{found.name}").EXAMPLE
    for found in pkgutil.iter_modules(examples.__path__)
}
