"""The path of a mandate and of a request (domain.md B4). The README carries the same tables; a test compares them."""

from assembly.workflow import Workflow
from members.enums import BatchState as B
from members.enums import MandateState as S
from members.enums import RequestState as R
from members.models import ImportBatch, Mandate, NameChangeRequest

MANDATE: Workflow[Mandate] = Workflow(
    [
        ("accept", {S.PROPOSED}, S.ACCEPTED),
        ("decline", {S.PROPOSED}, S.DECLINED),
        ("lapse", {S.PROPOSED}, S.NO_ANSWER),
        ("activate", {S.ACCEPTED}, S.ACTIVE),
        ("suspend", {S.ACTIVE}, S.SUSPENDED),
        ("resume", {S.SUSPENDED}, S.ACTIVE),
        ("end", {S.ACCEPTED, S.ACTIVE, S.SUSPENDED}, S.ENDED),
    ]
)

NAME_REQUEST: Workflow[NameChangeRequest] = Workflow(
    [
        ("confirm", {R.PENDING}, R.CONFIRMED),
        ("refuse", {R.PENDING}, R.REFUSED),
    ]
)

IMPORT_BATCH: Workflow[ImportBatch] = Workflow(
    [
        ("confirm", {B.PREVIEWED}, B.RUNNING),
        ("stop", {B.RUNNING}, B.STOPPED),
        ("resume", {B.STOPPED}, B.RUNNING),
        ("finish", {B.RUNNING, B.STOPPED}, B.CONFIRMED),
    ]
)
