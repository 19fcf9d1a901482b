from draws.calls.models import Call, CallCount, CallExtension
from draws.candidates.models import Candidate, CandidateNeed, NextCallAddress
from draws.draws.models import Draw
from draws.models.ceremony import BallReading, DrawResult, Incident
from draws.models.computation import Computation
from draws.models.confirmation_call import ConfirmationCall
from draws.models.designation import Designation
from draws.models.pool import Contestation, FrozenPool, PoolEntry
from draws.models.quota_version import QuotaVersion
from draws.representation.models import PopulationMargins
from draws.succession.models import Placement

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
