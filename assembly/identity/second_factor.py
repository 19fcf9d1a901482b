"""Rules for accounts that must have a second factor. `institution` adds them, since it owns the roles."""

from collections.abc import Callable
from typing import Any

_rules: list[Callable[[Any], bool]] = []


def add_second_factor_rule(rule: Callable[[Any], bool]) -> None:
    """Add a rule: users for whom it is true must enrol a passkey or a code generator before anything else."""
    if rule not in _rules:
        _rules.append(rule)


def needs_second_factor(user: Any) -> bool:
    """Return whether one rule requires a second factor of `user`."""
    return any(rule(user) for rule in _rules)
