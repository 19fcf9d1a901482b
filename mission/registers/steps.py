"""The workflow of a register."""

from typing import Any

from assembly.workflow import Workflow
from mission.registers.refusals import explain_violations


class RegisterWorkflow(Workflow[Any]):
    """Workflow that turns a broken constraint into its error message, wherever a step is taken."""

    take = explain_violations(Workflow.take)
    run_page = explain_violations(Workflow.run_page)
