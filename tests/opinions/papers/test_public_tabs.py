"""The four tabs of a published opinion: each is an address that needs no script, and former anchors lead on."""

import re
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import strip_tags

from opinions.models import OpinionState, Recommendation
from opinions.papers import actions as papers
from tests.factories.opinions import OpinionFactory
from tests.opinions.papers.whole import whole_opinion

pytestmark = pytest.mark.django_db
S = OpinionState
TABS = {
    "public": "Préconisations",
    "public-text": "Texte",
    "public-votes": "Votes",
    "public-amendments": "Amendements",
}
# Every anchor of the page as it was while the text stood on it, for `whole_opinion` with three recommendations.
CHAPTERS = {
    *("facile", "foreword", "genesis", "method", "partie-1", "votes", "minority", "members", "hearings", "thanks"),
    *("glossary", "notes", "note-1", "appel-1"),
}
PLACES = {"texte", "sommaire"}


def address(name, opinion):
    return reverse(f"opinions:{name}", args=[opinion.reference])


def look(client, path):
    cache.clear()
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.text


def words(html):
    return " ".join(unescape(strip_tags(html.replace("<", " <"))).replace("\u00a0", " ").split())


def panel(html):
    """Return what is between the tabs and the foot."""
    return html.split('class="wrap opinion-panel">')[1].split('<div class="opinion-foot">')[0]


def anchors(html):
    return re.findall(r'\bid="([^"]+)"', panel(html))


@pytest.fixture
def opinion(people):
    return whole_opinion(S.PUBLISHED, sheets=3, term=people.term)


@pytest.mark.parametrize("name", TABS)
def test_each_tab_is_an_address_under_one_head_and_above_one_foot(name, opinion, client):
    html = look(client, address(name, opinion))
    nav = html.split('aria-label="Onglets de l’avis"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', nav) == [address(tab, opinion) for tab in TABS]
    current = re.search(r'<a href="([^"]+)" aria-current="page">\s*(\w+)', nav)
    assert current.groups() == (address(name, opinion), TABS[name])
    assert html.count("<h1") == 1
    told = words(html)
    for sentence in (opinion.title, "Adopté le", "Remis le", "D’où vient cet avis", "Une position minoritaire"):
        assert sentence in told
    for way in ("docx", "odt"):
        assert f'href="{reverse("opinions:public-file", args=[opinion.reference, way])}"' in html
    assert "<script" not in html.split("<main")[1]


def test_the_tabs_say_how_much_is_on_each(opinion, client):
    nav = look(client, address("public", opinion)).split('aria-label="Onglets de l’avis"')[1].split("</nav>")[0]
    assert words(f"<nav {nav}").endswith("Préconisations 3 Texte Votes 2 Amendements 3")
    assert len(re.findall('class="vote-row"', look(client, address("public-votes", opinion)))) == 2
    assert len(re.findall(r"Amendement n°", panel(look(client, address("public-amendments", opinion))))) == 3


def test_the_first_tab_has_a_card_for_each_recommendation_and_no_text(opinion, client):
    html = look(client, address("public", opinion))
    told = words(panel(html))
    for number in (1, 2, 3):
        assert f'href="/propositions/AC2-2026-03-P0{number}/"' in html
    assert told.count("Priorité ") == 3
    assert "Santé" in told
    for sentence in ("Quel est le problème ?", "Il faut plus de bus le soir.", "Nous avons écrit ce texte"):
        assert sentence not in told


def test_every_anchor_of_the_former_page_leads_to_its_passage(opinion, client):
    """Without script: the first tab has each anchor once; what has it is a link to the same anchor of the text."""
    first, text = look(client, address("public", opinion)), look(client, address("public-text", opinion))
    sheets = {f"preconisation-{row.node_id}": row for row in Recommendation.objects.filter(state="active")}
    former = set(anchors(text))
    assert former >= CHAPTERS | PLACES | sheets.keys()
    here = anchors(first)
    assert len(here) == len(set(here))
    assert former - set(here) == set()
    lines = re.findall(r"<li.*?</li>", first.split('id="texte"')[1], re.DOTALL)
    for anchor in former - PLACES - sheets.keys():
        (line,) = [line for line in lines if f'id="{anchor}"' in line]
        target = re.search(r'href="([^"]+)"', line)[1]
        passage = "notes" if anchor.startswith(("note-", "appel-")) else anchor
        assert target == f"{address('public-text', opinion)}#{passage}"
    for anchor, row in sheets.items():
        card = re.search(rf'<li id="{anchor}">.*?</li>', first, re.DOTALL)[0]
        thread = reverse("answers:thread", args=[row.reference])
        assert f'href="{thread}"' in card
        assert f'href="{address("public-text", opinion)}#{anchor}"' in look(client, thread)
        assert f'href="{address("public-text", opinion)}#{anchor}"' in first


