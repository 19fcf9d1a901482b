"""What `draws` holds about people."""

from assembly.identity.privacy import impersonal
from draws.models import (
    BallReading,
    Call,
    Candidate,
    Computation,
    Contestation,
    Draw,
    DrawResult,
    FrozenPool,
    Incident,
    Placement,
    PoolEntry,
    QuotaVersion,
)

# A candidate is no `Person`: nobody’s card leads there, and the whole row goes on the announced day.
impersonal(Call, Candidate)
# Pseudonyms, hashes and counts; whoever acted by key only. The line of the sealed table, with what its candidate
# contested, goes with the candidate.
impersonal(
    BallReading, Computation, Contestation, Draw, DrawResult, Incident, FrozenPool, Placement, PoolEntry, QuotaVersion
)
