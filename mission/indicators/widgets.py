"""Public pages of the indicators, for the site map."""

from collections.abc import Iterator

from django.urls import reverse

from assembly.portal.sitemap import Page, add_pages
from mission.indicators.rules import list_public_indicators


def pages() -> Iterator[Page]:
    yield reverse("mission:public-indicators"), None
    for one in list_public_indicators():
        yield reverse("mission:public-indicator", args=[one.key]), None


add_pages("mission", pages)
