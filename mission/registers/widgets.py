"""Widgets on the pages of apps below, and in their lists: the rows of registers that point at them."""

from collections.abc import Callable
from typing import Any

from assembly.portal.registry import Widget, add_widget
from mission.registers.attachments import links_by_thing


def pointing_at(name: str) -> Callable[[Any, Any], Widget | None]:
    """Return a provider of the rows that the reader sees; it returns None without any."""

    def provider(user: Any, subject: Any) -> Widget | None:
        links = links_by_thing(name, [subject.pk], user)[subject.pk]
        return Widget("mission/_links.html", {"links": links}) if links else None

    return provider


def pointing_at_each(name: str) -> Callable[[Any, Any], list[Widget]]:
    """Return the same for the objects of a list, which have no page of their own."""

    def provider(user: Any, subjects: Any) -> list[Widget]:
        links_by_key = links_by_thing(name, [one.pk for one in subjects], user)
        return [
            Widget("mission/_links_short.html", {"links": links}, position=str(pk))
            for pk, links in links_by_key.items()
        ]

    return provider


for each in ("sitting", "referral", "opinion", "committee"):
    add_widget(f"desk-{each}", pointing_at(each))
for each in ("canton", "directorate"):
    add_widget(f"desk-{each}-list", pointing_at_each(each))
