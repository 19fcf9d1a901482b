"""Who may what in a register: roles in the assembly of the row."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import has_role
from assembly.ui.words import Label
from assembly.workflow import Who


def holders(roles: Role | Iterable[Role], *labels: Label) -> Who[Any]:
    """Whoever holds one of these roles where the row is: the `by` of a step."""
    wanted = frozenset([roles] if isinstance(roles, Role) else roles)
    return Who(lambda user, row: has_role(user, wanted, assembly=row.assembly_id), *(labels or ["équipe"]))


TEAM = holders(TEAM_ROLES)
LEAD = holders(Role.LEAD, _("responsable"))


def term_of_row(row: Any) -> Term:
    """The latest term of its assembly: what forms take their choices from."""
    found: Term = Term.objects.filter(assembly=row.assembly_id).select_related("assembly").order_by("-starts_on")[0]
    return found
