"""/recherche/: one page for every area."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assembly.search import views
from tests.assembly.search.indexing import index_everything
from tests.factories.consultations import ReferralFactory
from tests.factories.documents import DocumentFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
PAGE = "/recherche/"


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("who", "statements"), [("officer", 9), ("member", 9), ("dir_contact", 11)])
def test_the_results_cost_the_same_at_any_size(who, statements, count, people, signed_in):
    DocumentFactory.create_batch(count, published=True, title="La voirie")
    for number in range(count):
        SittingFactory(term=people.term, title="Voirie", reference=f"PL-2026-{number:03}", notified=True)
    index_everything()
    browser = signed_in(who)
    browser.get(PAGE, {"q": "voirie"})
    with CaptureQueriesContext(connection) as seen:
        response = browser.get(PAGE, {"q": "voirie"})
    assert text(response).count('class="hit"') == 2 * count
    assert len(seen) == statements, [query["sql"][:150] for query in seen.captured_queries]


@pytest.mark.parametrize("count", [1, 3])
def test_the_public_results_cost_the_same_at_any_size(count, client, people):
    DocumentFactory.create_batch(count, published=True, title="La voirie", term=people.term)
    index_everything()
    client.get(PAGE, {"q": "voirie"})
    with CaptureQueriesContext(connection) as seen:
        response = client.get(PAGE, {"q": "voirie"})
    assert text(response).count('class="hit"') == count
    assert len(seen) == 7, [query["sql"][:150] for query in seen.captured_queries]


@pytest.mark.parametrize(
    ("who", "area"),
    [
        ("officer", "desk"),
        ("dpo", "desk"),
        ("dir_contact", "directorate"),
        ("member", "member"),
        ("stranger", "public"),
    ],
)
def test_each_reader_stays_in_the_own_room(who, area, people, signed_in):
    response = signed_in(who).get(PAGE)
    assert response.status_code == 200
    assert response.context["area"] == area
    assert "Comment chercher" in text(response)


def test_the_public_page_before_any_question(client, people):
    people.term  # noqa: B018 -- makes the house
    response = client.get(PAGE)
    assert response.context["area"] == "public"
    assert "Dans les documents publiés" in text(response)
    assert 'aria-current="page">Chercher' in text(response)


def test_words_found_are_marked_and_the_question_stays_in_its_box(client, people):
    DocumentFactory(published=True, title="Les préconisations", term=people.term)
    index_everything()
    page = text(client.get(PAGE, {"q": "preconisation"}))
    assert "<mark>préconisations</mark>" in page
    assert 'value="preconisation"' in page
    assert "1 résultat" in page


def test_a_hostile_question_is_shown_escaped(client, people):
    people.term  # noqa: B018 -- makes the house
    response = client.get(PAGE, {"q": '"><script>alert(1)</script>', "type": "<i>"})
    assert response.status_code == 200
    assert "<script>alert(1)" not in text(response)
    assert "Rien ne correspond" in text(response)


def test_filters_by_kind_count_what_each_would_show(people, signed_in):
    DocumentFactory.create_batch(2, published=True, title="Voirie")
    SittingFactory(term=people.term, title="Voirie", notified=True)
    index_everything()
    browser = signed_in("officer")
    page = text(browser.get(PAGE, {"q": "voirie"}))
    chips = re.findall(r'<a href="(\?q=voirie[^"]*)"( aria-current="true")?>([^<]+)</a>', page)
    assert [(url.replace("&amp;", "&"), bool(current), words.strip()) for url, current, words in chips] == [
        ("?q=voirie", True, "Tout, 3"),
        ("?q=voirie&type=sitting", False, "Séances, 1"),
        ("?q=voirie&type=publication", False, "Publications, 2"),
    ]
    chosen = text(browser.get(PAGE, {"q": "voirie", "type": "sitting"}))
    assert chosen.count('class="hit"') == 1
    assert '<input type="hidden" name="type" value="sitting">' in chosen


def test_pages_follow_one_another_without_losing_or_repeating(client, people, monkeypatch):
    monkeypatch.setattr(views, "HITS", 2)
    for number in range(5):
        DocumentFactory(published=True, title="Voirie", reference=f"R-{number}", term=people.term)
    index_everything()
    seen, address = [], f"{PAGE}?q=voirie"
    while address:
        page = client.get(address)
        seen.append([hit.entry.reference for hit in page.context["hits"]])
        following = re.search(r'rel="next" href="([^"]+)"', text(page))
        address = PAGE + following[1].replace("&amp;", "&") if following else ""
    assert [len(part) for part in seen] == [2, 2, 1]
    assert len({reference for part in seen for reference in part}) == 5
    back = client.get(PAGE, {"q": "voirie", "avant": page.context["page"].before})
    assert [hit.entry.reference for hit in back.context["hits"]] == seen[1]


def test_too_many_results_say_so(client, people, monkeypatch):
    monkeypatch.setattr("assembly.search.queries.BEST", 2)
    DocumentFactory.create_batch(3, published=True, title="Voirie", term=people.term)
    index_everything()
    page = text(client.get(PAGE, {"q": "voirie"}))
    assert "voici 2 d’entre eux, les meilleurs. Ajoutez un mot pour préciser" in page


def test_the_page_says_when_only_the_newest_texts_were_read(client, people, monkeypatch):
    monkeypatch.setattr("assembly.search.queries.READ", 2)
    for number in range(3):
        title = "Budget du département" if number else "Le département, le budget"
        DocumentFactory(published=True, title=title, term=people.term, dated_on=f"202{number}-01-01")
    index_everything()
    page = text(client.get(PAGE, {"q": "« budget du département »"}))
    assert "2 résultats" in page
    assert "Leur suite exacte est cherchée dans les 2 plus récents de chaque type" in page
    missed = text(client.get(PAGE, {"q": "« budget département »"}))
    assert "leur suite exacte n’est pas dans les 2 plus récents" in missed
    assert "Leur suite exacte" not in text(client.get(PAGE, {"q": "budget département"}))


@pytest.mark.parametrize("own", [True, False])  # a suggestion that was withdrawn has no reference
def test_what_a_reader_sees_without_a_page_is_no_link(own, people, signed_in):
    """The archivist sees what ended; what was never published has no page for them."""
    ReferralFactory(term=people.term, title="La voirie perdue", state="withdrawn", own=own)
    index_everything()
    page = text(signed_in("archivist").get(PAGE, {"q": "voirie"}))
    assert "perdue" in page
    assert "/saisines/" not in page


def test_a_published_one_is_a_link_for_anybody(people, client):
    ReferralFactory(term=people.term, title="La voirie publiée", issued=True, published=True, reference="S-2026-01")
    index_everything()
    assert "/saisines/S-2026-01/" in text(client.get(PAGE, {"q": "voirie"}))
