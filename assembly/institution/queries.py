"""Reading the institution: which terms a person works in, which one is running."""

from email.headerregistry import Address
from typing import Any

from assembly.institution.enums import TermState
from assembly.institution.models import Assembly, RoleAssignment, Term
from assembly.institution.rules import has_role, held_roles

__all__ = ["active_term", "current_terms", "has_role", "main_assembly", "roles_of"]

LIVELIEST_FIRST = [
    TermState.ACTIVE,
    TermState.INSTALLED,
    TermState.CLOSING,
    TermState.DRAWN,
    TermState.RECRUITING,
    TermState.CLOSED,
    TermState.PLANNED,
    TermState.ARCHIVED,
]


def roles_of(user: Any) -> tuple[RoleAssignment, ...]:
    """Roles that `user` holds now."""
    return held_roles(user)


def main_assembly() -> Assembly | None:
    """The assembly that the public pages speak for: the first one of this installation."""
    return Assembly.objects.defer("logo_png").order_by("pk").first()


def _liveliest(terms: list[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: (LIVELIEST_FIRST.index(TermState(term.state)), -term.number))


def active_term(assembly: Assembly | int) -> Term | None:
    """The term at work in `assembly`, or the one closest to it; None when there is none yet."""
    pk = assembly if isinstance(assembly, int) else assembly.pk
    terms = _liveliest(list(Term.objects.filter(assembly_id=pk)))
    return terms[0] if terms else None


def current_terms(user: Any) -> list[Term]:
    """Terms that `user` works in, the liveliest first.

    Roles of a directorate or of a whole assembly reach every term of that assembly.
    """
    held = held_roles(user)
    terms = {role.term.pk: role.term for role in held if role.term}
    wide = {role.assembly_id for role in held if role.term_id is None}
    if wide:
        terms |= {term.pk: term for term in Term.objects.filter(assembly_id__in=wide)}
    return _liveliest(list(terms.values()))


def sender_address() -> str | None:
    """« Assemblée citoyenne <assemblee@…> », as the settings screen says."""
    assembly = main_assembly()
    return str(Address(assembly.sender_name, addr_spec=assembly.sender_email)) if assembly else None
