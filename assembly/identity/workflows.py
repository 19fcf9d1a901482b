"""The life of a request to be erased."""

from assembly.identity.enums import ErasureState as S
from assembly.workflow import Workflow

ERASURE = Workflow(
    [
        ("fulfil", {S.PENDING}, S.DONE),
        ("refuse", {S.PENDING}, S.REFUSED),
        ("withdraw", {S.PENDING}, S.WITHDRAWN),
    ]
)
