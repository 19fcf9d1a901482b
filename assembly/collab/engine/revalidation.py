"""Revalidation of connections every few seconds, in three queries whatever their number."""

from collections.abc import Sequence

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from assembly.collab import registry
from assembly.collab.enums import TextRight
from assembly.collab.models import SharedText
from assembly.identity.models import User


def current_rights(asked: Sequence[tuple[int, int, str]]) -> list[TextRight | None]:
    """Return, for each (text, user, session key), the current right; None when that session is over."""
    texts = SharedText.objects.filter(pk__in={text for text, _user, _key in asked})
    rights = registry.rights(texts, {user for _text, user, _key in asked})
    alive = valid_sessions([(user, key) for _text, user, key in asked])
    return [rights[text, user] if (user, key) in alive else None for text, user, key in asked]


def valid_sessions(asked: Sequence[tuple[int, str]]) -> set[tuple[int, str]]:
    """Return the (user, session key) whose session still is that user's, with the user's current password."""
    users = User.objects.in_bulk({user for user, _key in asked})
    rows = Session.objects.filter(session_key__in={key for _user, key in asked}, expire_date__gt=timezone.now())
    sessions = {row.session_key: row.get_decoded() for row in rows}
    return {(user, key) for user, key in asked if user in users and _is_of(users[user], sessions.get(key, {}))}


def _is_of(user: User, session: dict[str, str]) -> bool:
    return session.get(SESSION_KEY) == str(user.pk) and constant_time_compare(
        session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash()
    )
