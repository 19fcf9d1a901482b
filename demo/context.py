"""The assembly, its term, its people and its bodies, as the parts of the demonstration hand them to one another."""

from dataclasses import dataclass, field

from assembly.identity.models import User
from assembly.institution.models import Assembly, Committee, Term
from members.models import Mandate


@dataclass
class DemoContext:
    """`users` by role or as `member7`, `committees` by slug, `directorate_staff` (contact, approver) by code."""

    assembly: Assembly
    term: Term
    lead: User
    officer: User
    chair: User
    users: dict[str, User] = field(default_factory=dict)
    committees: dict[str, Committee] = field(default_factory=dict)
    mandates: list[Mandate] = field(default_factory=list)
    directorate_staff: dict[str, tuple[User, User]] = field(default_factory=dict)
