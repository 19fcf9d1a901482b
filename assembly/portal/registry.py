"""Registries of the widgets on the home pages and of sitemap.xml, which each app fills in its `contributions`.

Menus are in `assembly.institution.menu`, « À faire » in `assembly.institution.todo`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from assembly.fragments.cache import cached_pieces, row_values
from assembly.institution.rules import reader_values


@dataclass(frozen=True)
class Widget:
    """Widget of a home page: a template of the app, its context (variable `widget`), and its position.

    `position` is `main`, `sidebar` (the narrow column) or `wide` (a full-width band); on the page of one object also
    the name of one of its parts (`widgets_by_part`); `order` counts within it.
    """

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    order: int = 50
    position: str = "main"


POSITIONS = ("main", "sidebar", "wide")
type RenderedWidget = tuple[int, str, SafeString]
Provider = Callable[[Any, Any], Widget | list[Widget] | None]
_providers: dict[str, list[Provider]] = {}


def add_widget(page: str, provider: Provider) -> None:
    """Add a widget to `public`, `desk`, `member`, `directorate`, or to the page of an object of an app below.

    provider(user, term) returns a Widget, several that come from one query, or None when it has nothing to show; on
    public pages `user` is None, and on those of one object (`public-referral`, `mandate`) that object replaces the
    term.
    """
    _providers.setdefault(page, []).append(provider)


def page_widgets(page: str, user: Any, term: Any) -> dict[str, list[SafeString]]:
    """Render the widgets of a page, by position and in order, without the empty ones."""
    placed: dict[str, list[SafeString]] = {position: [] for position in POSITIONS}
    for _order, position, html in sorted(rendered_widgets(page, user, term), key=itemgetter(0)):
        placed[position].append(html)
    return placed


def object_widgets(page: str, user: Any, subject: Any, csrf_token: Any = "") -> list[SafeString]:
    """Render the widgets of higher apps on the page of one object in an area, in order; read at each request.

    `csrf_token`: of the page, for the buttons of widgets.
    """
    rows = [widget for each in _providers.get(page, []) for widget in render_widgets(each(user, subject), csrf_token)]
    return [html for _order, _position, html in sorted(rows, key=itemgetter(0))]


def widgets_by_part(page: str, user: Any, subject: Any) -> dict[str, SafeString]:
    """Render the widgets of higher apps on each part of one object, by the name of the part; of a list, by key."""
    by_part: dict[str, SafeString] = {}
    for each in _providers.get(page, []):
        for _order, part, html in render_widgets(each(user, subject)):
            by_part[part] = by_part.get(part, SafeString()) + html
    return by_part


def rendered_widgets(page: str, user: Any, term: Any) -> list[RenderedWidget]:
    """Return the rendered widgets, in an area each from the cache until its data change.

    The public home is cached as a whole by its view.
    """
    providers = _providers.get(page, [])
    if user is None:
        return [widget for each in providers for widget in render_widgets(each(user, term))]
    reader = (page, row_values(term), reader_values(user))

    def made_by(provider: Provider) -> Callable[[], list[RenderedWidget]]:
        return lambda: render_widgets(provider(user, term))

    pieces = {f"{each.__module__}.{each.__qualname__}": made_by(each) for each in providers}
    return [widget for piece in cached_pieces(("widgets", *reader), pieces) for widget in piece]


def render_widgets(widgets: Widget | list[Widget] | None, csrf_token: Any = "") -> list[RenderedWidget]:
    """Return order, position and HTML of what one provider returned."""
    shown = [widgets] if isinstance(widgets, Widget) else widgets or []
    context = {"csrf_token": csrf_token}
    return [
        (widget.order, widget.position, render_to_string(widget.template, context | {"widget": widget.context}))
        for widget in shown
    ]


type Page = tuple[str, datetime | None]
Find = Callable[[], Iterable[Page]]
_finders: dict[str, Find] = {}


class PublicPages(Sitemap):
    """Paths with the day of their publication, at the public address of the settings: no sites framework."""

    def __init__(self, find: Find) -> None:
        self.find = find

    def get_protocol(self, protocol: str | None = None) -> str:
        return urlsplit(settings.SITE_URL).scheme

    def get_domain(self, site: object = None) -> str:
        return urlsplit(settings.SITE_URL).netloc

    def items(self) -> list[Page]:
        return list(self.find())

    def location(self, item: Page) -> str:
        return item[0]

    def lastmod(self, item: Page) -> datetime | None:
        return item[1]


def add_pages(name: str, find: Find) -> None:
    """Add pages to the sitemap: `find()` returns pairs of a path and a moment, or None."""
    _finders[name] = find


def public_pages() -> dict[str, type[Sitemap] | Sitemap]:
    """Return the sitemap in its parts, one for each app."""
    return {name: PublicPages(find) for name, find in sorted(_finders.items())}
