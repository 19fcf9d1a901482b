"""State table of minutes: the README carries the same."""

from assembly.workflow import Workflow
from sessions.enums import CorrectionState
from sessions.enums import MinutesState as M
from sessions.models import Correction, Minutes

FORMAL: Workflow[Minutes] = Workflow(
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

REPORT: Workflow[Minutes] = Workflow(
    [
        ("validate", {M.DRAFT}, M.VALIDATED),
        ("return", {M.VALIDATED}, M.DRAFT),
        ("circulate", {M.VALIDATED}, M.CIRCULATED),
        ("publish", {M.CIRCULATED}, M.PUBLISHED),
        ("archive", {M.CIRCULATED, M.PUBLISHED}, M.ARCHIVED),
        ("reopen", {M.VALIDATED, M.CIRCULATED}, M.DRAFT),
    ]
)

CORRECTION: Workflow[Correction] = Workflow(
    [
        ("accept", {CorrectionState.ASKED}, CorrectionState.ACCEPTED),
        ("refuse", {CorrectionState.ASKED}, CorrectionState.REFUSED),
    ]
)
