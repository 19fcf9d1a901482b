"""State table of ballots: the README carries the same."""

from assembly.workflow import Workflow
from sessions.enums import BallotState as B
from sessions.models import Ballot

BALLOT: Workflow[Ballot] = Workflow(
    [
        ("count", {B.PREPARED}, B.COUNTED),
        ("recount", {B.COUNTED}, B.COUNTED),
        ("proclaim", {B.COUNTED}, B.PROCLAIMED),
        ("cancel", {B.PREPARED}, B.CANCELLED),
    ]
)
