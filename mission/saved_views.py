"""Lists of every register, declared as lists that may be saved."""

from django.http import QueryDict

from assembly.saved_views.registry import SavedList
from assembly.saved_views.registry import register as keep
from assembly.web.lists import List, chosen_columns
from mission.parts import import_parts
from mission.registers.columns import list_cell
from mission.registers.declaration import Register, registers
from mission.registers.forms import RegisterFilterForm

import_parts("register")


def register_list(register: Register) -> SavedList:
    def listing(asked: QueryDict) -> List:
        return register.listing(chosen_columns(register.all_columns, asked))

    return SavedList(
        register.key,
        register.title,
        f"mission:{register.key}",
        register.can_enter,
        listing=listing,
        form=lambda user, term, asked: RegisterFilterForm(asked, register=register, term=term),
        rows=lambda user, term, form: register.rows_of(user, term).filter(form.condition()),
        count=register.count,
        cell=list_cell,
        by_term=False,
        for_directorates=True,
        as_author=True,
    )


for each in registers.values():
    keep(register_list(each))
