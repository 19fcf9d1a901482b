from draws.calls.models import Call, CallCount, CallExtension, CallState, Ground
from draws.candidates.models import (
    AgeBand,
    Candidate,
    CandidateNeed,
    CandidateState,
    Channel,
    Examination,
    ExclusionReason,
    NextCallAddress,
    Occupation,
)
from draws.draws.models import (
    BallReading,
    Computation,
    ComputationKind,
    ComputationState,
    Contestation,
    Designation,
    DesignationOutcome,
    Draw,
    DrawResult,
    DrawState,
    DrawTable,
    FrozenPool,
    Incident,
    PoolEntry,
    QuotaVersion,
)
from draws.representation.models import PopulationMargins
from draws.succession.models import CallOutcome, ConfirmationCall, Placement
