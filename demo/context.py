"""State that the parts of the demonstration pass to one another: the assembly, its term, its people, its bodies."""

from dataclasses import dataclass, field

from assembly.identity.models import User
from assembly.institution.enums import Role
from assembly.institution.models import Assembly, Committee, Term
from demo.accounts import DOMAIN
from members.models import Mandate

SLUG = "haute-garonne"


@dataclass
class DemoContext:
    """Rows: `users` by role or as `member7`, `committees` by slug, `directorate_staff` (contact, approver) by code."""

    assembly: Assembly
    term: Term
    lead: User
    officer: User
    chair: User
    users: dict[str, User] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    mandates: list[Mandate] = field(default_factory=list)
    directorate_staff: dict[str, tuple[User, User]] = field(default_factory=dict)


def saved_context() -> DemoContext:
    """Load the context of a database that holds the demonstration, as far as the steps after a seal need it."""
    term = Term.objects.select_related("assembly").get(assembly__slug=SLUG, number=2)
    team = User.objects.select_related("person")
    lead, officer, chair = (team.get(email=f"{role}{DOMAIN}") for role in (Role.LEAD, Role.OFFICER, Role.SPONSOR))
    return DemoContext(term.assembly, term, lead, officer, chair)
