"""Permissions in a register: roles in the assembly of the row."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role
from assembly.text.french import Label
from assembly.workflow import Permission


def holders(roles: Role | Iterable[Role], *labels: Label) -> Permission[Any]:
    """Return the permission of whoever has one of these roles in the assembly of the row: `by` of a step."""
    role_set = frozenset([roles] if isinstance(roles, Role) else roles)
    return Permission(lambda user, row: has_role(user, role_set, assembly=row.assembly_id), *(labels or ["équipe"]))


TEAM = holders(TEAM_ROLES)
LEAD = holders(Role.LEAD, _("responsable"))


def term_of_row(row: Any) -> Term:
    """Return the latest term of its assembly, from which forms take their choices."""
    term: Term = Term.objects.filter(assembly=row.assembly_id).select_related("assembly").order_by("-starts_on")[0]
    return term
