"""Permission for the state of the service and for backups."""

from typing import Any

from assembly.institution.enums import Role
from assembly.institution.rules import has_role

SERVICE = [Role.LEAD, Role.ADMIN]


def can_run_service(user: Any) -> bool:
    """Return whether the user may read the state of the service, retry its failed jobs and request a backup."""
    return has_role(user, SERVICE)
