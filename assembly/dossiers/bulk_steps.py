"""A step as a bulk act on many rows of a list (`assembly.lists.selection`)."""

from collections.abc import Callable
from typing import Any

from assembly.lists.selection import BulkAct
from assembly.text.french import Label
from assembly.workflow import Workflow


def step_check(workflow: Workflow[Any], name: str) -> Callable[[Any, Any], None]:
    """Return the check of a bulk act: it raises what the step would, its right, its state, the first of its guards."""

    def check(user: Any, row: Any) -> None:
        workflow.check(user, row, name)
        for error in workflow.missing(row, name):
            raise error

    return check


def bulk_step(
    workflow: Workflow[Any], name: str, label: Label, success_message: Callable[[int], str], form: Any = None
) -> BulkAct[Any]:
    """Build the bulk act that takes the step of each ticked row, with its own right, state and guards.

    `form`: its `reason` goes to the step.
    """

    def action(row: Any, user: Any, data: dict[str, Any]) -> Any:
        return workflow.transition(row, name, by=user, reason=data.get("reason", ""))

    return BulkAct(label, action, success_message, step_check(workflow, name), form)
