"""Second factors: who has one, and who must have one before anything else.

`institution` adds the rules, since it owns the roles.
"""

from collections.abc import Callable, MutableMapping
from typing import Any

from allauth.mfa.models import Authenticator

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SECOND_FACTOR_METHOD = "mfa"  # allauth's name for a code generator, a passkey or a recovery code


def holds_second_factor(user: Any) -> bool:
    return Authenticator.objects.filter(user_id=user.pk, type__in=SECOND_FACTORS).exists()


_rules: list[Callable[[Any], bool]] = []


def add_second_factor_rule(rule: Callable[[Any], bool]) -> None:
    """Add a rule: users for whom it is true must enrol a passkey or a code generator before anything else."""
    if rule not in _rules:
        _rules.append(rule)


def needs_second_factor(user: Any) -> bool:
    """Return whether one rule requires a second factor of `user`."""
    return any(rule(user) for rule in _rules)


SEEN_KEY = "second_factor"


def has_second_factor(user: Any, session: MutableMapping[str, Any]) -> bool:
    """Return whether this account has a passkey or a code generator; True is cached in the session."""
    pk = str(user.pk)
    if session.get(SEEN_KEY) == pk:
        return True
    has_factor = holds_second_factor(user)
    if has_factor:
        session[SEEN_KEY] = pk
    return has_factor


def may_use_site(user: Any, session: MutableMapping[str, Any]) -> bool:
    """Return whether a signed-in account may open more than its own pages; sockets check it too."""
    return user.is_active and (not needs_second_factor(user) or has_second_factor(user, session))
