from draws.calls.models import Call, CallCount, CallExtension
from draws.candidates.models import Candidate, CandidateNeed, NextCallAddress
from draws.draws.models import (
    BallReading,
    Computation,
    Contestation,
    Designation,
    Draw,
    DrawResult,
    FrozenPool,
    Incident,
    PoolEntry,
    QuotaVersion,
)
from draws.representation.models import PopulationMargins
from draws.succession.models import ConfirmationCall, Placement

__all__ = [
    "BallReading",
    "Call",
    "CallCount",
    "CallExtension",
    "Candidate",
    "CandidateNeed",
    "Computation",
    "ConfirmationCall",
    "Contestation",
    "Designation",
    "Draw",
    "DrawResult",
    "FrozenPool",
    "Incident",
    "NextCallAddress",
    "Placement",
    "PoolEntry",
    "PopulationMargins",
    "QuotaVersion",
]
