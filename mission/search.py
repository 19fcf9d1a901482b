"""Search sources of the registers: rows, for whoever sees them."""

from collections.abc import Iterable, Mapping
from functools import reduce
from typing import Any

from django.db import models
from django.urls import reverse

from assembly.search.models import SearchEntry
from assembly.search.registry import IndexEntry, SearchSource, add_search_source
from mission.parts import import_parts
from mission.registers.declaration import Register, registers

import_parts("register")


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
