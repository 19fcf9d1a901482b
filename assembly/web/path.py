"""Path of a dossier: its steps in order, those done, the present one, those to come (`templates/ui/path.html`)."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PathStep:
    """Step of a path. `state`: done, current, or empty for a step to come."""

    label: str
    note: str = ""
    state: str = ""


def path_of(rows: Sequence[tuple[str, str]], present: int) -> list[PathStep]:
    """Build the steps from pairs (label, note): those before `present` are done, those after it to come.

    The last one is done once it is reached: nothing follows.
    """
    last = len(rows) - 1

    def state_at(index: int) -> str:
        if index < present or index == present == last:
            return "done"
        return "current" if index == present else ""

    return [PathStep(label, note, state_at(index)) for index, (label, note) in enumerate(rows)]


def latest_step(steps: Sequence[PathStep]) -> tuple[int, PathStep]:
    """Return number (from one) and step of the last one done or in progress; the first before anything began."""
    number = max((index for index, step in enumerate(steps, 1) if step.state), default=1)
    return number, steps[number - 1]
