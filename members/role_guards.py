"""Guard of the role of a member: it ends with the mandate, never before."""

from django.utils.translation import gettext as _

from assembly.institution.enums import Role
from assembly.institution.models import RoleAssignment
from assembly.institution.role_guards import add_role_guard
from members.enums import MandateState
from members.models import Mandate


def holds_mandate(assignment: RoleAssignment) -> str:
    """Return why the role cannot end: without it the mandate would still be convened, counted, shown sittings."""
    if assignment.role != Role.MEMBER:
        return ""
    mandates = Mandate.objects.filter(
        member__person=assignment.user.person_id, term=assignment.term_id, state__in=MandateState.tagged("open")
    )
    if not mandates.exists():
        return ""
    return _(
        "Cette personne a un mandat dans cette mandature : mettez fin à son mandat, et ce rôle prend fin avec lui."
    )


add_role_guard(holds_mandate)
