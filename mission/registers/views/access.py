"""The term in which a page of a register works, and the row that its reader sees."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse

from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from mission.registers.declaration import Register


def term_of(request: UserRequest, register: Register) -> Term:
    """403 where the register is open to this reader in no term."""
    return working_term(request, register.can_enter)


def row_of(request: UserRequest, register: Register, pk: int) -> Any:
    """404 for a row of another assembly, or that does not exist. In whatever term the reader works."""
    told = ("owner__person", "created_by__person", *register.related)
    rows = register.rows(register.visible_to(request.user).select_related(*told))
    return get_object_or_404(rows, pk=pk)


def written_row(request: UserRequest, register: Register, pk: int) -> Any:
    """The same, for whoever may write: else 403."""
    row = row_of(request, register, pk)
    if not register.can_write(request.user, row):
        raise PermissionDenied
    return row


def address(register: Register, name: str = "", *args: Any) -> str:
    """`mission:<key>` or `mission:<key>-<name>`."""
    return reverse(f"mission:{register.key}-{name}" if name else f"mission:{register.key}", args=args)
