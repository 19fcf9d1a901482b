from assembly.identity.models.attempts import AttemptCounter
from assembly.identity.models.erasure import ErasureRequest
from assembly.identity.models.person import Person
from assembly.identity.models.user import User

__all__ = ["AttemptCounter", "ErasureRequest", "Person", "User"]
