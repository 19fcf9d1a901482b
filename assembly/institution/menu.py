"""Menus of the areas, filled by the `contributions` of apps, who may enter the areas, the public menu and the footer.

What stands below the address of a menu line follows the rule of that line. An app opens the other parts that it serves
(`open_area`, in its `contributions`), which come first; the rest follows `GENERAL`. A closed area answers 403 before
any id is looked up. In an open area an object that the reader may not see is 404, as one that does not exist; the
homes of the areas, which have no id, and public pages are left to their own views.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy as _

from assembly.institution.models import DIRECTORATE_ROLES, TEAM_ROLES, Assembly, Role, RoleAssignment, Term
from assembly.institution.queries import PLACES
from assembly.institution.rules import can_enter_member_area, has_role, held_roles, stand_in_reader


class MenuHeading(Enum):
    """Heading of the menu of the desk, with its icon, in the order of the menu; at most eight lines stand below."""

    TODAY = _("Aujourd’hui"), "house-door"
    SITTINGS = _("Séances"), "calendar-event"
    QUESTIONS = _("Questions et avis"), "chat-left-text"
    ANSWERS = _("Réponses"), "check2-all"
    PEOPLE = _("Personnes"), "people"
    WRITING = _("Écrire et informer"), "envelope"
    MISSION = _("Mission"), "folder2-open"
    SETTINGS = _("Réglages"), "gear"

    @property
    def title(self) -> Any:
        return self.value[0]

    @property
    def icon(self) -> str:
        return self.value[1]


HEADINGS = tuple(MenuHeading)


@dataclass(frozen=True, eq=False)
class MenuLine:
    """Line of an area's menu; at the desk below one of the `HEADINGS`. `can_open`: the rule of its page.

    The rule reads the roles of the user and the keys of the term, nothing else. It is evaluated for each term where
    the reader has a role. It decides who may enter the paths below the page too (`may_enter`).
    `under` are other path prefixes whose pages belong to the line. `tab_of`: the route of the line whose place it
    shares: the menu shows the first line of a place that the reader may open, its page the others as tabs. `icon`: a
    name of Bootstrap Icons, at the desk that of the heading. `bar_label`: its name in the bottom bar of a phone; only
    lines with one appear there. `setting`: a column of the assembly that switches the line on; its page opens anyway.
    """

    area: str
    heading: MenuHeading | None
    label: Any
    url_name: str
    can_open: Callable[[Any, Term], bool]
    order: int = 50
    under: tuple[str, ...] = ()
    icon: str = ""
    bar_label: Any = ""
    setting: str = ""
    tab_of: str = ""


AREAS = ("desk", "member", "directorate")
entries: list[MenuLine] = []
# Links shown on every page, to everybody: the menu of the public pages, and two lists in the footer.
SHARED_LINES = {
    "menu": (
        ("opinions:public-list", _("Avis et réponses")),
        ("sittings:public-list", _("Séances")),
        ("draws:public-who-sits", _("Qui siège")),
        ("portal:how", _("Comment ça marche")),
        ("search:results", _("Chercher")),
    ),
    "help": (
        ("portal:help", _("Aide")),
        ("portal:glossary", _("Les mots de l’Assemblée")),
        ("consultations:public-list", _("Saisines")),
        ("documents:publications", _("Publications")),
        ("answers:follow-assembly", _("Suivre par courriel")),
        ("documents:verify", _("Vérifier un document")),
        ("open_data:index", _("Données ouvertes")),
    ),
    "legal": (
        ("portal:accessibility", _("Accessibilité : partiellement conforme")),
        ("portal:personal-data", _("Vos données personnelles")),
        ("portal:legal-notice", _("Mentions légales")),
    ),
}


def check_area(area: str) -> None:
    """Raise ValueError, with the names that exist, for an area that has no menu and no to-do list."""
    if area not in AREAS:
        raise ValueError(f"There is no area {area!r}: use one of {', '.join(AREAS)}.")


def add_menu_entry(
    area: str,
    label: Any,
    url_name: str,
    can_open: Callable[[Any, Term], bool],
    order: int = 50,
    *,
    under: tuple[str, ...] = (),
    icon: str = "",
    bar_label: Any = "",
) -> None:
    """Add a line to the menu of an area (`AREAS`, else ValueError); the view behind it takes no argument."""
    check_area(area)
    entries.append(MenuLine(area, None, label, url_name, can_open, order, under, icon, bar_label))


def add_desk_line(
    heading: MenuHeading,
    label: Any,
    url_name: str,
    can_open: Callable[[Any, Term], bool],
    order: int = 50,
    *,
    under: tuple[str, ...] = (),
    bar_label: Any = "",
    setting: str = "",
    tab_of: str = "",
) -> None:
    """Add a line to the menu of the desk, below one of the `HEADINGS`; the view behind it takes no argument."""
    entries.append(
        MenuLine("desk", heading, label, url_name, can_open, order, under, heading.icon, bar_label, setting, tab_of)
    )


def anywhere(rule: Callable[[Any], bool]) -> Callable[[Any, Term], bool]:
    """Return the rule of a line whose page accepts a role in any place."""
    return lambda user, _term: rule(user)


FOR_MEMBERS = anywhere(can_enter_member_area)  # the rule of a line whose page everybody may open


@dataclass(frozen=True)
class MenuItem:
    """Line as one page shows it, with the tabs of its place, itself the first, where it has others."""

    label: Any
    url: str
    icon: str
    bar_label: Any
    current: bool
    tabs: tuple["MenuItem", ...] = ()

    @property
    def pages(self) -> "tuple[MenuItem, ...]":
        return self.tabs or (self,)


@dataclass(frozen=True)
class MenuGroup:
    """Lines below one heading, or all lines of an area that has none."""

    heading: MenuHeading | None
    items: tuple[MenuItem, ...]

    @property
    def current(self) -> bool:
        return any(item.current for item in self.items)

    @property
    def is_at_foot(self) -> bool:
        return self.heading is MenuHeading.SETTINGS


class MenuKey(NamedTuple):
    """Cache key of a menu, which is rendered once per process. `current`: the address of its current line."""

    area: str
    lines: tuple[tuple[MenuLine, str], ...]
    current: str


def role_places(user: Any) -> frozenset[tuple[Any, ...]]:
    """Return the roles of the user: of each its name and its `PLACES`."""
    return frozenset((row.role, *(getattr(row, name) for name in PLACES)) for row in held_roles(user))


@lru_cache(maxsize=1_000)
def lines_of(
    area: str, roles: frozenset[tuple[Any, ...]], page_term: Term | None = None
) -> tuple[tuple[MenuLine, str], ...]:
    """Return the lines of an area for these roles, each with its address.

    The rules get a stand-in for the reader and for each term, without any statement. A role without term gets a key
    that no term has: None would mean any term. `page_term`: the one that the links of the page name, in which a page
    with a rule must open.
    """
    assignments = [RoleAssignment(role=role, **dict(zip(PLACES, places, strict=True))) for role, *places in roles]
    reader = stand_in_reader(0, 0, assignments, {row.directorate_id for row in assignments if row.directorate_id})
    terms = [Term(pk=row.term_id or -1, assembly_id=row.assembly_id) for row in assignments]
    if page_term:
        terms = [page_term]
    lines = [entry for entry in entries if entry.area == area and any(entry.can_open(reader, term) for term in terms)]
    return tuple((entry, reverse(entry.url_name)) for entry in sorted(lines, key=place_of))


def place_of(entry: MenuLine) -> tuple[int, int]:
    """Return what a menu is sorted by: the heading of a line, then its order."""
    return HEADINGS.index(entry.heading) if entry.heading else 0, entry.order


@cache
def area_starts() -> list[tuple[str, MenuLine]]:
    """Return the addresses below which the rule of a line decides who may enter, the longest first.

    No home of an area is one, and no page that everybody may open.
    """
    lines = [entry for entry in entries if entry.can_open is not FOR_MEMBERS]
    starts = [(start, entry) for entry in lines for start in (reverse(entry.url_name), *entry.under)]
    return sorted((start for start in starts if start[0].count("/") > 2), key=lambda start: -len(start[0]))


def line_of(path: str) -> MenuLine | None:
    """Return the line whose rule decides who may enter this path."""
    return next((entry for start, entry in area_starts() if path.startswith(start)), None)


def line_at(path: str) -> MenuLine | None:
    """Return the line of the menu whose page this is, if it is no page below it."""
    line = line_of(path)
    return line if line and reverse(line.url_name) == path else None


def key_of(
    user: Any, area: str, path: str, page_term: Term | None = None, assembly: Assembly | None = None
) -> MenuKey:
    """Return the cache key; the line of the longest matching address is the current one.

    `assembly`: whose settings switch lines on.
    """
    every = lines_of(area, role_places(user), page_term)
    lines = tuple(line for line in every if not line[0].setting or getattr(assembly, line[0].setting, False))
    places = [(start, url) for entry, url in lines for start in (url, *entry.under) if path.startswith(start)]
    return MenuKey(area, lines, max(places, key=lambda place: len(place[0]), default=("", ""))[1])


@lru_cache(maxsize=1_000)
def groups_of(key: MenuKey) -> tuple[MenuGroup, ...]:
    places: dict[str, list[tuple[MenuLine, MenuItem]]] = {}
    for entry, url in key.lines:
        item = MenuItem(entry.label, url, entry.icon, entry.bar_label, url == key.current)
        places.setdefault(entry.tab_of or entry.url_name, []).append((entry, item))
    groups: dict[MenuHeading | None, list[MenuItem]] = {}
    for (first, shown), *others in places.values():
        if others:
            tabs = (shown, *(item for _entry, item in others))
            shown = replace(shown, current=any(tab.current for tab in tabs), tabs=tabs)
        groups.setdefault(first.heading, []).append(shown)
    return tuple(MenuGroup(heading, tuple(items)) for heading, items in groups.items())


def counts_by_line(
    user: Any, area: str, waiting: Iterable[tuple[str, int]], assembly: Assembly | None = None
) -> dict[str, int]:
    """Return how many things wait behind each line of the menu, by the address of the line.

    `waiting`: addresses of pages, each with a number; what stands below no line but the home is not counted.
    """
    key = key_of(user, area, "", assembly=assembly)
    line_of_page = {page.url: item.url for group in groups_of(key) for item in group.items for page in item.pages}
    starts = [(start, url) for entry, url in key.lines for start in (url, *entry.under) if start.count("/") > 2]
    starts.sort(key=lambda each: -len(each[0]))
    counts: Counter[str] = Counter()
    for address, number in waiting:
        if page := next((url for start, url in starts if address.startswith(start)), None):
            counts[line_of_page[page]] += number
    return dict(counts)


def menu_for(user: Any, area: str, path: str) -> tuple[MenuGroup, ...]:
    """Return the groups of lines that `user` may see in `area`."""
    return groups_of(key_of(user, area, path))


@lru_cache(maxsize=1_000)
def html_of(key: MenuKey, part: str) -> SafeString:
    """Render the lines with `layouts/<area>_<part>.html` or `layouts/<part>.html`; nothing where there are none."""
    groups = groups_of(key)
    templates = [f"layouts/{key.area}_{part}.html", f"layouts/{part}.html"]
    return render_to_string(templates, {"groups": groups}) if groups else SafeString("")


@lru_cache(maxsize=1_000)
def html_of_tabs(key: MenuKey) -> SafeString:
    """Render the tabs of the place of the current line; return nothing where it has no others."""
    items = (item for group in groups_of(key) for item in group.items)
    place = next((item for item in items if item.current and item.tabs), None)
    return render_to_string("ui/tabs.html", {"label": place.label, "tabs": place.tabs}) if place else SafeString("")


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


DESK = TEAM_ROLES | {Role.FACILITATOR}
DESK_READERS = DESK | {Role.WITNESS, Role.DPO, Role.ARCHIVIST, Role.ADMIN}  # whoever has some page of the desk
OFFICES = frozenset({Role.SPONSOR, Role.PRESIDENT})
type Area = tuple[re.Pattern[str], frozenset[Role]]
GENERAL: list[Area] = [
    (re.compile(r"/bureau/."), DESK),
    (re.compile(r"/instructions/."), DIRECTORATE_ROLES | OFFICES),
]
_areas: dict[str, Area] = {}


def open_area(pattern: str, roles: Collection[Role]) -> None:
    """Let these roles, and no other, enter the paths that begin with the pattern.

    The first pattern that matches decides, in the order in which the apps are loaded. Raises ValueError for a pattern
    that another app has opened.
    """
    if pattern in _areas:
        raise ValueError(f"The area {pattern!r} is open already.")
    _areas[pattern] = (re.compile(pattern), frozenset(roles))


def may_enter(user: Any, path: str) -> bool:
    """Return whether the area of this path, if it is one, is open to a role that `user` has somewhere."""
    roles = next((roles for area, roles in _areas.values() if area.match(path)), None)
    if roles is None and (line := line_of(path)):
        return line in dict(lines_of(line.area, role_places(user)))
    roles = roles or next((roles for area, roles in GENERAL if area.match(path)), None)
    return roles is None or has_role(user, roles)


class AreaMiddleware:
    """Middleware that runs after the sign-in check, which redirects anonymous users to the sign-in page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> None:
        if request.user.is_authenticated and not may_enter(request.user, request.path):
            raise PermissionDenied
