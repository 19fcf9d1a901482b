"""Feed, site map, robots.txt, security.txt, pictures for shared links: valid, absolute, nothing unpublished."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from assembly.portal.share import Card, draw_card, lines_below, title_lines
from consultations.models import Referral
from opinions.models import Opinion, OpinionState
from sessions.models import Sitting
from tests.factories.consultations import ReferralFactory
from tests.factories.documents import DocumentFactory
from tests.factories.institution import AssemblyFactory, TermFactory
from tests.factories.opinions import OpinionFactory
from tests.factories.sessions import SittingFactory

SITE = "https://assemblee.example.org"
MAP, ATOM = "{http://www.sitemaps.org/schemas/sitemap/0.9}", "{http://www.w3.org/2005/Atom}"
META = re.compile(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">')


@pytest.fixture(autouse=True)
def site_url(settings):
    """Set the public address that all machine-readable pages use, whatever host the request has."""
    settings.SITE_URL = SITE


def read(client, path):
    cache.clear()
    answer = client.get(path)
    assert answer.status_code == 200
    return answer


def mapped(client):
    answer = read(client, "/sitemap.xml")
    assert answer["Content-Type"] == "application/xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 -- our own answer
    assert root.tag == f"{MAP}urlset"
    return {row.findtext(f"{MAP}loc"): row.findtext(f"{MAP}lastmod") for row in root}


def entries(client):
    answer = read(client, reverse("documents:feed"))
    assert answer["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(answer.content)  # noqa: S314 -- our own answer


@pytest.fixture
def shown(people):
    """Make one public row of each kind."""
    opinion = OpinionFactory(term=people.term, state=OpinionState.PUBLISHED)
    return {
        "opinion": opinion,
        "referral": ReferralFactory(term=people.term, published=True, working=True),
        "sitting": SittingFactory(term=people.term, notified=True),
        "document": DocumentFactory(
            term=people.term,
            reference=opinion.reference,
            kind="opinion",
            subject_type="opinions.Opinion",
            subject_id=str(opinion.pk),
            published=True,
        ),
    }


def paths(shown):
    return {
        "opinion": reverse("opinions:public", args=[shown["opinion"].reference]),
        "referral": reverse("consultations:public", args=[shown["referral"].reference]),
        "sitting": reverse("sittings:public", args=[shown["sitting"].reference]),
        "document": reverse("documents:publication-file", args=[shown["document"].reference]),
    }


def test_the_map_has_what_anybody_may_read_and_nothing_else(people, client, shown):
    hidden = OpinionFactory(term=people.term, state=OpinionState.HANDED_OVER)
    votes = [opinion.tabled_sitting.reference for opinion in (shown["opinion"], hidden)]
    ReferralFactory(term=people.term, working=True)
    SittingFactory(term=people.term, is_public=False)
    SittingFactory(term=TermFactory(assembly=AssemblyFactory(second=True), number=1, name="Ailleurs"))
    DocumentFactory(term=people.term)
    found = mapped(client)
    objects = {f"{SITE}{path}" for path in paths(shown).values()}
    objects |= {f"{SITE}/seances/{reference}/" for reference in votes}
    prefixes = ("/avis/", "/saisines/", "/seances/", "/publications/")
    lists = {f"{SITE}{prefix}" for prefix in prefixes}
    assert {one for one in found if one.startswith(tuple(lists))} == objects | lists
    assert found[f"{SITE}{paths(shown)['opinion']}"] == f"{timezone.localdate():%Y-%m-%d}"
    assert f"{SITE}/" in found
    for one in found:
        assert client.get(one.removeprefix(SITE)).status_code == 200, one


def test_what_is_withdrawn_is_gone_everywhere_at_the_next_look(client, shown):
    there = paths(shown)
    cards = {name: f"{there[name]}partage.png" for name in ("opinion", "referral", "sitting")}
    for _ in range(2):
        assert all(read(client, path) for path in (*there.values(), *cards.values()))
    Opinion.objects.filter(pk=shown["opinion"].pk).update(state=OpinionState.HANDED_OVER, published_at=None)
    Referral.objects.filter(pk=shown["referral"].pk).update(published_at=None)
    Sitting.objects.filter(pk=shown["sitting"].pk).update(is_public=False)
    document = shown["document"]
    document.state, document.published_at, document.published_revision = "sealed", None, None
    document.save()
    cache.clear()
    for path in (*there.values(), *cards.values()):
        assert client.get(path).status_code == 404, path
    assert not {f"{SITE}{path}" for path in there.values()} & set(mapped(client))
    assert entries(client).findall(f"{ATOM}entry") == []


def test_the_feed_is_valid_and_leads_to_pages(people, client, shown):
    DocumentFactory(term=people.term, published=True, title="Procès-verbal & annexes")
    root = entries(client)
    for name in ("title", "id", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None, name
    assert root.findtext(f"{ATOM}author/{ATOM}name") == people.assembly.name
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links == {"alternate": f"{SITE}/publications/", "self": f"{SITE}/publications/flux.atom"}
    rows = root.findall(f"{ATOM}entry")
    assert [row.findtext(f"{ATOM}title") for row in rows][0] == "Procès-verbal & annexes"
    for row in rows:
        assert datetime.fromisoformat(row.findtext(f"{ATOM}updated")).tzinfo
    told = {link.get("rel"): link for link in rows[1].findall(f"{ATOM}link")}
    assert told["alternate"].get("href") == f"{SITE}{paths(shown)['opinion']}"
    assert told["enclosure"].get("href") == rows[1].findtext(f"{ATOM}id") == f"{SITE}{paths(shown)['document']}"
    assert told["enclosure"].get("type") == "application/pdf"
    assert int(told["enclosure"].get("length")) > 0


@pytest.mark.parametrize("path", ["/sitemap.xml", "documents:feed"])
def test_more_publications_cost_no_more_statements(path, people, client, django_assert_max_num_queries):
    for _ in range(4):
        DocumentFactory(term=people.term, published=True)
        SittingFactory(term=people.term)
    with django_assert_max_num_queries(10):
        client.get(reverse(path) if ":" in path else path)


def test_robots_leave_the_rooms_alone_and_a_demonstration_whole(client, db, settings):
    page = read(client, "/robots.txt").text
    assert "Disallow: /bureau/" in page
    assert "Disallow: /\n" not in page
    assert f"Sitemap: {SITE}/sitemap.xml" in page
    settings.DEMO = True
    assert "Disallow: /\n" in read(client, "/robots.txt").text


def test_whoever_finds_a_flaw_knows_whom_to_tell(client, people):
    assert people.term
    answer = read(client, "/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    told = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert told.keys() == {"Contact", "Expires", "Preferred-Languages", "Canonical"}
    assert told["Contact"] == f"mailto:{people.assembly.reply_email}"
    assert told["Canonical"] == f"{SITE}/.well-known/security.txt"
    left = datetime.fromisoformat(told["Expires"]) - datetime.now(UTC)
    assert timedelta(days=30) < left < timedelta(days=365)


@pytest.mark.parametrize("path", ["/.well-known/security.txt", "/partage.png"])
def test_before_the_assembly_there_is_nobody_to_name(path, client, db):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["home", "opinion", "referral", "sitting"])
def test_a_shared_link_shows_a_picture_of_ours(name, client, shown):
    path = {"home": "/", **paths(shown)}[name]
    told = dict(META.findall(read(client, path).text))
    assert told["og:url"] == f"{SITE}{path}"
    assert told["twitter:card"] == "summary_large_image"
    for field in ("og:title", "og:description", "og:image:alt", "description", "og:site_name"):
        assert told[field].strip(), field
    assert told["og:image"] == f"{SITE}{path}partage.png"
    answer = read(client, told["og:image"].removeprefix(SITE))
    assert answer["Content-Type"] == "image/png"
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (1200, 630)
    assert len(answer.content) < 40_000


def test_a_card_shows_its_vote_and_fits_any_title():
    values = {"name": "Assemblée", "reference": "Avis AC2-2026-01", "line": "Adopté. " * 30, "seats": 108}
    colours = {"main": "#4B2A7B", "second": "#A8452E"}
    long = Card(title="Intercommunalité " * 20, votes=(61, 9, 5), **values, **colours)
    assert len(title_lines(long.title, 568)[1]) == 4
    assert len(lines_below(long)) == 2
    voted, plain = (
        draw_card(Card(title="Bus", votes=votes, **values, **colours)) for votes in ((61, 9, 5), (0, 0, 0))
    )
    with Image.open(BytesIO(voted)) as one, Image.open(BytesIO(plain)) as other:
        seen = [{colour for _count, colour in picture.convert("RGB").getcolors(100)} for picture in (one, other)]
    assert (0xA8, 0x45, 0x2E) in seen[0]
    assert (0xA8, 0x45, 0x2E) not in seen[1]
