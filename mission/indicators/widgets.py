"""Public pages of the indicators, for the site map."""

from collections.abc import Iterator

from django.urls import reverse

from assembly.portal.sitemap import Page, register_pages
from mission.indicators.rules import indicators_told


def pages() -> Iterator[Page]:
    yield reverse("mission:public-indicators"), None
    for one in indicators_told():
        yield reverse("mission:public-indicator", args=[one.key]), None


register_pages("mission", pages)
