"""The steps of a register as pages: `/bureau/mission/<slug>/<pk>/etapes/<step>/`."""

from functools import cache
from typing import Any

from django.urls import reverse

from assembly.dossiers import StepPages
from mission.registers.declaration import registers
from mission.registers.moves import pages_of
from mission.registers.views.access import row_of


@cache
def step_pages(key: str) -> StepPages[Any]:
    """The pages of one register, made once."""
    register = registers[key]
    return StepPages(
        register.workflow,
        pages_of(register.moves),
        name=f"mission:{key}-step",
        fetch=lambda request, pk: row_of(request, register, pk),
        back=lambda request, row: reverse(f"mission:{key}-row", args=[row.pk]),
        over=lambda row: f"{register.title}, {row.name}",
    )
