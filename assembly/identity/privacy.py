"""Declaration of the personal data in `identity`, and the functions by which every other app declares its own."""

from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assembly.audit.models import Entry, EntryDetail, Head, Link
from assembly.fragments.models import TableChange
from assembly.identity.enums import ContactChannel
from assembly.identity.models import AttemptCounter, ErasureRequest, Person, User
from assembly.identity.personal_data import (
    at_erasure,
    delete_row,
    erased,
    impersonal,
    months_later,
    personal,
    retain,
    retained,
    retention,
)
from assembly.jobs.models import FailedJob, IdempotencyKey, JobSlot

__all__ = [
    "at_erasure",
    "delete_row",
    "erased",
    "impersonal",
    "months_later",
    "personal",
    "retain",
    "retained",
    "retention",
]

PROOF = _("preuve de la réponse donnée à la demande")
JOURNAL = _("pseudonyme du journal : il ne dit plus de qui il s’agit une fois les noms effacés")

personal(
    Person,
    name=_("Votre identité et vos coordonnées"),
    owner="",
    fields={
        "pseudonym": retain(JOURNAL),
        "first_name": erased(str(_("Personne"))),
        "last_name": erased(str(_("effacée"))),
        "sort_name": erased("effacee personne", exported=False),
        "capacity": erased(),
        "email": erased(),
        "phone": erased(),
        "address": erased(),
        "postcode": erased(),
        "city": erased(),
        "channel": erased(ContactChannel.PAPER),
        "anonymised_at": retain(PROOF),
        "created_at": retain(),
    },
)
personal(
    User,
    name=_("Votre accès"),
    owner="person",
    fields={
        "email": erased(lambda user: f"efface-{user.pk}@invalid.example"),
        "password": erased("!", exported=False),
        "last_login": erased(None),
        **retained("is_active", "suspended_at", reason=_("accès fermé")),
        "created_at": retain(),
    },
)
personal(
    ErasureRequest,
    name=_("Vos demandes d’effacement"),
    owner="person",
    fields={
        **retained("state", "asked_at", "answered_at", reason=PROOF),
        **retained("asked_by", "answered_by", reason=PROOF, exported=False),
        "statement": erased(),
        "answer": erased(),
    },
)
personal(
    UserSession,
    name=_("Vos sessions ouvertes"),
    owner="user__person",
    deletes_rows=True,
    fields=retained("created_at", "ip", "last_seen_at", "user_agent")
    | retained("session_key", "data", exported=False),
)
personal(
    Authenticator,
    name=_("Vos clés et codes pour entrer"),
    owner="user__person",
    deletes_rows=True,
    fields=retained("type", "created_at", "last_used_at") | retained("data", exported=False),
)
# The journal stores pseudonyms; its free text is erased by the action itself (`erase_details`).
impersonal(Entry, EntryDetail, Link, Head, JobSlot, FailedJob, IdempotencyKey, TableChange)
# Keyed digests of addresses, retained for two days.
impersonal(AttemptCounter)


def expired_sessions(now: datetime) -> QuerySet[Session]:
    return Session.objects.filter(expire_date__lt=now)


def delete_session(session: Any) -> None:
    UserSession.objects.filter(session_key=session.session_key).delete()
    session.delete()


retention("identity.sessions", _("Sessions finies"), find=expired_sessions, apply=delete_session)


def expired_counters(now: datetime) -> QuerySet[AttemptCounter]:
    return AttemptCounter.objects.filter(last_at__lt=now - timedelta(days=2))


retention("identity.attempts", _("Compteurs d’essais"), find=expired_counters, apply=delete_row)
