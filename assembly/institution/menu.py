"""Menus of the areas, filled by the `contributions` of apps, the public menu and the footer."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from assembly.institution.areas import check_area
from assembly.institution.enums import Role
from assembly.institution.rules import held_roles


@dataclass(frozen=True)
class MenuLine:
    """Line of an area's menu. `group` is its French title ("" for the first lines), `roles` who sees it.

    `under` are other path prefixes whose pages belong to the line. `icon`: a name of Bootstrap Icons. `bar_label`: its
    name in the bottom bar of a member's phone; only lines with one appear there.
    """

    area: str
    group: Any
    label: Any
    url_name: str
    roles: frozenset[Role]
    order: int = 50
    under: tuple[str, ...] = ()
    icon: str = ""
    bar_label: Any = ""


entries: list[MenuLine] = []
# Links shown on every page, to everybody: the menu of the public pages, and two lists in the footer.
SHARED_LINES = {
    "menu": (
        ("consultations:public-list", _("Saisines")),
        ("opinions:public-list", _("Avis")),
        ("sittings:public-list", _("Séances")),
        ("documents:publications", _("Publications")),
        ("search:results", _("Chercher")),
        ("documents:verify", _("Vérifier un document")),
    ),
    "help": (
        ("portal:help", _("Aide")),
        ("portal:glossary", _("Les mots de l’Assemblée")),
    ),
    "legal": (
        ("portal:accessibility", _("Accessibilité : partiellement conforme")),
        ("portal:personal-data", _("Vos données personnelles")),
        ("portal:legal-notice", _("Mentions légales")),
    ),
}


def add_menu_entry(
    area: str,
    group: Any,
    label: Any,
    url_name: str,
    roles: Iterable[Role],
    order: int = 50,
    under: tuple[str, ...] = (),
    icon: str = "",
    bar_label: Any = "",
) -> None:
    """Add a line to the menu of an area (`AREAS`, else ValueError); the view behind it takes no argument."""
    check_area(area)
    entries.append(MenuLine(area, group, label, url_name, frozenset(roles), order, under, icon, bar_label))


@dataclass(frozen=True)
class MenuItem:
    """Line as one page shows it."""

    label: Any
    url: str
    icon: str
    bar_label: Any
    current: bool


@dataclass(frozen=True)
class MenuGroup:
    title: str
    items: tuple[MenuItem, ...]


class MenuKey(NamedTuple):
    """Cache key of a menu, which is rendered once per process. `current`: the address of its current line."""

    area: str
    roles: frozenset[str]
    current: str


@cache
def lines_of(area: str, roles: frozenset[str]) -> tuple[tuple[MenuLine, str], ...]:
    """Return the lines of an area for these roles, each with its address."""
    seen = sorted(
        (entry for entry in entries if entry.area == area and entry.roles & roles), key=lambda one: one.order
    )
    return tuple((entry, reverse(entry.url_name)) for entry in seen)


def key_of(user: Any, area: str, path: str) -> MenuKey:
    """Return the cache key; the line of the longest matching address is the current one."""
    roles = frozenset(assignment.role for assignment in held_roles(user))
    lines = lines_of(area, roles)
    places = [(start, url) for entry, url in lines for start in (url, *entry.under) if path.startswith(start)]
    return MenuKey(area, roles, max(places, key=lambda place: len(place[0]), default=("", ""))[1])


@lru_cache(maxsize=1_000)
def groups_of(key: MenuKey) -> tuple[MenuGroup, ...]:
    groups: dict[str, list[MenuItem]] = {}
    for entry, url in lines_of(key.area, key.roles):
        item = MenuItem(entry.label, url, entry.icon, entry.bar_label, url == key.current)
        groups.setdefault(str(entry.group), []).append(item)
    return tuple(MenuGroup(title, tuple(items)) for title, items in groups.items())


def menu_for(user: Any, area: str, path: str) -> tuple[MenuGroup, ...]:
    """Return the groups of lines that `user` may see in `area`."""
    return groups_of(key_of(user, area, path))


@lru_cache(maxsize=1_000)
def html_of(key: MenuKey, part: str) -> SafeString:
    """Render the lines with `layouts/<area>_<part>.html`; return nothing where there are none."""
    groups = groups_of(key)
    return render_to_string(f"layouts/{key.area}_{part}.html", {"groups": groups}) if groups else SafeString("")


def shared_lines(part: str, path: str = "") -> SafeString:
    """Render one list of `SHARED_LINES`; the line of the page at `path` is marked."""
    lines = addresses_of(part)
    return shared_html(part, path if path in lines else "", get_language())


@cache
def addresses_of(part: str) -> dict[str, Any]:
    return {reverse(name): label for name, label in SHARED_LINES[part]}


@lru_cache(maxsize=100)
def shared_html(part: str, current: str, _language: str | None) -> SafeString:
    mark = SafeString(' aria-current="page"')
    lines = ((url, mark if url == current else "", label) for url, label in addresses_of(part).items())
    return format_html_join("", '<li><a href="{}"{}>{}</a></li>', lines)
