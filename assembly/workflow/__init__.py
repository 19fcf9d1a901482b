"""The domain half of the step engine: `Workflow` holds the steps of a model, `transition()` takes one.

The screen half, which turns rows into pages, is `assembly.dossiers`.
"""

from assembly.ui.errors import StateConflict
from assembly.workflow.engine import Step, Transition, Workflow, make_guard
from assembly.workflow.locks import lock, share
from assembly.workflow.permissions import SYSTEM_ONLY, Permission
from assembly.workflow.standing import RowStanding

__all__ = [
    "SYSTEM_ONLY",
    "RowStanding",
    "StateConflict",
    "Step",
    "Transition",
    "Permission",
    "Workflow",
    "lock",
    "make_guard",
    "share",
]