def test_pages_about_the_text_lead_to_the_text(opinion, client):
    text = address("public-text", opinion)
    assert f'href="{text}#texte"' in look(client, address("public", opinion))
    assert f'href="{text}#minority"' in look(client, address("public", opinion))
    assert f'href="{text}"' in look(client, address("public-easy-read", opinion))


def test_the_votes_are_numbers_without_names(opinion, client):
    told = words(panel(look(client, address("public-votes", opinion))))
    assert "Vote sur l’ensemble" in told
    assert f"Préconisation {opinion.reference}-P03" in told
    ballot = opinion.ballot
    assert f"Pour {ballot.votes_for} Contre {ballot.votes_against}" in told
    for hidden in ("Secret3", "Marty", "Labatut"):
        assert hidden not in told


def test_the_sealed_file_and_its_verification_are_as_before(opinion, people, client, work):
    for capacity in ("chair", "rapporteur"):
        papers.record_visa(opinion, capacity, by=people["officer"])
    papers.seal(opinion, by=people["officer"])
    work()
    for name in TABS:
        assert f'href="/publications/{opinion.reference}.pdf"' in look(client, address(name, opinion)), name
    assert client.get(f"/v/{opinion.reference}").url == f"/verifier/{opinion.reference}/"
    assert client.get(reverse("documents:verify-document", args=[opinion.reference])).status_code == 200
    assert f'href="{address("public", opinion)}"' in look(client, reverse("documents:publications"))
    assert client.get(f"/publications/{opinion.reference}.pdf").content.startswith(b"%PDF")


@pytest.mark.parametrize("sheets", [1, 60])
def test_one_recommendation_or_sixty_cost_the_same(sheets, client):
    opinion = whole_opinion(S.PUBLISHED, sheets=sheets)
    counts = {}
    for name in TABS:
        client.get(address(name, opinion))  # what is compiled once a process
        cache.clear()
        with CaptureQueriesContext(connection) as asked:
            html = client.get(address(name, opinion)).text
        counts[name] = len(asked)
        assert html.count("<h1") == 1
    assert counts == STATEMENTS
    assert len(re.findall('class="proposal-dot', look(client, address("public", opinion)))) == sheets


# Whether it is published, the versions of the tables, the opinion with what surrounds it, its lead, its answers.
STATEMENTS = {"public": 12, "public-text": 12, "public-votes": 10, "public-amendments": 14}


def test_an_opinion_without_votes_text_or_recommendations_has_its_four_tabs(people, client):
    opinion = OpinionFactory(term=people.term, state=S.PUBLISHED, title="Un titre de deux cents signes " * 6)
    for name in TABS:
        html = look(client, address(name, opinion))
        assert "Un titre de deux cents signes" in html
    assert "Aucun amendement n’a été déposé." in words(html)


@pytest.mark.parametrize("name", TABS)
def test_what_is_not_published_has_no_tab(name, people, client):
    opinion = OpinionFactory(term=people.term, state=S.PUBLISHED)
    assert client.get(address(name, opinion)).status_code == 200
    type(opinion).objects.filter(pk=opinion.pk).update(state=S.HANDED_OVER, published_at=None)
    cache.clear()
    assert client.get(address(name, opinion)).status_code == 404
    for path in ("AC2-1999-01", "x" * 300):
        assert client.get(f"/avis/{path}/texte/").status_code == 404


@pytest.mark.parametrize(
    "query", ["?reponse=accepted", "?reponse=inconnue", "?reponse=accepted&reponse=x", f"?priorite={2**63}"]
)
def test_any_query_gives_a_page(query, opinion, client):
    for name in TABS:
        assert client.get(f"{address(name, opinion)}?reponse=%00").status_code == 400  # as everywhere on the site
        assert client.get(address(name, opinion) + query).status_code == 200
