"""The publications as an Atom feed (RFC 4287): for newsreaders, the press, and sites that show the latest ones."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_safe

from assembly.documents.models import Document
from assembly.documents.queries import published
from assembly.documents.registry import SitePage, site_pages
from assembly.institution.queries import main_assembly
from assembly.speed.page_cache import public_page
from assembly.text.french import format_date

LATEST = 30


def absolute(path: str) -> str:
    """Return the public address of a path, whatever host name the request used."""
    return f"{settings.SITE_URL}{path}"


class PublicationFeed(Feed):
    """Feed of the latest sealed documents; each entry links to its page of the site and has its file as enclosure."""

    feed_type = Atom1Feed
    subtitle = gettext_lazy("Les comptes rendus et les avis, à mesure qu’ils sont publiés.")

    def __init__(self) -> None:
        self.pages: dict[int, SitePage] = {}

    def title(self) -> str:
        return _("%(name)s : publications") % {"name": self.author_name()}

    def author_name(self) -> str:
        assembly = main_assembly()
        return assembly.name if assembly else "Hémicycle"

    def link(self) -> str:
        return absolute(reverse("documents:publications"))

    def feed_url(self) -> str:
        return absolute(reverse("documents:feed"))

    def items(self) -> list[Document]:
        documents = list(published().for_screen()[:LATEST])
        self.pages = site_pages(documents)
        return documents

    def item_title(self, item: Document) -> str:
        return item.title

    def item_description(self, item: Document) -> str:
        return _("%(reference)s, publié le %(day)s.") % {
            "reference": item.reference,
            "day": format_date(item.published_at, weekday=False),
        }

    def item_link(self, item: Document) -> str:
        page = self.pages.get(item.pk)
        return absolute(page.url) if page else self.item_guid(item)

    def item_guid(self, item: Document) -> str:
        """Return the address of the file, which never changes (`urls.py`)."""
        return absolute(reverse("documents:publication-file", args=[item.reference]))

    item_enclosure_url = item_guid
    item_enclosure_mime_type = "application/pdf"

    def item_enclosure_length(self, item: Document) -> int:
        return item.published_revision.blob.size if item.published_revision else 0

    def item_pubdate(self, item: Document) -> datetime | None:
        return item.published_at

    item_updateddate = item_pubdate


@login_not_required
@require_safe
@public_page
def publication_feed(request: HttpRequest) -> HttpResponse:
    return PublicationFeed()(request)
