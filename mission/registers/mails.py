"""Due days of every register: lines of « À faire », and once a week a mail to whoever follows the rows."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import DateField, Exists, OuterRef, QuerySet, Subquery, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy

from assembly.identity.models import User
from assembly.institution import todo
from assembly.institution.models import Term, TermState
from assembly.institution.todo import DaysFrom
from assembly.notifications.actions.distributions import Recipient, distribute
from assembly.notifications.models import Delivery, Distribution
from assembly.notifications.registry import MessageKind
from mission.registers.declaration import Due, Register, registers

DUES_MAIL = "mission-dues"


def soon(due: Due) -> DaysFrom:
    """Return the last day that the list shows."""
    ahead = Value(due.ahead) if isinstance(due.ahead, int) else due.ahead
    return DaysFrom(Value(timezone.localdate(), output_field=DateField()), ahead)


def waiting_lines(register: Register, due: Due) -> QuerySet[Any]:
    """Return the lines of the outer row whose day is near or past."""
    kind = next(lines for lines in register.lines if lines.key == due.lines)
    return kind.model.objects.filter(due.when, row=OuterRef("pk"), **{f"{due.path}__lte": soon(due)})


def waiting_rows(register: Register, due: Due, of: int | None) -> Callable[[Any, Any], QuerySet[Any]]:
    """Return a function that queries the rows whose day, or that of a line, is near or past."""

    def rows(user: Any, term: Any) -> QuerySet[Any]:
        visible = register.visible_to(user).filter(register.is_switched_on, assembly__terms=term)
        if of:
            visible = visible.filter(owner=of)
        if not due.path:
            return register.rows(visible).filter(due.when)
        if due.lines:
            return visible.filter(Exists(waiting_lines(register, due)))
        return visible.filter(due.when, **{f"{due.path}__lte": soon(due)})

    return rows


def day_of(register: Register, due: Due) -> str | Callable[[], Subquery]:
    """Return the column of the day, or a subquery of the first day of the lines."""
    if not due.lines:
        return due.path
    return lambda: Subquery(waiting_lines(register, due).order_by(due.path).values(due.path)[:1])


def line_of(register: Register, due: Due) -> Callable[[dict[str, Any]], todo.ToDo]:
    return lambda row: todo.ToDo(
        str(due.sentence % row),
        reverse(f"mission:{register.key}-row", args=[row["pk"]]),
        row["reference"],
        tray=None if due.is_early else todo.Tray.REGISTERS,
        is_early=due.is_early,
    )


def due_lists(*, of: int | None = None) -> todo.PendingLists:
    """Return every due day of every register; `of`: only of the rows that this user follows."""
    return todo.PendingLists(
        *(
            todo.PendingRows(
                waiting_rows(register, due, of),
                {name: name for name in ("pk", "name", "reference")},
                line_of(register, due),
                due=day_of(register, due),
                sort_field="name",
            )
            for register in registers.values()
            for due in register.dues
        )
    )


def dues_of(user: User, term: Term) -> list[todo.ToDo]:
    """Return what is due in the rows that this user follows, the most urgent first."""
    if not any(register.can_enter(user, term) for register in registers.values()):
        return []
    return todo.most_urgent(due_lists(of=user.pk).backlog(user, term, todo.ALL).lines, todo.ALL)


def send_dues(today: date) -> int:
    """Mail once a week each agent of a term at work who follows something due; twice sends nothing more."""
    sent, week = 0, f"{today.isocalendar().year}-{today.isocalendar().week:02}"
    for term in Term.objects.filter(state__in=TermState.tagged("at_work")).select_related("assembly").order_by("pk"):
        conditions = {"roles__assembly": term.assembly_id, "roles__ended_at": None, "is_active": True}
        for user in User.objects.filter(**conditions).select_related("person").distinct().order_by("pk"):
            if not dues_of(user, term):
                continue
            with transaction.atomic():
                distribute(
                    DUES_MAIL,
                    term,
                    [Recipient(user.person, {"user": user.pk, "term": term.pk})],
                    by=None,
                    title=str(term.name),
                    key=f"{DUES_MAIL}:{term.pk}:{user.pk}:{week}",
                    term=term,
                    letter=False,
                )
                sent += 1
    return sent


class DuesMessage(MessageKind):
    """Mail of the due days that concern the reader in `own.term`, as they are when it is sent."""

    kind = DUES_MAIL
    template = "mission/registers/mail/dues"
    label = gettext_lazy("Échéances de la mission")
    transactional = False

    def mailbox(self, delivery: Delivery) -> tuple[str, str] | None:
        return super().mailbox(delivery) if self.lines(delivery) else None

    def lines(self, delivery: Delivery) -> list[Any]:
        user = User.objects.select_related("person").filter(pk=delivery.context["user"]).first()
        term = Term.objects.select_related("assembly").get(pk=delivery.context["term"])
        return dues_of(user, term) if user else []

    def context(self, distribution: Distribution, delivery: Delivery) -> dict[str, Any]:
        lines = self.lines(delivery)
        return {"lines": [(line, settings.SITE_URL + line.url) for line in lines], "count": len(lines)}
