"""Django's sessions in the database, read by a statement that is compiled once: every signed-in page needs it."""

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from assembly.speed.compiled_query import CompiledQuery

running_session = CompiledQuery(lambda key, now: Session.objects.filter(session_key=key).filter(expire_date__gt=now))


class SessionStore(DatabaseStore):
    def _get_session_from_db(self) -> Session | None:
        session = next(running_session(self.session_key, timezone.now()), None)
        if session is None:
            self._session_key = None
        return session
