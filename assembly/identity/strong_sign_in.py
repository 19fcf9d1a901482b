"""Who must hold a second factor. `institution` registers the answer, since roles are its affair."""

from collections.abc import Callable
from typing import Any

_rules: list[Callable[[Any], bool]] = []


def strong_sign_in_for(rule: Callable[[Any], bool]) -> None:
    """Register a rule: users for whom it is true must enrol a passkey or a code generator before anything else."""
    if rule not in _rules:
        _rules.append(rule)


def must_be_strong(user: Any) -> bool:
    """True when one registered rule asks a second factor of `user`."""
    return any(rule(user) for rule in _rules)
