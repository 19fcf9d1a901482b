"""The life of a request to be erased."""

from assembly.identity.enums import ErasureState as S
from assembly.identity.models import ErasureRequest
from assembly.workflow import Workflow

ERASURE: Workflow[ErasureRequest] = Workflow(
    [
        ("fulfil", {S.PENDING}, S.DONE),
        ("refuse", {S.PENDING}, S.REFUSED),
        ("withdraw", {S.PENDING}, S.WITHDRAWN),
    ]
)
