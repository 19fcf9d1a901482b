"""Links of those who follow a proposal; each opens one thing and expires with its row."""

from datetime import datetime, timedelta
from uuid import UUID

from answers.models import Follower, Following
from assembly.identity.personal_links import PersonalLink

CONFIRMED_WITHIN = timedelta(days=3)
FOLLOWED_FOR = timedelta(days=3 * 365)
# A mail leaves when nothing has happened for `QUIET`, and on a day without a pause after `LONGEST` at the latest.
QUIET, LONGEST = timedelta(minutes=30), timedelta(hours=4)
CONFIRM = PersonalLink("answers.following.confirm", CONFIRMED_WITHIN)
STOP = PersonalLink("answers.following.stop", None)


def is_open(following: Following, now: datetime) -> bool:
    """Return whether the confirmation link may still be used."""
    return following.is_pending and following.asked_at >= now - CONFIRMED_WITHIN


def address_of(follower: Follower) -> str:
    return follower.person.email if follower.person else follower.address


def demand_of(following: Following) -> str:
    """Return the name of this request; one that was stopped, or made again after its end, has another name."""
    return f"{following.pk}-{following.asked_at:%Y%m%d%H%M%S%f}"


def confirmation_token(following: Following) -> str:
    return CONFIRM.token(demand_of(following), address_of(following.follower))


def following_of(token: str) -> Following | None:
    """Return the request that this link confirms; None for a forged link, or if the request or address is gone."""
    if (sent := CONFIRM.read(token)) is None:
        return None
    rows = Following.objects.select_related("follower__person", "recommendation__opinion", "whole_of")
    row = rows.filter(pk=sent.name.partition("-")[0]).first()
    return row if row and demand_of(row) == sent.name and sent.opens(address_of(row.follower)) else None


def stop_token(follower: Follower) -> str:
    return STOP.token(str(follower.public_id), address_of(follower))


def follower_behind(token: str) -> tuple[bool, Follower | None]:
    """Return whether this link ends, or has ended, a subscription, and its follower if the row still exists.

    A link for another address than the present one opens nothing.
    """
    if (sent := STOP.read(token)) is None:
        return False, None
    follower = Follower.objects.filter(public_id=UUID(sent.name)).select_related("person").first()
    if follower is not None and not sent.opens(address_of(follower)):
        return False, None
    return True, follower
