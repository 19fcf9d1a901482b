"""Receivers of allauth's signals: lines of the journal, and failures in the security log."""

import logging
from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction

from assembly.audit.actions import record
from assembly.identity.second_factor import SECOND_FACTOR_METHOD, SECOND_FACTORS

security = logging.getLogger("assembly.security")


def _write(event_type: str, user: Any, **facts: Any) -> None:
    with transaction.atomic():
        record(event_type, user, by=user, **facts)


def signed_in(sender: Any, request: Any, user: Any, **_: Any) -> None:
    records = request.session.get("account_authentication_methods") or []
    _write("account.signed_in", user, methods=[row.get("type") or row.get("method") for row in records])


def store_email(sender: Any, request: Any, user: Any, **_: Any) -> None:
    """Store the address for `AccountStandingMiddleware`, which sets the cookie on the response."""
    request.signed_in_email = user.email


def signed_out(sender: Any, request: Any, user: Any, **_: Any) -> None:
    if user is not None:
        _write("account.signed_out", user)


def confirmed(sender: Any, user: Any, method: str, **facts: Any) -> None:
    if facts.get("reauthenticated"):
        _write("account.confirmed", user, method=facts.get("type") or method)


def password_changed(sender: Any, user: Any, **_: Any) -> None:
    _write("account.password_changed", user)


def proof_added(sender: Any, request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    _write("account.proof_added", user, kind=authenticator.type)
    if authenticator.type in SECOND_FACTORS:  # it was used in order to be added: a fresh proof
        record_authentication(request, user, SECOND_FACTOR_METHOD, type=authenticator.type, id=authenticator.pk)


def proof_removed(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    _write("account.proof_removed", user, kind=authenticator.type)


def codes_renewed(sender: Any, user: Any, **_: Any) -> None:
    _write("account.recovery_codes_renewed", user)


def code_refused(sender: Any, user: Any, **_: Any) -> None:
    security.warning("wrong code", extra={"facts": {"user": str(user.pseudonym)}})


CONNECTIONS = (
    (account.user_logged_in, signed_in),
    (user_logged_in, store_email),
    (user_logged_out, signed_out),
    (account.authentication_step_completed, confirmed),
    (account.password_set, password_changed),
    (account.password_changed, password_changed),
    (account.password_reset, password_changed),
    (mfa.authenticator_added, proof_added),
    (mfa.authenticator_removed, proof_removed),
    (mfa.authenticator_reset, codes_renewed),
    (account.login_code_rejected, code_refused),
    (mfa.authentication_failed, code_refused),
)
for signal, function in CONNECTIONS:
    signal.connect(function)
