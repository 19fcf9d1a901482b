"""Personal data of the models below `identity` and of other packages, and their retention periods."""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.audit.models import Entry, EntryDetail, Head, Link
from assembly.fragments.models import TableChange
from assembly.identity.models import AttemptCounter, ErasureRequest, Person, User
from assembly.identity.personal_data import (
    IMPERSONAL,
    ModelPrivacy,
    declare,
    declare_models,
    delete_row,
    retained,
    retention,
)
from assembly.jobs.models import FailedJob, IdempotencyKey, JobSlot

declare_models([Person, User, ErasureRequest])  # first on « Mes données », before the sessions
declare(
    UserSession,
    ModelPrivacy(
        _("Vos sessions ouvertes"),
        owner="user__person",
        deletes_rows=True,
        internal=["session_key", "data"],
        ip=retained(),
    ),
)
declare(
    Authenticator,
    ModelPrivacy(_("Vos clés et codes pour entrer"), owner="user__person", deletes_rows=True, internal=["data"]),
)
# The journal stores pseudonyms; its free text is erased by the action itself (`erase_details`).
for model in (Entry, EntryDetail, Link, Head, JobSlot, FailedJob, IdempotencyKey, TableChange):
    declare(model, IMPERSONAL)


def expired_sessions(now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def delete_session(session: Any) -> None:
    UserSession.objects.filter(session_key=session.session_key).delete()
    session.delete()


retention("identity.sessions", _("Sessions finies"), find=expired_sessions, apply=delete_session)


def expired_counters(now: datetime) -> QuerySet[AttemptCounter]:
    return AttemptCounter.objects.filter(last_at__lt=now - timedelta(days=2))


retention("identity.attempts", _("Compteurs d’essais"), find=expired_counters, apply=delete_row)
