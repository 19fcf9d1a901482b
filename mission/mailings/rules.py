"""Links of those who are on a list, and how long what is known of them is kept."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils.crypto import salted_hmac

from mission.mailings.models import ListSubscriber

JOINED_WITHIN = timedelta(days=14)
SILENCE = timedelta(days=3 * 365)
JOIN, LEAVE = Signer(salt="mission.lists.join"), Signer(salt="mission.lists.leave")


def address_digest(email: str) -> str:
    """Which address withdrew, without its words."""
    return salted_hmac("mission.lists.withdrawn", email.strip().lower(), algorithm="sha256").hexdigest()


def may_still_join(subscriber: ListSubscriber, now: datetime) -> bool:
    """Its link may be used, also a second time."""
    return subscriber.confirmed_at is not None or subscriber.created_at >= now - JOINED_WITHIN


def join_token(subscriber: ListSubscriber) -> str:
    return JOIN.sign(str(subscriber.public_id))


def leave_token(subscriber: ListSubscriber) -> str:
    return LEAVE.sign(str(subscriber.public_id))


def named_by(signer: Signer, token: str) -> UUID | None:
    """Whom a link names, whether still there or not; None when it was made up."""
    try:
        return UUID(signer.unsign(token))
    except BadSignature:
        return None
