"""State tables of sittings, minutes and ballots: domain.md B11, B13, B10. The README carries the same tables."""

from assembly.workflow import Workflow
from sessions.enums import ActionState, BallotState, CorrectionState, MinutesState, SittingState

S, M, B = SittingState, MinutesState, BallotState

SITTING = Workflow(
    [
        ("notify", {S.PLANNED}, S.NOTIFIED),
        ("renotify", {S.NOTIFIED, S.CONFIRMED}, S.NOTIFIED),
        ("confirm", {S.NOTIFIED}, S.CONFIRMED),
        ("open", {S.NOTIFIED, S.CONFIRMED}, S.OPEN),
        ("suspend", {S.OPEN}, S.SUSPENDED),
        ("resume", {S.SUSPENDED}, S.OPEN),
        ("close", {S.OPEN, S.SUSPENDED}, S.CLOSED),
        ("note_no_quorum", {S.OPEN, S.SUSPENDED}, S.NOT_QUORATE),
        ("reconvene", {S.NOT_QUORATE}, S.RECONVENED),
        ("postpone", {S.PLANNED, S.NOTIFIED, S.CONFIRMED}, S.POSTPONED),
        ("cancel", {S.PLANNED, S.NOTIFIED, S.CONFIRMED}, S.CANCELLED),
        ("record_minutes", {S.CLOSED}, S.MINUTED),
        ("reopen_minutes", {S.MINUTED}, S.CLOSED),
        ("archive", {S.MINUTED}, S.ARCHIVED),
    ]
)

FORMAL = Workflow(
    [
        ("submit", {M.DRAFT}, M.INTERNAL_CHECK),
        ("return", {M.INTERNAL_CHECK}, M.DRAFT),
        ("circulate", {M.INTERNAL_CHECK}, M.CIRCULATED),
        ("end_corrections", {M.CIRCULATED}, M.CORRECTIONS),
        ("submit_for_approval", {M.CIRCULATED, M.CORRECTIONS}, M.SUBMITTED),
        ("approve", {M.SUBMITTED}, M.APPROVED),
        ("sign", {M.APPROVED}, M.SIGNED),
        ("publish", {M.SIGNED}, M.PUBLISHED),
        ("archive", {M.SIGNED, M.PUBLISHED}, M.ARCHIVED),
        ("rectify", {M.SIGNED, M.PUBLISHED}, M.APPROVED),
        ("reopen", {M.INTERNAL_CHECK, M.CIRCULATED, M.CORRECTIONS, M.SUBMITTED}, M.DRAFT),
    ]
)

REPORT = Workflow(
    [
        ("validate", {M.DRAFT}, M.VALIDATED),
        ("return", {M.VALIDATED}, M.DRAFT),
        ("circulate", {M.VALIDATED}, M.CIRCULATED),
        ("publish", {M.CIRCULATED}, M.PUBLISHED),
        ("archive", {M.CIRCULATED, M.PUBLISHED}, M.ARCHIVED),
        ("reopen", {M.VALIDATED, M.CIRCULATED}, M.DRAFT),
    ]
)

BALLOT = Workflow(
    [
        ("count", {B.PREPARED}, B.COUNTED),
        ("recount", {B.COUNTED}, B.COUNTED),
        ("proclaim", {B.COUNTED}, B.PROCLAIMED),
        ("cancel", {B.PREPARED}, B.CANCELLED),
    ]
)

CORRECTION = Workflow(
    [
        ("accept", {CorrectionState.ASKED}, CorrectionState.ACCEPTED),
        ("refuse", {CorrectionState.ASKED}, CorrectionState.REFUSED),
    ]
)

ACTION = Workflow(
    [
        ("finish", {ActionState.OPEN}, ActionState.DONE),
        ("drop", {ActionState.OPEN}, ActionState.DROPPED),
        ("reopen", {ActionState.DONE, ActionState.DROPPED}, ActionState.OPEN),
    ]
)
