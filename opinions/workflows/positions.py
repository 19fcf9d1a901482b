"""State table of positions: the README carries the same."""

from assembly.workflow import Workflow
from opinions.enums import PositionState as M
from opinions.models import MinorityPosition

POSITION: Workflow[MinorityPosition] = Workflow(
    [
        ("submit", {M.DRAFT}, M.SUBMITTED),
        ("withdraw", {M.SUBMITTED}, M.WITHDRAWN),
    ]
)
