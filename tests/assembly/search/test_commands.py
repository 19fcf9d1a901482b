"""Acts, pages and objects by the beginning of their words: the palette, and the same page without script."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution.commands import acts_for
from tests.assembly.search.indexing import index_everything
from tests.factories.mailings import PartnerContactFactory
from tests.factories.sessions import SittingFactory

pytestmark = pytest.mark.django_db
PAGE = "/bureau/recherche/"


def acts(browser, words):
    html = browser.get(PAGE, {"q": words}).content.decode()
    _before, _mark, rest = html.partition('<h2 id="faire">')
    return re.findall(r'<a href="([^"]+)" data-assembly-command="[^"]*">([^<]+)</a>', rest.partition("</section>")[0])


def test_acts_are_found_by_the_beginning_of_their_words(people, signed_in):
    officer = signed_in("officer")
    assert acts(officer, "cre sea") == [(reverse("sittings:start"), "Créer une séance")]
    assert [label for _url, label in acts(officer, "RESER")][-1] == "Réserver"
    assert "Ajouter un partenaire" in [label for _url, label in acts(officer, "nouveau parten")]
    assert [label for _url, label in acts(officer, "ecrire mess")] == ["Écrire un message", "Écrire aux abonnés"]
    assert acts(officer, "eance") == []


def test_nobody_is_offered_an_act_that_refuses(people, signed_in):
    """Each act opens for whom it is offered to; a facilitator is offered none of the team."""
    for who in ("lead", "officer", "facilitator", "dpo", "archivist", "admin"):
        browser = signed_in(who)
        offered = acts(browser, "")
        assert {url: browser.get(url).status_code for url, _label in offered} == dict.fromkeys(dict(offered), 200), who
    assert "Inviter une personne" in [act.label for act in acts_for(people["lead"], [people.term])]
    assert "Inviter une personne" not in [act.label for act in acts_for(people["officer"], [people.term])]
    assert acts_for(people["facilitator"], [people.term]) == acts_for(people["stranger"], [people.term]) == []


def test_what_is_to_come_stands_before_what_is_past(people, signed_in):
    for title, days in [
        ("Plénière passée", -2),
        ("Plénière lointaine", 60),
        ("Plénière prochaine", 3),
        ("Plénière d’avant", -90),
    ]:
        SittingFactory(term=people.term, title=title, starts_at=timezone.now() + timedelta(days=days))
    index_everything("sitting")
    html = signed_in("officer").get(PAGE, {"q": "plén"}).content.decode()
    titles = re.findall(r"Plénière (?:passée|lointaine|prochaine|d’avant)", re.sub("<[^>]*>", "", html))
    assert titles == ["Plénière prochaine", "Plénière lointaine", "Plénière passée", "Plénière d’avant"]


@pytest.mark.parametrize("words", ["toul 05 61", "Toulouse 05 61", "ines lho", "0561998877", "emma"])
def test_a_contact_is_found_with_the_number(words, people, signed_in):
    contact = PartnerContactFactory(
        row__assembly=people.assembly,
        row__name="Emmaüs",
        row__territory="Toulouse Métropole",
        person__first_name="Inès",
        person__last_name="Lhote",
        person__phone="05 61 99 88 77",
    )
    index_everything("person")
    html = signed_in("officer").get(PAGE, {"q": words}).content.decode()
    assert reverse("directory:person", args=[contact.person_id]) in html
    assert "05 61 99 88 77" in re.sub("</?mark>", "", html)
    assert "Inès" not in signed_in("facilitator").get(PAGE, {"q": words}).content.decode()


@pytest.mark.parametrize("words", ["'", "&|!():*", '"', "_", "a", "<->", "le", "\ud7ff", "x" * 200, '" "', "12:*"])
def test_odd_words_end_in_no_error(words, people, signed_in):
    index_everything("sitting")
    assert signed_in("officer").get(PAGE, {"q": words}).status_code == 200
