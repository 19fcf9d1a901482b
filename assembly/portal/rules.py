"""Who may ask for a backup."""

from typing import Any

from assembly.institution.enums import Role
from assembly.institution.rules import has_role

SERVICE = [Role.LEAD, Role.ADMIN]


def can_run_service(user: Any) -> bool:
    """Those who answer for the installation: they read its state, run its failed jobs again, ask for a backup."""
    return has_role(user, SERVICE)
