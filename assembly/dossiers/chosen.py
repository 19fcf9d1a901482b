"""A step as a bulk act on many rows of a list (`assembly.ui.selection`)."""

from collections.abc import Callable
from typing import Any

from assembly.ui.selection import BulkAct
from assembly.ui.words import Label
from assembly.workflow import Workflow


def step_act(
    workflow: Workflow[Any], verb: str, label: Label, done: Callable[[int], str], form: Any = None
) -> BulkAct[Any]:
    """Build the bulk act that takes the step of each ticked row, with its own right, state and guards.

    `form`: its `reason` goes to the step.
    """

    def check(user: Any, row: Any) -> None:
        workflow.check(user, row, verb)
        for error in workflow.missing(row, verb):
            raise error

    def run(row: Any, user: Any, data: dict[str, Any]) -> Any:
        return workflow.transition(row, verb, by=user, reason=data.get("reason", ""))

    return BulkAct(label, run, done, check, form)
