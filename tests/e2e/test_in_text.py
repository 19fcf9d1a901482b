"""A passage rewritten where it stands, on a phone: a correction of minutes, an amendment; with keys alone too."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from opinions.amending.changes import Operation
from opinions.models import Amendment, AmendmentState
from sessions.models import Correction, MinutesState
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_minutes import shot
from tests.live import PHONE
from tests.opinions.amendments.debated_opinion import amending
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALLEST = """() => [...document.querySelectorAll('.in-text button, .in-text a, .in-text textarea, .in-text-link')]
  .map((box) => box.getBoundingClientRect()).filter((box) => box.width)
  .map((box) => Math.min(box.width, box.height))"""


@pytest.fixture
def phone(open_context):
    return open_context(viewport=PHONE).new_page()


def test_a_sentence_of_the_minutes_is_corrected_where_it_stands(phone, sign_in, people):
    minutes = written_minutes(people, members=9)
    at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=3))
    sign_in(phone.context, minutes.held.members[1])
    phone.goto(reverse("sittings:minutes-read", args=[minutes.pk]))
    expect(phone.get_by_text("Choisissez une phrase pour la corriger sur place.")).to_be_visible()
    phone.get_by_text("le schéma sera voté en novembre").click()
    box = phone.get_by_label("Réécrivez ce passage")
    expect(box).to_be_focused()
    was = box.input_value()
    phone.get_by_role("button", name="Envoyer ma demande").click()
    expect(phone.get_by_role("status").filter(has_text="rien changé")).to_have_count(1)
    box.fill(was.replace("novembre", "décembre"))
    told = phone.locator(".in-text:visible .in-text-summary")
    expect(told).to_contain_text("Remplacer")
    expect(told.locator("del")).to_contain_text("novembre")
    expect(told.locator("ins")).to_contain_text("décembre")
    expect(phone.get_by_role("status").filter(has_text="Remplacer « novembre » par « décembre »")).to_have_count(1)
    shot(phone, "in-text-correction")
    assert min(phone.evaluate(SMALLEST)) >= 44
    assert_usable(phone)
    phone.keyboard.press("Escape")
    expect(box).to_be_hidden()
    opener = phone.get_by_role("button", name="Corriger ce passage : La Direction")
    expect(opener).to_be_focused()
    phone.keyboard.press("Enter")
    expect(box).to_have_value(was.replace("novembre", "décembre"))
    phone.get_by_label("Pourquoi ?").fill("Le directeur a dit décembre.")
    phone.get_by_role("button", name="Envoyer ma demande").click()
    expect(phone.locator(".alert-done").first).to_contain_text("Votre demande est reçue")
    asked = Correction.objects.get()
    assert (asked.passage, asked.proposal) == ("novembre", "décembre")
    assert asked.reason == "Le directeur a dit décembre."
    assert asked.section.agenda_item == minutes.held.items[1]


def test_an_item_of_a_list_opens_in_its_place_and_leads_to_the_form_too(phone, sign_in, people):
    minutes = written_minutes(people, members=9)
    at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=3))
    sign_in(phone.context, minutes.held.members[1])
    phone.goto(reverse("sittings:minutes-read", args=[minutes.pk]))
    phone.get_by_role("listitem").filter(has_text="la place des aidants").click()
    expect(phone.get_by_label("Réécrivez ce passage")).to_have_value("la place des aidants.")
    phone.get_by_role("cell", name="Saint-Béat").click()
    box = phone.get_by_label("Réécrivez ce passage").locator("visible=true")
    expect(box).to_have_value("Saint-Béat")
    box.fill("")
    expect(phone.locator(".in-text:visible .in-text-summary")).to_contain_text("Supprimer")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    box.fill("Saint-Béat")
    phone.get_by_role("link", name="Plutôt le formulaire").click()
    expect(phone.get_by_label("Ce qu’il faudrait lire")).to_be_visible()


def test_an_alinea_is_amended_where_it_stands(phone, sign_in, people):
    """Four gestures and two pages from the text to the submitted amendment."""
    opinion = amending(people)
    sign_in(phone.context, people["member"])
    phone.goto(reverse("opinions:my-amend-text", args=[opinion.pk]))
    phone.get_by_text("Des habitants vivent seuls.").click()
    box = phone.get_by_label("Réécrivez ce passage")
    box.fill("Des habitants sont isolés.")
    expect(phone.locator(".in-text:visible .in-text-summary")).to_contain_text("Remplacer")
    shot(phone, "in-text-amendment")
    assert min(phone.evaluate(SMALLEST)) >= 44
    assert_usable(phone)
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("button", name="Amender l’alinéa 2")).to_be_focused()
    phone.keyboard.press("Enter")
    expect(box).to_have_value("Des habitants sont isolés.")
    phone.get_by_label("Pourquoi ?").fill("Le mot est plus juste.")
    phone.get_by_role("button", name="Relire mon amendement").click()
    expect(phone.get_by_role("main")).to_contain_text("À l’alinéa 2, remplacer « vivent seuls » par « sont isolés ».")
    shot(phone, "in-text-amendment-check")
    phone.get_by_role("button", name="Déposer mon amendement").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text("Amendement n°")
    kept = Amendment.objects.get()
    assert (kept.state, kept.operation, kept.alinea_from) == (AmendmentState.SUBMITTED, Operation.REPLACE, 2)
