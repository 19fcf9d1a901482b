from draws.models.call import Call, CallCount, CallExtension
from draws.models.candidate import Candidate, CandidateNeed, NextCallAddress
from draws.models.ceremony import BallReading, DrawResult, Incident
from draws.models.computation import Computation
from draws.models.confirmation_call import ConfirmationCall
from draws.models.designation import Designation
from draws.models.draw import Draw
from draws.models.margins import PopulationMargins
from draws.models.placement import Placement
from draws.models.pool import Contestation, FrozenPool, PoolEntry
from draws.models.quota_version import QuotaVersion

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
