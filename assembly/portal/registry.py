"""Widgets on the home pages, and the registry of sitemap.xml, which each app fills in its `contributions`.

Menus are in `assembly.institution.menu`, « À faire » in `assembly.institution.todo`.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from operator import itemgetter
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.utils.safestring import SafeString

from assembly.fragments.cache import cached_pieces, row_values
from assembly.institution.rules import reader_values
from assembly.web.widgets import Provider, RenderedWidget, providers_of, render_widgets

POSITIONS = ("top", "main", "sidebar", "band", "wide", "foot")


def page_widgets(page: str, user: Any, term: Any) -> dict[str, list[SafeString]]:
    """Render the widgets of a page, by position and in order, without the empty ones."""
    placed: dict[str, list[SafeString]] = {position: [] for position in POSITIONS}
    for _order, position, html in sorted(rendered_widgets(page, user, term), key=itemgetter(0)):
        placed[position].append(html)
    return placed


def rendered_widgets(page: str, user: Any, term: Any) -> list[RenderedWidget]:
    """Return the rendered widgets, in an area each from the cache until its data change.

    The public home is cached as a whole by its view.
    """
    providers = providers_of(page)
    if user is None:
        return [widget for each in providers for widget in render_widgets(each(user, term))]
    reader = (page, row_values(term), reader_values(user))

    def made_by(provider: Provider) -> Callable[[], list[RenderedWidget]]:
        return lambda: render_widgets(provider(user, term))

    pieces = {f"{each.__module__}.{each.__qualname__}": made_by(each) for each in providers}
    return [widget for piece in cached_pieces(("widgets", *reader), pieces) for widget in piece]


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
