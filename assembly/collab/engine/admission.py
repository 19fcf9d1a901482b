"""Whether a connection may open a text, before anything of the text is sent."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from assembly.collab import rules
from assembly.collab.document.schema import SCHEMA_VERSION
from assembly.collab.engine import frames
from assembly.collab.engine.presence import introduced
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
    """Who comes in, to which text, with which right."""

    text_id: int
    state: str
    user_id: int
    user: dict[str, Any]
    session_key: str
    given: TextRight


def admit(scope: dict[str, Any]) -> Admission | int:
    """Return who comes in, or the code with which to close."""
    request = HttpRequest()
    session = request.session = SessionStore(scope["cookies"].get(settings.SESSION_COOKIE_NAME))
    user = get_user(request)
    if not user.is_authenticated or not may_use_site(user, session):
        return frames.CLOSE_SIGNED_OUT
    if not knows_schema(scope["query_string"]):
        return frames.CLOSE_OLD_SCHEMA
    text = SharedText.objects.filter(public_id=scope["url_route"]["kwargs"]["public_id"]).first()
    given = rules.granted_right(user, text) if text else TextRight.NONE
    if text is None or given == TextRight.NONE:
        return frames.CLOSE_NO_RIGHT
    shown = introduced(user.pk, user.get_full_name(), role_in(user, text))
    return Admission(text.pk, text.state, user.pk, shown, session.session_key or "", given)


def role_in(user: User, text: SharedText) -> str:
    """As what somebody is there: the first of their roles in that assembly; an agent, by the directorate."""
    held = [one for one in held_roles(user) if one.assembly_id == text.assembly_id]
    first = min(held, key=lambda one: ORDER.index(one.role), default=None)
    if first is None:
        return ""
    return first.directorate.name if first.directorate is not None else str(first.get_role_display())


def knows_schema(query: bytes) -> bool:
    """An editor that does not know one of our nodes would delete it for everybody: it may not even open."""
    said = parse_qs(query.decode("ascii", "replace")).get("schema", [""])[0]
    return said.isascii() and said.isdigit() and int(said[:9]) >= SCHEMA_VERSION
