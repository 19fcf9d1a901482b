"""The term in which a page of a register works, the row that its reader sees, and its steps as pages."""

from functools import cache
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse

from assembly.dossiers import StepPages
from assembly.identity.http import UserRequest
from assembly.institution.current_term import working_term
from assembly.institution.models import Term
from mission.registers.declaration import Register, registers


def term_of(request: UserRequest, register: Register) -> Term:
    """403 where the register is open to this reader in no term."""
    return working_term(request, register.can_enter)


def row_of(request: UserRequest, register: Register, pk: int) -> Any:
    """404 for a row of another assembly, or that does not exist. In whatever term the reader works."""
    keys = ("owner__person", "created_by__person", *register.related)
    return get_object_or_404(register.rows(register.visible_to(request.user).select_related(*keys)), pk=pk)


def written_row(request: UserRequest, register: Register, pk: int) -> Any:
    """The same, for whoever may write: else 403."""
    row = row_of(request, register, pk)
    register.check_write(request.user, row)
    return row


def address(register: Register, name: str = "", *args: Any) -> str:
    """`mission:<key>` or `mission:<key>-<name>`."""
    return reverse(f"mission:{register.key}-{name}" if name else f"mission:{register.key}", args=args)


@cache
def step_pages(key: str) -> StepPages[Any]:
    """The pages of one register, made once."""
    register = registers[key]
    return StepPages(
        register.workflow,
        register.pages,
        name=f"mission:{key}-step",
        fetch=lambda request, pk: row_of(request, register, pk),
        back=lambda request, row: reverse(f"mission:{key}-row", args=[row.pk]),
        over=lambda row: f"{register.title}, {row.name}",
    )
