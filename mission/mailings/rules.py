"""Links of those who are on a list, and how long what is known of them is kept."""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.crypto import salted_hmac

from assembly.identity.personal_links import PersonalLink
from mission.mailings.models import ListSubscriber

JOINED_WITHIN = timedelta(days=14)
SILENCE = timedelta(days=3 * 365)
JOIN, LEAVE = PersonalLink("mission.lists.join", JOINED_WITHIN), PersonalLink("mission.lists.leave", None)


def address_digest(email: str) -> str:
    """Which address withdrew, without its words."""
    return salted_hmac("mission.lists.withdrawn", email.strip().lower(), algorithm="sha256").hexdigest()


def may_still_join(subscriber: ListSubscriber, now: datetime) -> bool:
    """Its link may be used, also a second time."""
    return subscriber.confirmed_at is not None or subscriber.created_at >= now - JOINED_WITHIN


def join_token(subscriber: ListSubscriber) -> str:
    return JOIN.token(str(subscriber.public_id), subscriber.person.email)


def leave_token(subscriber: ListSubscriber) -> str:
    return LEAVE.token(str(subscriber.public_id), subscriber.person.email)


def named_by(link: PersonalLink, token: str) -> UUID | None:
    """Whom a link names, whether still there or not; None when it was made up, or sent to another address."""
    if (sent := link.read(token)) is None:
        return None
    public_id = UUID(sent.name)
    found = ListSubscriber.objects.filter(public_id=public_id).select_related("person").first()
    return public_id if found is None or sent.opens(found.person.email) else None
