"""Signed URLs that work without signing in: the answer of one invitee, the calendar of one account.

The signature covers the key of the row and its version; a forged one, or one of an older version, opens nothing.
"""

import hashlib
import json
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.utils import timezone

from assembly.identity.personal_links import PersonalLink, SentLink
from assembly.text.untrusted_input import whole_number
from sessions.models import CalendarFeed, Invitee

REPLY = PersonalLink("sessions.reply", None)  # valid until the end of the day of the sitting, which may change
CALENDAR = Signer(salt="sessions.calendar", sep=".")


class BadLink(Exception):
    """Raised for a link that was not signed here, or is closed."""


def reply_token(invitee: Invitee) -> str:
    return REPLY.token(f"{invitee.public_id.hex}-{invitee.link_version}", invitee.person.email)


def calendar_token(feed: CalendarFeed) -> str:
    return CALENDAR.sign(f"{feed.pk}-{feed.version}")


def name_and_version(text: str) -> tuple[str, int]:
    name, _dash, version = text.partition("-")
    try:
        return name, int(version)
    except ValueError as error:
        raise BadLink from error


def read_reply(token: str) -> tuple[UUID, int, SentLink]:
    """Return the public id and the version of the invitee, and the link itself."""
    if (sent := REPLY.read(token)) is None:
        raise BadLink
    name, version = name_and_version(sent.name)
    try:
        return UUID(hex=name), version, sent
    except ValueError as error:
        raise BadLink from error


def read_calendar(token: str) -> tuple[int, int]:
    try:
        name, version = name_and_version(CALENDAR.unsign(token))
    except BadSignature as error:
        raise BadLink from error
    if (number := whole_number(name)) < 0:
        raise BadLink
    return number, version


def closes_at(starts_at: datetime) -> datetime:
    """Return the end of a personal link: the end of the day of the sitting, in Paris."""
    day = timezone.localdate(starts_at) + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def is_alive(invitee: Any, version: int) -> bool:
    return (
        invitee.link_version == version
        and invitee.withdrawn_at is None
        and timezone.now() < closes_at(invitee.sitting.starts_at)
    )


def preview_fingerprint(value: Any) -> str:
    """Return a short fingerprint of what a preview showed."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, default=str).encode()).hexdigest()[:20]
