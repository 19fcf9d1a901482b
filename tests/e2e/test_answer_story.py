"""One answer in the browser: draft, visa, sent back, visa, arbitration, decided; two at once; without script."""

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from answers.cases.actions import writing
from answers.cases.workflow import ANSWER
from answers.models import AnswerCase, AnswerCaseState, AnswerConflictCopy, AnswerValue
from tests.answers.stage import answered_by, fresh
from tests.browsing import StrictClient
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_minutes import shot
from tests.factories.opinions import ServiceNoteFactory, ServicesRequestFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
S, V = AnswerCaseState, AnswerValue
WHY = "Le Département ne gère pas les bus urbains : la loi les confie à la Métropole et à ses communes."


@pytest.fixture
def case(site, people):
    """Make a case of a directorate; another one had noted the recommendation."""
    people["dir_approver"], people["sponsor"], people["president"]
    found = answered_by(people, S.ASSIGNED)
    found.answers.update(value="", body="")
    request = ServicesRequestFactory(opinion=found.opinion, state="validated", validated_by=people["dir_approver"])
    ServiceNoteFactory(request=request, recommendation=found.recommendation)
    return found


def page_of(case):
    return reverse("answers:directorate-case", args=[case.pk])


@pytest.fixture
def as_role(open_context, site, people):
    """Return a function: `as_role("sponsor")` opens a page with a fresh proof of identity."""

    def opened(who, **options):
        context = open_context(**options)
        value = StrictClient().enter(people.ready(people[who])).cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": site}])
        return context.new_page()

    return opened


def test_from_the_first_word_to_the_decision(people, as_role, case):
    contact, approver = as_role("dir_contact"), as_role("dir_approver")
    contact.set_viewport_size(PHONE)
    contact.goto("/instructions/")
    shot(contact, "reponses-accueil")
    contact.get_by_role("link", name="Répondre").first.click()
    contact.get_by_label("Refusée").check()
    expect(contact.get_by_role("group", name="Motif du refus")).to_be_visible()
    expect(contact.get_by_label("Ce qui est retenu")).to_be_hidden()
    contact.get_by_label("La réponse, en mots simples").fill(WHY)
    contact.get_by_role("group", name="Motif du refus").get_by_label("la loi ne le permet pas").check()
    expect(contact.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    assert_usable(contact)
    shot(contact, "reponse-grille")
    contact.get_by_role("button", name="Relire avant d’envoyer").click()
    shot(contact, "reponse-envoyer")
    contact.get_by_role("button", name="Envoyer au visa").click()
    expect(contact.locator("#messages")).to_contain_text("envoyée au visa")

    approver.goto(page_of(case))
    approver.get_by_role("link", name="Renvoyer à reprendre").click()
    approver.get_by_label("Ce qui est à reprendre").fill("Dites qui est compétent.")
    approver.get_by_role("button", name="Renvoyer à reprendre").click()
    expect(approver.locator("#messages")).to_contain_text("renvoyée")
    contact.goto(page_of(case))
    expect(contact.locator("main")).to_contain_text("Dites qui est compétent.")
    contact.get_by_role("button", name="Relire avant d’envoyer").click()
    contact.get_by_role("button", name="Envoyer au visa").click()
    approver.goto("/instructions/")
    approver.get_by_role("link", name="À viser").click()
    assert_usable(approver)
    shot(approver, "reponse-visa")
    approver.get_by_role("button", name="Donner mon visa").click()
    expect(approver.locator("#messages")).to_contain_text("Votre visa est donné")

    ANSWER.transition(fresh(case), "refer", by=people["officer"], reason="Le dire ainsi, ou proposer une rencontre ?")
    sponsor = as_role("sponsor")
    sponsor.goto("/instructions/reponses/")
    expect(sponsor.locator("main")).to_contain_text(WHY)
    assert_usable(sponsor)
    shot(sponsor, "reponses-a-arbitrer")
    sponsor.get_by_role("link", name="Arbitrer").click()
    sponsor.get_by_label("Votre arbitrage").fill("Proposez aussi une rencontre.")
    sponsor.get_by_role("button", name="Arbitrer").click()
    expect(sponsor.locator("#messages")).to_contain_text("arbitrage est noté")

    office = as_role("president")
    office.goto("/instructions/reponses/")
    office.get_by_label("Choisir").check()
    shot(office, "reponses-a-decider")
    office.get_by_role("button", name="Décider les réponses cochées").click()
    expect(office.locator("main")).to_contain_text("Proposez aussi une rencontre.")
    assert_usable(office)
    shot(office, "reponses-decider")
    office.get_by_role("button", name="Décider").click()
    expect(office.locator("#messages")).to_contain_text("1 réponse est décidée")
    assert AnswerCase.objects.get(pk=case.pk).state == S.DECIDED


def test_two_at_once_lose_nothing(people, as_role, case):
    page = as_role("dir_contact")
    page.goto(page_of(case))
    writing.save(fresh(case), {"body": "Le texte de la directrice."}, version=0, by=people["dir_approver"])
    page.get_by_label("La réponse, en mots simples").fill("Mes mots.")
    conflict = page.locator("[data-assembly-conflict]")
    expect(conflict).to_contain_text("Le texte de la directrice.")
    shot(page, "reponse-conflit")
    page.get_by_role("button", name="Garder mon texte").click()
    expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    assert case.answers.get().body == "Mes mots."
    assert AnswerConflictCopy.objects.get().content["body"] == "Mes mots."


def test_without_script_every_field_is_in_sight(as_role, case):
    page = as_role("dir_contact", java_script_enabled=False)
    page.goto(page_of(case))
    for label in ("Ce qui est retenu", "En place depuis le", "Réexaminée le", "Transmise à"):
        expect(page.get_by_label(label, exact=True)).to_be_visible()
    page.get_by_label("À l’étude").check()
    page.get_by_label("La réponse, en mots simples").fill("Nous étudions la ligne 12.")
    page.get_by_role("button", name="Garder en brouillon").click()
    expect(page.locator("#messages")).to_contain_text("brouillon est enregistré")
    assert case.answers.get().value == V.UNDER_STUDY
