"""Registry of the widgets on the home pages, which each app adds in its own `panels.py`.

Menus are in `assembly.institution.menu`, « À faire » in `assembly.institution.todo`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assembly.fragments.cache import all_until_changed, by_value
from assembly.institution.rules import reader_values


@dataclass(frozen=True)
class Panel:
    """Widget of a home page: a template of the app, its context (variable `panel`), and its place.

    `place` is `main`, `aside` (the narrow column) or `wide` (a full-width band); on the page of one object also the
    name of one of its parts (`panels_by_part`); `order` counts within it.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
    place: str = "main"


PLACES = ("main", "aside", "wide")
type DrawnPanel = tuple[int, str, SafeString]
Provider = Callable[[Any, Any], Panel | list[Panel] | None]
_providers: dict[str, list[Provider]] = {}


def register_panel(page: str, provider: Provider) -> None:
    """Add a widget to `public`, `desk`, `member`, `directorate`, or to the page of an object of an app below.

    provider(user, term) returns a Panel, several that come from one query, or None when it has nothing to show; on
    public pages `user` is None, and on those of one object (`public-referral`, `mandate`) that object replaces the
    term.
    """
    providers = _providers.setdefault(page, [])
    if provider not in providers:
        providers.append(provider)


def panels(page: str, user: Any, term: Any) -> dict[str, list[SafeString]]:
    """Render the widgets of a page, by place and in order, without the empty ones."""
    placed: dict[str, list[SafeString]] = {place: [] for place in PLACES}
    for _order, place, html in sorted(drawn_panels(page, user, term), key=itemgetter(0)):
        placed[place].append(html)
    return placed


def panels_about(page: str, user: Any, subject: Any) -> list[SafeString]:
    """Render the widgets of higher apps on the page of one object in an area, in order; read at each request."""
    rows = [panel for each in _providers.get(page, []) for panel in drawn(each(user, subject))]
    return [html for _order, _place, html in sorted(rows, key=itemgetter(0))]


def panels_by_part(page: str, user: Any, subject: Any) -> dict[str, SafeString]:
    """Render the widgets of higher apps on each part of one object, by the name of the part; of a list, by key."""
    by_part: dict[str, SafeString] = {}
    for each in _providers.get(page, []):
        for _order, part, html in drawn(each(user, subject)):
            by_part[part] = by_part.get(part, SafeString()) + html
    return by_part


def drawn_panels(page: str, user: Any, term: Any) -> list[DrawnPanel]:
    """Return the rendered widgets, in an area each from the cache until its data change.

    The public home is cached as a whole by its view.
    """
    providers = _providers.get(page, [])
    if user is None:
        return [panel for each in providers for panel in drawn(each(user, term))]
    reader = (page, by_value(term), reader_values(user))

    def made_by(provider: Provider) -> Callable[[], list[DrawnPanel]]:
        return lambda: drawn(provider(user, term))

    pieces = {f"{each.__module__}.{each.__qualname__}": made_by(each) for each in providers}
    return [panel for piece in all_until_changed(("panels", *reader), pieces) for panel in piece]


def drawn(panels: Panel | list[Panel] | None) -> list[DrawnPanel]:
    """Return order, place and HTML of what one provider returned."""
    shown = [panels] if isinstance(panels, Panel) else panels or []
    return [(panel.order, panel.place, render_to_string(panel.template, {"panel": panel.context})) for panel in shown]
