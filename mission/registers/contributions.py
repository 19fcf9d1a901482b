"""Contributions of all registers: menu, due days, imports, mails, links on pages of other apps, files, search."""

from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from typing import Any

from django.db import models
from django.urls import reverse

from assembly.calendar.models import CalendarKind
from assembly.calendar.registry import add_calendar_source
from assembly.documents.registry import add_upload_rules
from assembly.imports.plan import add_import_kind
from assembly.institution import todo
from assembly.institution.menu import add_desk_line
from assembly.institution.models import Term
from assembly.institution.todo import add_to_do
from assembly.notifications.registry import add_messages
from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from assembly.web.widgets import Widget, add_widget
from mission.registers.declaration import Register, registers
from mission.registers.importing import import_kind
from mission.registers.importing_lines import line_import_kind
from mission.registers.mails import DuesMessage, due_lists
from mission.registers.queries import dues_in_calendar, links_by_thing, sees_upload

DUES = due_lists()


def desk_lines(user: Any, term: Term) -> Iterable[todo.PendingLists]:
    """Return the due days of every register that this user sees, in one statement."""
    return [DUES] if any(register.can_enter(user, term) for register in registers.values()) else []


for each in registers.values():
    add_desk_line(
        each.heading,
        each.title,
        f"mission:{each.key}",
        each.can_enter,
        order=80 + each.order,
        setting=each.setting,
        tab_of=each.tab_of and f"mission:{each.tab_of}",
    )


def value_at(row: Any, path: str) -> str:
    """Return a column of a row, or of a row that it points at: `resource__place`."""
    value = reduce(lambda current, name: current and getattr(current, name), path.split("__"), row)
    return str(value or "")


class RegisterSource(SearchSource):
    """Search source of one register: the name of a row, and the fields of its search box."""

    register: Register

    def objects(self) -> models.QuerySet[Any]:
        return self.register.model.objects.all()

    def entries(self, subject: Any) -> Iterable[IndexEntry]:
        texts = [value_at(subject, path) for path in self.register.search if path not in ("name", "reference")]
        yield IndexEntry(subject.name, " ".join(filter(None, texts)), reference=subject.reference)

    def visible_to(self, user: Any) -> Mapping[str, models.QuerySet[Any]]:
        return {"": self.register.visible_to(user)}

    def address(self, user: Any, entry: SearchEntry) -> str:
        return reverse(f"mission:{self.register.key}-row", args=[entry.object_id])


for each in registers.values():
    attributes = {
        "kind": each.noun,
        "name": each.title,
        "label": each.title,
        "order": 90 + each.order,
        "register": each,
    }
    add_search_source(type(f"{each.noun.title()}Source", (RegisterSource,), attributes))


def pointing_at(name: str) -> Callable[[Any, Any], Widget | None]:
    """Return a provider of the rows that the reader sees; it returns None without any."""

    def provider(user: Any, subject: Any) -> Widget | None:
        links = links_by_thing(name, [subject.pk], user)[subject.pk]
        return Widget("mission/registers/_links.html", {"links": links}) if links else None

    return provider


def pointing_at_each(name: str) -> Callable[[Any, Any], list[Widget]]:
    """Return the same for the objects of a list, which have no page of their own."""

    def provider(user: Any, subjects: Any) -> list[Widget]:
        links_by_key = links_by_thing(name, [one.pk for one in subjects], user)
        return [
            Widget("mission/registers/_links_short.html", {"links": links}, position=str(pk))
            for pk, links in links_by_key.items()
        ]

    return provider


for name in ("sitting", "referral", "opinion", "committee"):
    add_widget(f"desk-{name}", pointing_at(name))
for name in ("canton", "directorate"):
    add_widget(f"desk-{name}-list", pointing_at_each(name))


add_calendar_source(CalendarKind.DEADLINE, dues_in_calendar)
add_to_do("desk", desk_lines)
add_messages(DuesMessage)
add_upload_rules(sees_upload)
for each in registers.values():
    add_import_kind(import_kind(each))
    for lines in each.lines:
        add_import_kind(line_import_kind(each, lines))
