"""Permission of directorates on what they asked of the mission."""

from typing import Any

from assembly.institution.enums import DIRECTORATE_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import has_role


def can_see_requests(user: Any, term: Term) -> bool:
    """Return whether the user works in a directorate of the assembly of the term."""
    return has_role(user, DIRECTORATE_ROLES, assembly=term.assembly_id)
