"""The domain half of the step engine: `Workflow` holds the steps of a model, `transition()` takes one.

The screen half, which turns rows into pages, is `assembly.dossiers`.
"""

from assembly.ui.errors import StateConflict
from assembly.workflow.engine import Step, Transition, Workflow, must_hold
from assembly.workflow.locks import lock, share
from assembly.workflow.standing import RowStanding
from assembly.workflow.who import NOBODY, Who

__all__ = [
    "NOBODY",
    "RowStanding",
    "StateConflict",
    "Step",
    "Transition",
    "Who",
    "Workflow",
    "lock",
    "must_hold",
    "share",
]
