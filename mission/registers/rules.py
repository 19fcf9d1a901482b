"""Who may what in a register: roles in the assembly of the row, or in its term where the row has one."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution.enums import TEAM_ROLES, Role
from assembly.institution.models import Term
from assembly.institution.rules import assembly_ids, has_role, term_ids
from assembly.ui.words import Label
from assembly.workflow import Who


def place_of(row: Any) -> dict[str, int]:
    """Where a role must be held to reach this row."""
    term = getattr(row, "term_id", None)
    return {"term": term} if term else {"assembly": row.assembly_id}


def holders(roles: Role | Iterable[Role], *labels: Label) -> Who[Any]:
    """Whoever holds one of these roles where the row is: the `by` of a step."""
    wanted = frozenset([roles] if isinstance(roles, Role) else roles)
    return Who(lambda user, row: has_role(user, wanted, **place_of(row)), *(labels or ["équipe"]))


TEAM = holders(TEAM_ROLES)
LEAD = holders(Role.LEAD, _("responsable"))


def seen_places(user: Any, roles: Iterable[Role], *, by_term: bool) -> dict[str, set[int]]:
    """The condition on rows that somebody with these roles sees."""
    return {"term__in": term_ids(user, roles)} if by_term else {"assembly__in": assembly_ids(user, roles)}


def may_enter(user: Any, roles: Iterable[Role], term: Term, *, by_term: bool) -> bool:
    """Whether the register of this term, or of its assembly, is open to somebody."""
    return has_role(user, roles, term=term) if by_term else has_role(user, roles, assembly=term.assembly_id)


def term_of_row(row: Any) -> Term:
    """The term of the row, else the latest one of its assembly: what forms take their choices from."""
    own: Term | None = getattr(row, "term", None)
    return own or Term.objects.filter(assembly=row.assembly_id).select_related("assembly").order_by("-starts_on")[0]
