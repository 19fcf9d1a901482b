"""Guards against ending a role by itself: another row holds the same right, and ends it with its own action."""

from collections.abc import Callable

from assembly.institution.models import RoleAssignment

type RoleGuard = Callable[[RoleAssignment], str]
GUARDS: list[RoleGuard] = []


def add_role_guard(guard: RoleGuard) -> None:
    """Register, from an app above, a function that returns why a role stays, or an empty string."""
    if guard not in GUARDS:
        GUARDS.append(guard)


def reason_to_keep(assignment: RoleAssignment) -> str:
    """Return the first reason for which this role may not be ended, or an empty string."""
    return next((str(reason) for guard in GUARDS if (reason := guard(assignment))), "")
