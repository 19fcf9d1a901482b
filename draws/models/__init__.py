from draws.models.call import Call, CallCount, CallExtension
from draws.models.candidate import Candidate, CandidateNeed, NextCallAddress

__all__ = ["Call", "CallCount", "CallExtension", "Candidate", "CandidateNeed", "NextCallAddress"]
