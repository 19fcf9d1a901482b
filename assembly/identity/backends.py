"""Backends of accounts and sessions, read by statements that are compiled once: every signed-in page needs them.

The path of `PersonBackend` is stored in each session: a new one signs everybody out.
"""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from assembly.identity.models import User
from assembly.speed.queries import CompiledQuery

account_of = CompiledQuery(lambda pk: User.objects.select_related("person").filter(pk=pk))


class PersonBackend(AuthenticationBackend):
    """allauth's checks of e-mail and password; only the query of the account at each request is ours."""

    def get_user(self, user_id: Any) -> User | None:
        user = next(account_of(int(user_id)), None)
        return user if user is not None and self.user_can_authenticate(user) else None


running_session = CompiledQuery(lambda key, now: Session.objects.filter(session_key=key).filter(expire_date__gt=now))


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Session | None:
        session = next(running_session(self.session_key, timezone.now()), None)
        if session is None:
            self._session_key = None
        return session
