"""Admission: whether a connection may open a text, checked before anything of the text is sent."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from assembly.collab import rules
from assembly.collab.document.schema import SCHEMA_VERSION
from assembly.collab.engine import frames
from assembly.collab.engine.presence import presence_user
from assembly.collab.enums import TextRight
from assembly.collab.models import SharedText
from assembly.identity.middleware import may_use_site
from assembly.identity.models import User
from assembly.identity.sessions import SessionStore
from assembly.institution.enums import Role
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
