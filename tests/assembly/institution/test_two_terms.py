"""Two live terms of one assembly in one browser: each page and each form stays in its own."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.institution import todo
from assembly.institution.forms import TermSettingsForm
from assembly.institution.models import Committee, Role, RoleAssignment, Term, TermState
from assembly.institution.pages import CHOSEN
from tests.assembly.institution.test_settings import asked
from tests.factories.institution import RoleAssignmentFactory, TermFactory
from tests.factories.sessions import SittingFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("proved_for_long")]
SETTINGS = reverse("institution:settings-term")


@pytest.fixture
def fourth(people):
    """Make a second live term, which `people["lead"]` leads too."""
    term = TermFactory(another=True, name="Quatrième Assemblée", state=TermState.RECRUITING)
    RoleAssignmentFactory(user=people["lead"], role=Role.LEAD, assembly=term.assembly, term=term)
    return term


@pytest.fixture
def browser(signed_in, people, fourth):
    """Return a browser of the lead with the second term selected."""
    browser = signed_in("lead")
    choose(browser, people.term)
    return browser


def choose(browser, term):
    assert browser.post(reverse("institution:term-choose"), {"term": term.pk}).status_code == 302
    assert browser.session[CHOSEN] == term.pk


def text_of(response):
    return unescape(response.content.decode())


def hidden_in(response):
    """Return the hidden fields of a page, as a browser would post them."""
    return dict(
        re.findall(r'<input type="hidden" name="(mandature|idempotency_key)" value="([^"]*)"', text_of(response))
    )


def test_the_page_of_a_term_leads_to_its_own_rules(browser, people, fourth):
    page = text_of(browser.get(reverse("institution:term", args=[fourth.pk])))
    assert f'href="{SETTINGS}?mandature={fourth.pk}">Changer les dates et les règles</a>' in page
    settings = text_of(browser.get(f"{SETTINGS}?mandature={fourth.pk}"))
    assert "Réglages : Quatrième Assemblée" in " ".join(settings.split())


def test_a_form_writes_in_the_term_in_which_it_was_shown(browser, people, fourth):
    """Two tabs: the fourth term's rules are open in one while the other goes on in the second term."""
    shown = hidden_in(browser.get(f"{SETTINGS}?mandature={fourth.pk}"))
    assert shown["mandature"] == str(fourth.pk)
    before = people.term.quorum_percent
    answer = browser.post(SETTINGS, {**asked(TermSettingsForm, fourth, quorum_percent="77"), **shown})
    assert (answer.status_code, answer.headers["Location"]) == (302, f"{SETTINGS}?mandature={fourth.pk}")
    assert list(Term.objects.order_by("number").values_list("quorum_percent", flat=True)) == [before, 77]
    assert "Quatrième Assemblée" in text_of(browser.get(answer.headers["Location"]))


def test_a_switch_between_showing_and_sending_changes_nothing(browser, people, fourth):
    shown = hidden_in(browser.get(reverse("institution:committee-create")))
    choose(browser, fourth)
    data = {**shown, "name": "Les mobilités", "kind": "thematic", "opened_on": "2026-11-30"}
    answer = browser.post(reverse("institution:committee-create"), data)
    assert answer.status_code == 302
    assert list(Committee.objects.filter(name="Les mobilités").values_list("term_id", flat=True)) == [people.term.pk]


def test_a_right_that_ended_in_between_is_not_one_elsewhere(browser, people, fourth):
    shown = hidden_in(browser.get(f"{SETTINGS}?mandature={fourth.pk}"))
    RoleAssignment.objects.filter(term=fourth).update(ended_at=timezone.now())
    percents = dict(Term.objects.values_list("pk", "quorum_percent"))
    assert browser.post(SETTINGS, {**asked(TermSettingsForm, fourth, quorum_percent="77"), **shown}).status_code == 404
    assert dict(Term.objects.values_list("pk", "quorum_percent")) == percents


@pytest.mark.parametrize("named", ["999999", "x", "", "²"])
def test_a_term_that_is_not_theirs_is_not_found(browser, named):
    assert browser.get(f"{SETTINGS}?mandature={named}").status_code == 404


def test_a_list_says_its_term_and_hands_it_on(browser, people, fourth):
    """From the page of a sitting of the fourth term to its list, the form of a new one and back."""
    sitting = SittingFactory(term=fourth)
    page = text_of(browser.get(reverse("sittings:sitting", args=[sitting.pk])))
    listed = f"{reverse('sittings:list')}?mandature={fourth.pk}"
    assert '<small class="term-of-page">Quatrième Assemblée</small>' in page
    assert f'href="{listed}"' in page
    rows = text_of(browser.get(listed))
    assert f'href="{reverse("sittings:sitting", args=[sitting.pk])}"' in rows
    assert f'href="{reverse("sittings:start")}?mandature={fourth.pk}"' in rows
    assert f'<input type="hidden" name="mandature" value="{fourth.pk}">' in rows[rows.index('method="get"') :]
    assert browser.session[CHOSEN] == people.term.pk
    assert '<small class="term-of-page">Deuxième Assemblée, 2025-2027</small>' in text_of(
        browser.get(reverse("sittings:list"))
    )


def test_the_switcher_leads_back_without_the_term_of_the_address(browser, fourth):
    asked = {"term": fourth.pk, "next": f"/bureau/seances/?etat=tenue&mandature={fourth.pk}"}
    answer = browser.post(reverse("institution:term-choose"), asked)
    assert answer.headers["Location"] == "/bureau/seances/?etat=tenue"


def test_whoever_works_in_one_term_sees_nothing_of_it(signed_in, people):
    page = text_of(signed_in("lead").get(reverse("institution:committee-create")))
    assert "mandature=" not in page
    assert 'name="mandature"' not in page


def test_the_dashboard_says_what_waits_in_every_live_term(browser, people, fourth, monkeypatch):
    """A closed term waits for nothing; a line that waits whatever the term stands once."""
    closed = TermFactory(another=True, name="Première Assemblée", state=TermState.CLOSED)
    RoleAssignmentFactory(user=people["lead"], role=Role.LEAD, assembly=closed.assembly, term=closed)

    def lines(user, term):
        yield todo.ToDo("Lire le courrier", "/bureau/mission/courrier/")
        yield todo.ToDo(f"Ouvrir l’appel de {term.name}", f"/bureau/candidatures/?de={term.pk}")

    monkeypatch.setattr(todo, "_providers", {"desk": [lines]})
    page = text_of(browser.get(reverse("portal:desk-home")))
    own, _, trays = page.partition('<ul class="trays"')
    assert "Ouvrir l’appel de Deuxième Assemblée, 2025-2027" in own
    assert own.count('<h3><a href="/bureau/mission/courrier/">Lire le courrier') == 1
    elsewhere = trays.partition("</ul>")[0]
    assert f'href="/bureau/?mandature={fourth.pk}"><b>1</b>' in elsewhere
    assert "Quatrième" in elsewhere
    assert "Première Assemblée" not in elsewhere
