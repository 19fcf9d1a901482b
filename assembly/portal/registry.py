"""What apps show on the home pages, each in its own `panels.py`.

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
    """A part of a home page: a template of the app, the context it gets (`panel`), and where it stands.

    `place` is `main`, `aside` (the narrow column) or `wide` (a band of its own), on the page of one thing also the
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
    """Add a panel to `public`, `desk`, `member`, `directorate`, or to the page of something lower.

    provider(user, term) returns a Panel, several that come from one reading, or None when it has nothing true to
    show; on public pages `user` is None, and on those of one thing (`public-referral`, `mandate`) it stands for the
    term.
    """
    providers = _providers.setdefault(page, [])
    if provider not in providers:
        providers.append(provider)


def panels(page: str, user: Any, term: Any) -> dict[str, list[SafeString]]:
    """Panels of a page as HTML, by place and in order, empty ones left out."""
    placed: dict[str, list[SafeString]] = {place: [] for place in PLACES}
    for _order, place, html in sorted(drawn_panels(page, user, term), key=itemgetter(0)):
        placed[place].append(html)
    return placed


def panels_about(page: str, user: Any, subject: Any) -> list[SafeString]:
    """What higher apps show on the page of one thing in a room, in order; read at each page."""
    found = [panel for each in _providers.get(page, []) for panel in drawn(each(user, subject))]
    return [html for _order, _place, html in sorted(found, key=itemgetter(0))]


def panels_by_part(page: str, user: Any, subject: Any) -> dict[str, SafeString]:
    """What higher apps show on each part of one thing, by the name of the part; of a list, by key."""
    found: dict[str, SafeString] = {}
    for each in _providers.get(page, []):
        for _order, part, html in drawn(each(user, subject)):
            found[part] = found.get(part, SafeString()) + html
    return found


def drawn_panels(page: str, user: Any, term: Any) -> list[DrawnPanel]:
    """In a room each is kept until what it tells changes; what the public home tells is kept whole."""
    providers = _providers.get(page, [])
    if user is None:
        return [panel for each in providers for panel in drawn(each(user, term))]
    reader = (page, by_value(term), reader_values(user))

    def made_by(provider: Provider) -> Callable[[], list[DrawnPanel]]:
        return lambda: drawn(provider(user, term))

    pieces = {f"{each.__module__}.{each.__qualname__}": made_by(each) for each in providers}
    return [panel for piece in all_until_changed(("panels", *reader), pieces) for panel in piece]


def drawn(given: Panel | list[Panel] | None) -> list[DrawnPanel]:
    """Order, place and HTML of what one provider gave."""
    shown = [given] if isinstance(given, Panel) else given or []
    return [(panel.order, panel.place, render_to_string(panel.template, {"panel": panel.context})) for panel in shown]
