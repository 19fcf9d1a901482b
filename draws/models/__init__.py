from draws.models.call import Call
from draws.models.candidate import Candidate

__all__ = ["Call", "Candidate"]
