"""Links of those who follow a proposal: each opens one thing and dies with its row."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

from answers.models import Follower, Following

CONFIRMED_WITHIN = timedelta(days=3)
FOLLOWED_FOR = timedelta(days=3 * 365)
# A burst is over when nothing has happened for a while; a day without a pause is told in parts.
QUIET, LONGEST = timedelta(minutes=30), timedelta(hours=4)
CONFIRM, STOP = Signer(salt="answers.following.confirm"), Signer(salt="answers.following.stop")


def is_open(following: Following, now: datetime) -> bool:
    """Its link may still be used."""
    return following.is_pending and following.asked_at >= now - CONFIRMED_WITHIN


def confirmation_token(following: Following) -> str:
    """Of this demand: one that was stopped, or asked again after its end, has another."""
    return CONFIRM.sign(f"{following.pk}-{following.asked_at:%Y%m%d%H%M%S%f}")


def following_of(token: str) -> Following | None:
    """Whose demand this link confirms; None when it was made up, or the demand is gone."""
    try:
        pk = CONFIRM.unsign(token).partition("-")[0]
    except BadSignature:
        return None
    row = Following.objects.filter(pk=pk).select_related("follower", "recommendation__opinion", "whole_of").first()
    return row if row is not None and confirmation_token(row) == token else None


def stop_token(follower: Follower) -> str:
    return STOP.sign(str(follower.public_id))


def stopped_by(token: str) -> UUID | None:
    """Which follower this link stops, whether still there or not; None when it was made up."""
    try:
        return UUID(STOP.unsign(token))
    except BadSignature:
        return None
