"""The menus of the rooms, filled by each app's `portal.py`: `menu.add(menu.Entry(…))`."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.urls import reverse

from assembly.institution.enums import Role
from assembly.institution.rules import has_role


@dataclass(frozen=True)
class MenuLine:
    """A line of a room's menu. `group` is its French title ("" for the first lines), `roles` who sees it.

    `under` are other beginnings of addresses whose pages belong to the line. `icon`: a name of Bootstrap Icons.
    `place`: its name in the bar at the foot of a member's phone; only lines with one stand there.
    """

    room: str
    group: Any
    label: Any
    url_name: str
    roles: frozenset[Role]
    order: int = 50
    under: tuple[str, ...] = ()
    icon: str = ""
    place: Any = ""


entries: list[MenuLine] = []


def add(
    room: str,
    group: Any,
    label: Any,
    url_name: str,
    roles: Iterable[Role],
    order: int = 50,
    under: tuple[str, ...] = (),
    icon: str = "",
    place: Any = "",
) -> None:
    """Declare a line: rooms are `desk`, `member`, `directorate`. The screen behind it takes no argument."""
    entry = MenuLine(room, group, label, url_name, frozenset(roles), order, under, icon, place)
    if entry not in entries:
        entries.append(entry)


@cache
def address_of(url_name: str) -> str:
    return reverse(url_name)


def menu_for(user: Any, room: str, path: str) -> list[dict[str, Any]]:
    """Groups of lines that `user` may see in `room`; the line of the longest matching address is the current one."""
    seen = [entry for entry in entries if entry.room == room and has_role(user, entry.roles)]
    lines = [(entry, address_of(entry.url_name)) for entry in sorted(seen, key=lambda entry: entry.order)]
    places = [(start, url) for entry, url in lines for start in (url, *entry.under) if path.startswith(start)]
    current = max(places, key=lambda place: len(place[0]), default=("", None))[1]
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry, url in lines:
        line = {
            "label": entry.label,
            "url": url,
            "count": None,
            "current": url == current,
            "icon": entry.icon,
            "place": entry.place,
        }
        groups.setdefault(str(entry.group), []).append(line)
    return [{"title": title, "items": items} for title, items in groups.items()]
