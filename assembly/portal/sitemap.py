"""Registry of sitemap.xml: each app adds its public pages in its `contributions`."""

from collections.abc import Callable, Iterable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap

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
