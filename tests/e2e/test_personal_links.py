"""A link that has ended, a new address that confirms, a double that the team examines: lived in a browser."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from draws.candidates.rules import page_token
from draws.models import Candidate
from mission.grants.models import GrantApplication
from tests.e2e.test_draw import shot
from tests.e2e.test_voice import check
from tests.factories.candidates import CallFactory, CandidateFactory
from tests.factories.mission import GrantApplicationFactory, GrantDepositFactory, GrantSchemeFactory, deposit_link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_an_ended_link_is_renewed_and_a_new_address_confirms_without_script(people, open_context):
    row = CandidateFactory(call=CallFactory(term=people.term))
    old = reverse("draws:candidate-page", args=[page_token(row)])
    Candidate.objects.filter(pk=row.pk).update(email="rosa@example.org")
    page = open_context(java_script_enabled=False).new_page()
    page.goto(old)
    shot(page, "lien-fini")
    page.get_by_role("button", name="Recevoir un nouveau lien").click()
    expect(page.locator("h1")).to_have_text("Regardez vos courriels")
    shot(page, "lien-demande")
    row.refresh_from_db()
    page.goto(reverse("draws:candidate-page", args=[page_token(row)]))
    expect(page.get_by_text(row.last_name)).to_have_count(0)
    shot(page, "adresse-a-confirmer")
    page.get_by_role("button", name="Confirmer mon adresse").click()
    expect(page.get_by_text(row.last_name)).to_be_visible()


def test_the_same_by_keyboard_and_on_a_small_screen(people, open_context):
    row = CandidateFactory(call=CallFactory(term=people.term))
    old = reverse("draws:candidate-page", args=[page_token(row)])
    Candidate.objects.filter(pk=row.pk).update(email="rosa@example.org")
    row.refresh_from_db()
    page = open_context(viewport={"width": 390, "height": 800}).new_page()
    for path in (old, reverse("draws:candidate-page", args=[page_token(row)])):
        page.goto(path)
        check(page)


def test_the_team_reads_of_a_double(people, open_context, sign_in):
    scheme = GrantSchemeFactory(assembly=people.term.assembly)
    first = GrantApplicationFactory(assembly=scheme.assembly, scheme=scheme, name="Les Ateliers")
    second = GrantApplicationFactory(assembly=scheme.assembly, scheme=scheme, siret=first.siret, name="Pirates")
    token = deposit_link(GrantDepositFactory(scheme=scheme, application=second))
    GrantApplication.objects.filter(pk=second.pk).update(contact_email="autre@example.org")
    context = open_context()
    sign_in(context, "officer")
    page = context.new_page()
    page.goto(reverse("mission:grants-row", args=[first.pk]))
    expect(page.get_by_text("Doublon à examiner").first).to_be_visible()
    shot(page, "doublon")
    page.goto(reverse("mission:grants"))
    shot(page, "doublon-liste")
    page.goto(reverse("mission:grant-deposit", args=[token]))
    expect(page.locator("h1")).to_have_text("Ce lien n’ouvre plus rien")
