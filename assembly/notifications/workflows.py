"""The life of one delivery. Who may take which step is in `rules.py`; the worker takes those of the first block."""

from assembly.notifications.enums import DeliveryState as S
from assembly.notifications.models import Delivery
from assembly.workflow import Workflow

DELIVERY: Workflow[Delivery] = Workflow(
    [
        # the sender, for e-mail
        ("claim", {S.QUEUED}, S.IN_FLIGHT),
        ("accept", {S.IN_FLIGHT, S.TO_CHECK}, S.SENT),
        ("postpone", {S.IN_FLIGHT}, S.QUEUED),
        ("give_up", {S.IN_FLIGHT}, S.FAILED),
        ("refuse", {S.IN_FLIGHT}, S.BOUNCED),
        ("doubt", {S.IN_FLIGHT, S.QUEUED}, S.TO_CHECK),
        # what the provider tells afterwards
        ("bounce", {S.SENT, S.TO_CHECK, S.IN_FLIGHT}, S.BOUNCED),
        ("complain", {S.SENT}, S.COMPLAINED),
        # the project team
        ("retry", {S.FAILED, S.BOUNCED}, S.QUEUED),
        ("confirm", {S.TO_CHECK}, S.SENT),
        ("send_again", {S.TO_CHECK}, S.QUEUED),
        ("stop", {S.QUEUED, S.FAILED, S.TO_CHECK}, S.CANCELLED),
        ("print", {S.QUEUED}, S.PRINTED),
        ("hand_over", {S.PRINTED}, S.HANDED_OVER),
    ]
)
