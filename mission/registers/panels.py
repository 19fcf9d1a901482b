"""On the pages of apps below, and in their lists: the rows of registers that point at them."""

from collections.abc import Callable
from typing import Any

from assembly.portal.registry import Panel, register_panel
from mission.registers.attachments import links_by_thing


def pointing_at(name: str) -> Callable[[Any, Any], Panel | None]:
    """Rows that the reader sees; nothing where there are none."""

    def provider(user: Any, subject: Any) -> Panel | None:
        found = links_by_thing(name, [subject.pk], user)[subject.pk]
        return Panel("mission/_links.html", {"links": found}) if found else None

    return provider


def pointing_at_each(name: str) -> Callable[[Any, Any], list[Panel]]:
    """The same for the things of a list, which have no page of their own."""

    def provider(user: Any, subjects: Any) -> list[Panel]:
        found = links_by_thing(name, [one.pk for one in subjects], user)
        return [Panel("mission/_links_short.html", {"links": links}, place=str(pk)) for pk, links in found.items()]

    return provider


for each in ("sitting", "referral", "opinion", "committee"):
    register_panel(f"desk-{each}", pointing_at(each))
for each in ("canton", "directorate"):
    register_panel(f"desk-{each}-list", pointing_at_each(each))
