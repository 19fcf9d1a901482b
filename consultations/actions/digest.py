"""What agents are told: gathered during the day, one mail a working morning, never one mail an event."""

from assembly.identity.models import User
from consultations.enums import DeskEventKind
from consultations.models import DeskEvent, DirectorateReview, Referral, ThreadMessage


def tell(
    user: User,
    kind: DeskEventKind,
    referral: Referral,
    *,
    key: str,
    review: DirectorateReview | None = None,
    message: ThreadMessage | None = None,
) -> DeskEvent:
    """Add a line to the next daily mail of `user`; the same `key` for the same person is told once."""
    event, _made = DeskEvent.objects.get_or_create(
        key=f"{key}:{user.pk}",
        defaults={
            "term_id": referral.term_id,
            "user": user,
            "kind": kind,
            "referral": referral,
            "review": review,
            "message": message,
        },
    )
    return event
