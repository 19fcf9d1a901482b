"""Admission: whether a connection may open a text, before anything of it is sent, and again every few seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from assembly.collab import registry, rules
from assembly.collab.document.schema import SCHEMA_VERSION
from assembly.collab.engine import frames
from assembly.collab.engine.presence import presence_user
from assembly.collab.models import SharedText, TextRight
from assembly.identity.backends import SessionStore
from assembly.identity.models import User
from assembly.identity.second_factor import may_use_site
from assembly.institution.models import Role
from assembly.institution.rules import held_roles

ORDER = [*Role]


@dataclass(frozen=True)
class Admission:
    """A connection that is admitted: its user, the text, the right."""

    text_id: int
    state: str
    user_id: int
    user: dict[str, Any]
    session_key: str
    granted_right: TextRight


def admit(scope: dict[str, Any]) -> Admission | int:
    """Return the admission, or the code with which to close."""
    request = HttpRequest()
    session = request.session = SessionStore(scope["cookies"].get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not user.is_authenticated or not may_use_site(user, session):
        return frames.CLOSE_SIGNED_OUT
    if not knows_schema(scope["query_string"]):
        return frames.CLOSE_OLD_SCHEMA
    text = SharedText.objects.filter(public_id=scope["url_route"]["kwargs"]["public_id"]).first()
    right = rules.granted_right(user, text) if text else TextRight.NONE
    if text is None or right == TextRight.NONE:
        return frames.CLOSE_NO_RIGHT
    user_facts = presence_user(user.pk, user.get_full_name(), role_in(user, text))
    return Admission(text.pk, text.state, user.pk, user_facts, session.session_key or "", right)


def role_in(user: User, text: SharedText) -> str:
    """Return the name of the user's first role in that assembly; for an agent, the name of the directorate."""
    roles = [role for role in held_roles(user) if role.assembly_id == text.assembly_id]
    assignment = min(roles, key=lambda role: ORDER.index(role.role), default=None)
    if assignment is None:
        return ""
    return assignment.directorate.name if assignment.directorate is not None else str(assignment.get_role_display())


def knows_schema(query: bytes) -> bool:
    """Return whether the editor has this schema: an older one would delete unknown nodes for everybody."""
    version = parse_qs(query.decode("ascii", "replace")).get("schema", [""])[0]
    return version.isascii() and version.isdigit() and int(version[:9]) >= SCHEMA_VERSION


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
