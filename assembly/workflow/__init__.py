"""The domain half of the step engine: `Workflow` holds the steps of a model, `transition()` takes one.

The screen half, which turns rows into pages, is `assembly.dossiers`.
"""

from assembly.web.errors import StateConflict
from assembly.workflow.engine import Workflow
from assembly.workflow.locks import lock, share
from assembly.workflow.states import RowStanding, State, States
from assembly.workflow.steps import (
    SYSTEM_ONLY,
    Permission,
    ReasonForm,
    Step,
    StepForm,
    StepPage,
    Transition,
    make_guard,
)
