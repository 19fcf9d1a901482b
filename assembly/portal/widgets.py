"""Widgets of the home pages about apps below the portal: documents published, distributions in progress."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from assembly.documents.queries import published
from assembly.institution.enums import TEAM_ROLES
from assembly.institution.models import Term
from assembly.institution.rules import has_role
from assembly.notifications.queries import latest
from assembly.portal.help import PAGES
from assembly.portal.registry import Widget, add_widget
from assembly.portal.sitemap import Page, add_pages
from assembly.speed.compiled_query import CompiledQuery

LATEST = 4
ALWAYS = [
    *("portal:home", "documents:publications", "documents:verify", "portal:help", "portal:glossary"),
    *("portal:legal-notice", "portal:personal-data", "portal:accessibility"),
]


LATEST_PUBLISHED = CompiledQuery(lambda assembly: published().filter(term__assembly=assembly).for_screen()[:LATEST])


def publications(user: Any, term: Term) -> Widget:
    """Return the latest sealed documents, each with its file."""
    documents = list(LATEST_PUBLISHED(term.assembly_id))
    return Widget("portal/_publications.html", {"documents": documents}, order=10)


def distributions(user: Any, term: Term) -> Widget | None:
    """Return the latest distributions of the term; a badge shows those that need an act."""
    if not has_role(user, TEAM_ROLES):
        return None
    lines = [{"distribution": row, "tally": tally} for row, tally in latest(term)]
    return Widget("portal/_distributions.html", {"lines": lines}, position="sidebar") if lines else None


def pages() -> Iterator[Page]:
    """Yield the pages that always exist, and the published files."""
    yield from ((reverse(name), None) for name in ALWAYS)
    yield from ((reverse("portal:help-page", args=[page.slug]), None) for page in PAGES)
    for reference, moment in published().values_list("reference", "published_at"):
        yield reverse("documents:publication-file", args=[reference]), moment


add_pages("portal", pages)
add_widget("public", publications)
add_widget("desk", distributions)
