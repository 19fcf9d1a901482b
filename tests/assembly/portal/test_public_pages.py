"""Public pages: one sheet, no script, under 60 KB with everything they load, few statements."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assembly.portal.help import PAGES
from tests.factories.documents import DocumentFactory
from tests.factories.institution import TermFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory

NAMES = ["home", "help", "legal-notice", "personal-data", "accessibility", "glossary"]
ADDRESSES = [
    *(("portal:" + name, []) for name in NAMES),
    *(("portal:help-page", [page.slug]) for page in PAGES),
    ("documents:publications", []),
    ("sittings:public-list", []),
]
LOADED = re.compile(r"(?:href|src)=\"(/static/[^\"]+)\"")
WEIGHT = 60 * 1024
REQUESTS = 8


@pytest.fixture
def full_house(db):
    """As much as the home page ever shows."""
    term = TermFactory()
    for _ in range(6):
        DocumentFactory(term=term, published=True)
        SittingFactory(term=term)
        MandateFactory(term=term)


@pytest.mark.parametrize(("name", "arguments"), ADDRESSES, ids=lambda value: str(value))
def test_a_public_page_is_light_and_needs_no_script(
    name, arguments, full_house, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(8):
        page = client.get(reverse(name, args=arguments)).content
    html = page.decode()
    assert "<script" not in html
    assert "app.css" not in html
    loaded = sorted(set(LOADED.findall(html)))
    files = [finders.find(path.removeprefix("/static/")) for path in loaded]
    assert all(files), loaded
    weight = len(gzip.compress(page))
    for path in files:
        content = Path(path).read_bytes()
        weight += len(content) if path.endswith(".woff2") else len(gzip.compress(content))
    assert weight <= WEIGHT, f"{weight} bytes: {loaded}"
    assert len(loaded) + 2 <= REQUESTS  # the page and the assembly's colours


@pytest.mark.parametrize("name", ["portal:home", "sittings:public-list", "documents:publications"])
def test_more_of_everything_costs_no_more_statements(name, db, client):
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse(name))
        return len(asked)

    term = TermFactory()
    MandateFactory(term=term)
    DocumentFactory(term=term, published=True)
    SittingFactory(term=term)
    few = count()
    for _ in range(3):
        MandateFactory(term=term)
        DocumentFactory(term=term, published=True)
        SittingFactory(term=term)
    assert count() == few
