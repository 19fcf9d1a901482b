"""State machines as tables: `Workflow` holds the steps of a model, `move()` is a compare-and-swap."""

from assembly.workflow.table import Step, TransitionRefused, Workflow

__all__ = ["Step", "TransitionRefused", "Workflow"]
