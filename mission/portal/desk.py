"""The bureau: a menu line a register, and the days that wait."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import DateField, Exists, OuterRef, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assembly.institution import menu, todo
from assembly.institution.models import Term
from assembly.institution.todo import DaysFrom
from mission.parts import import_parts
from mission.registers.declaration import Due, Register, registers

import_parts("register")  # whichever is read first


def soon(due: Due) -> DaysFrom:
    """The last day of which the list speaks."""
    return DaysFrom(Value(timezone.localdate(), output_field=DateField()), Value(due.ahead))


def waiting_lines(register: Register, due: Due) -> QuerySet[Any]:
    """Of the row outside, the lines of which this day comes soon or is past."""
    kind = next(lines for lines in register.lines if lines.key == due.lines)
    return kind.model.objects.filter(due.when, row=OuterRef("pk"), **{f"{due.path}__lte": soon(due)})


def waiting_rows(register: Register, due: Due) -> Callable[[Any, Any], QuerySet[Any]]:
    """Rows of which this day, or that of a line, comes soon or is past."""

    def rows(user: Any, term: Any) -> QuerySet[Any]:
        place = {"term": term} if register.by_term else {"assembly__terms": term}
        found = register.visible_to(user).filter(**place)
        if not due.path:
            return register.rows(found).filter(due.when)
        if due.lines:
            return found.filter(Exists(waiting_lines(register, due)))
        return found.filter(due.when, **{f"{due.path}__lte": soon(due)})

    return rows


def day_of(register: Register, due: Due) -> str | Callable[[], Subquery]:
    """The day itself, or the first of the lines."""
    if not due.lines:
        return due.path
    return lambda: Subquery(waiting_lines(register, due).order_by(due.path).values(due.path)[:1])


def line_of(register: Register, due: Due) -> Callable[[dict[str, Any]], todo.ToDo]:
    return lambda found: todo.ToDo(
        due.words(found), reverse(f"mission:{register.key}-row", args=[found["pk"]]), found["reference"]
    )


DUES = todo.PendingLists(
    *(
        todo.PendingRows(
            waiting_rows(register, due),
            {name: name for name in ("pk", "name", "reference")},
            line_of(register, due),
            due=day_of(register, due),
        )
        for register in registers.values()
        for due in register.dues
    )
)


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """The days of every register that this reader sees, in one statement."""
    return [DUES] if any(register.can_enter(user, term) for register in registers.values()) else []


for each in registers.values():
    menu.add("desk", _("Mission"), each.title, f"mission:{each.key}", each.sees, order=80 + each.order, icon=each.icon)
todo.register("desk", desk_lines)
