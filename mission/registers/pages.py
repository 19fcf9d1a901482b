"""The term in which a page of a register works, the row that its reader sees, and the pages of its steps."""

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
    """Return the term in which the user reads this register; 403 if there is none."""
    return working_term(request, register.can_enter)


def row_of(request: UserRequest, register: Register, pk: int) -> Any:
    """Return a row that the user sees, whatever their current term; else 404, as for a row that does not exist."""
    keys = ("owner__person", "created_by__person", *register.related)
    return get_object_or_404(register.rows(register.visible_to(request.user).select_related(*keys)), pk=pk)


def written_row(request: UserRequest, register: Register, pk: int) -> Any:
    """Return a row that the user may change; 403 without the right, 409 in a locked state."""
    row = row_of(request, register, pk)
    register.check_write(request.user, row)
    return row


def address(register: Register, name: str = "", *args: Any) -> str:
    """Return the URL of `mission:<key>` or `mission:<key>-<name>`."""
    return reverse(f"mission:{register.key}-{name}" if name else f"mission:{register.key}", args=args)


@cache
def step_pages(key: str) -> StepPages[Any]:
    """Return the pages of the steps of one register, built once."""
    register = registers[key]
    return StepPages(
        register.workflow,
        name=f"mission:{key}-step",
        fetch=lambda request, pk: row_of(request, register, pk),
        back=lambda request, row: reverse(f"mission:{key}-row", args=[row.pk]),
        eyebrow=lambda row: f"{register.title}, {row.name}",
    )
