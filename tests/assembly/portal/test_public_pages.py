"""Public pages: one sheet, no script, under 50 KB with everything they load, few statements."""

import gzip
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assembly.portal.help import PAGES
from consultations.models import ReferralState
from opinions.models import OpinionState
from sessions.sittings.queries.sittings import NEAREST
from tests.browsing import DATA_BLOCK
from tests.factories.consultations import ReferralFactory
from tests.factories.documents import DocumentFactory
from tests.factories.institution import TermFactory
from tests.factories.members import MandateFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import SittingFactory

NAMES = ["home", "help", "legal-notice", "personal-data", "accessibility", "glossary"]
ADDRESSES = [
    *(("portal:" + name, []) for name in NAMES),
    *(("portal:help-page", [page.slug]) for page in PAGES),
    ("documents:publications", []),
    ("sittings:public-list", []),
]
LOADED = re.compile(r"(?:href|src)=\"(/static/[^\"]+)\"")
WEIGHT = 50 * 1024
REQUESTS = 8


@pytest.fixture
def filled_home_page(db):
    """Make as many rows as the home page can show."""
    term = TermFactory()
    for _ in range(6):
        DocumentFactory(term=term, published=True)
        SittingFactory(term=term)
        MandateFactory(term=term)


@pytest.mark.parametrize(("name", "arguments"), ADDRESSES, ids=lambda value: str(value))
def test_a_public_page_is_light_and_needs_no_script(
    name, arguments, filled_home_page, client, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        page = client.get(reverse(name, args=arguments)).content
    html = page.decode()
    assert "<script" not in DATA_BLOCK.sub("", html)
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


def copies(row, count, **changes):
    """Insert that many copies of a row in one statement, each with its own reference and `changes`."""
    rows = []
    for number in range(count):
        values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
        values |= {"id": None, "public_id": uuid.uuid4()} | {name: given[number] for name, given in changes.items()}
        rows.append(type(row)(**values))
    return type(row).objects.bulk_create(rows)


def numbered(row, count, **changes):
    return copies(row, count, reference=[f"{row.reference}-{number}" for number in range(count)], **changes)


def held_sittings(term):
    numbered(SittingFactory(term=term, held=True, starts_at=timezone.now() - timedelta(days=30)), 59)


def published_referrals(term):
    row = ReferralFactory(term=term, published=True, working=True)
    numbered(row, 29)
    numbered(ReferralFactory(term=term, published=True, state=ReferralState.CLOSED), 29)


def published_opinions(term):
    first = OpinionFactory(term=term, state=OpinionState.PUBLISHED)
    numbered(first, 59, text_id=[text.pk for text in copies(first.text, 59)])


LISTS = {
    "sittings:public-list": held_sittings,
    "consultations:public-list": published_referrals,
    "opinions:public-list": published_opinions,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_public_list_goes_on_on_the_next_page(name, db, client):
    LISTS[name](TermFactory())
    address, seen = reverse(name), []
    for _ in range(3):
        page = client.get(address)
        assert len(page.context["page"]) <= 25
        assert "sur 60" in " ".join(page.text.split())
        seen += [row.pk for row in page.context["page"]]
        address = f"{reverse(name)}?apres={page.context['page'].after}"
    assert len(set(seen)) == 60
    assert page.context["page"].after is None


def test_only_the_nearest_sittings_are_announced(db, client):
    numbered(SittingFactory(notified=True), NEAREST)
    page = client.get(reverse("sittings:public-list")).text
    assert page.count('<li class="agenda">') == NEAREST
    assert "L’agenda les contient toutes." in page


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
