"""Links of subscribers, and how long their data are retained."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from assembly.identity.personal_links import PersonalLink
from mission.mailings.models import ListSubscriber

JOINED_WITHIN = timedelta(days=14)
SILENCE = timedelta(days=3 * 365)
JOIN, LEAVE = PersonalLink("mission.lists.join", JOINED_WITHIN), PersonalLink("mission.lists.leave", None)


def address_digest(email: str) -> str:
    """Return the keyed digest of an address that withdrew, so that the address itself is not stored."""
    return salted_hmac("mission.lists.withdrawn", email.strip().lower(), algorithm="sha256").hexdigest()


def may_still_join(subscriber: ListSubscriber, now: datetime) -> bool:
    """Return whether the link may be used, also a second time."""
    return subscriber.confirmed_at is not None or subscriber.created_at >= now - JOINED_WITHIN


def join_token(subscriber: ListSubscriber) -> str:
    return JOIN.token(str(subscriber.public_id), subscriber.person.email)


def leave_token(subscriber: ListSubscriber) -> str:
    return LEAVE.token(str(subscriber.public_id), subscriber.person.email)


def named_by(link: PersonalLink, token: str) -> UUID | None:
    """Return whom a link names, also after a withdrawal; None if it is forged or was sent to another address."""
    if (sent := link.read(token)) is None:
        return None
    public_id = UUID(sent.name)
    subscriber = ListSubscriber.objects.filter(public_id=public_id).select_related("person").first()
    return public_id if subscriber is None or sent.opens(subscriber.person.email) else None
