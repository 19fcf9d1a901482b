"""What the public home and a published opinion tell is kept: what changes is told, what is one reader's stays out."""

import pytest
from django.db import connection
from django.urls import reverse

from assembly.institution.models import Assembly
from assembly.portal import views as portal_views
from opinions.models import MinorityPosition, Opinion, OpinionState
from opinions.papers import public_pages as areas
from tests.factories.institution import TermFactory
from tests.factories.opinions import MinorityPositionFactory, OpinionFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def made(monkeypatch):
    """Record the fragments that are rendered, request by request."""
    times = []

    def count(module, name, page):
        make = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *values: times.append(page) or make(*values))

    count(portal_views, "_home_content", "home")
    count(areas, "_public_content", "opinion")
    return times


@pytest.fixture
def opinion(people):
    return OpinionFactory(term=people.term, state=OpinionState.PUBLISHED, title="Le bus du soir")


def address(opinion):
    return reverse("opinions:public", args=[opinion.reference])


def text(browser, path):
    return browser.get(path).content.decode().replace("\u00a0", " ").replace("&nbsp;", " ")


def test_each_is_made_once_for_all_readers_while_nothing_changes(client, signed_in, opinion, made):
    for path in ("/", address(opinion)):
        for browser in (client, signed_in("member"), signed_in("lead"), client):
            assert opinion.title in text(browser, path)
    assert made == ["home", "opinion"]


@pytest.mark.parametrize("path", ["/", "opinion"])
def test_nothing_of_one_reader_is_kept_for_another(path, client, signed_in, opinion):
    """Who is signed in, and a message that waits: they are of the frame, which is made for each."""
    path = address(opinion) if path == "opinion" else path
    lead = signed_in("lead")
    lead.post(reverse("institution:directorate-create"), {"name": "Direction de l’Eau", "code": "eau"})
    first = text(lead, path)
    assert "La direction est créée." in first
    assert "Mon espace" in first
    for browser, place in ((lead, "Mon espace"), (client, "Se connecter")):
        page = text(browser, path)
        assert "La direction est créée." not in page
        assert place in page


def test_the_home_tells_what_somebody_did_at_the_next_look(client, people, made):
    SittingFactory(term=people.term, title="Première")
    assert "Première" in text(client, "/")
    SittingFactory(term=people.term, title="Deuxième")
    assert "Deuxième" in text(client, "/")
    Assembly.objects.update(contact_phone="05 61 00 00 00")
    assert "Par téléphone : 05 61 00 00 00" in text(client, "/")
    assert len(made) == 3


def test_the_home_tells_of_a_term_that_begins(client, db):
    assert "n’est pas encore créée" in text(client, "/")
    term = TermFactory()
    assert term.name in text(client, "/")


def test_an_opinion_tells_what_somebody_did_at_the_next_look(client, opinion, made):
    assert "Le train d’abord" not in text(client, address(opinion))
    position = MinorityPositionFactory(opinion=opinion, submitted=True, title="Le train d’abord")
    assert "Le train d’abord" in text(client, address(opinion))
    MinorityPosition.objects.filter(pk=position.pk).update(title="Le tramway d’abord")
    assert "Le tramway d’abord" in text(client, address(opinion))
    Opinion.objects.filter(pk=opinion.pk).update(easy_read="Un bus le soir.")
    assert "Facile à lire" in text(client, address(opinion))
    assert len(made) == 4


def test_two_opinions_have_two_pages(client, opinion):
    other = OpinionFactory(term=opinion.term, state=OpinionState.PUBLISHED, title="La crèche du matin")
    for one in (opinion, other, opinion, other):
        assert f"<h1>{one.title}</h1>" in text(client, address(one))


def test_an_opinion_that_is_no_longer_public_is_gone_at_the_next_look(client, opinion):
    for _ in range(2):
        assert client.get(address(opinion)).status_code == 200
    Opinion.objects.filter(pk=opinion.pk).update(state=OpinionState.HANDED_OVER, published_at=None)
    assert client.get(address(opinion)).status_code == 404
    assert opinion.title not in text(client, "/")


def test_it_is_gone_even_where_no_trigger_told_it(client, opinion):
    """Whether it is public is asked at each look: a trigger that somebody dropped keeps no door open."""
    for _ in range(2):
        assert client.get(address(opinion)).status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE opinions_opinion DISABLE TRIGGER fragments_changed")
        Opinion.objects.filter(pk=opinion.pk).update(state=OpinionState.HANDED_OVER, published_at=None)
        cursor.execute("ALTER TABLE opinions_opinion ENABLE TRIGGER fragments_changed")
    assert client.get(address(opinion)).status_code == 404
