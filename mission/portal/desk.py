"""Back office: a menu entry for each register, and due days in « À faire »."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from assembly.institution import todo
from assembly.institution.menu import add_menu_entry
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from mission.parts import import_parts
from mission.registers.declaration import registers
from mission.registers.dues import due_lists
from mission.registers.importing import register_imports

import_parts("register")  # in case this module is imported before them
DUES = due_lists()


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the due days of every register that this user sees, in one statement."""
    return [DUES] if any(register.can_enter(user, term) for register in registers.values()) else []


for each in registers.values():
    add_menu_entry(
        "desk", _("Mission"), each.title, f"mission:{each.key}", each.sees, order=80 + each.order, icon=each.icon
    )
add_to_do("desk", desk_lines)
register_imports()
