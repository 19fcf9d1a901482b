"""State table of action items: the README carries the same."""

from assembly.workflow import Workflow
from sessions.enums import ActionState
from sessions.models import ActionItem

ACTION: Workflow[ActionItem] = Workflow(
    [
        ("finish", {ActionState.OPEN}, ActionState.DONE),
        ("drop", {ActionState.OPEN}, ActionState.DROPPED),
        ("reopen", {ActionState.DONE, ActionState.DROPPED}, ActionState.OPEN),
    ]
)
