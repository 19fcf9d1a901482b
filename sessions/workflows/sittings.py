"""State table of sittings: the README carries the same."""

from assembly.workflow import Workflow
from sessions.enums import SittingState as S
from sessions.models import Sitting

SITTING: Workflow[Sitting] = Workflow(
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
