"""A member proposes a subject on a phone: few steps, by keyboard too; dots are told as they are given."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultations.models import Referral, SuggestionDraft, Support
from tests.e2e.accessibility import assert_accessible, assert_keyboard_navigation, assert_reflows
from tests.factories.consultations import ReferralFactory
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# What somebody does, from the home page to « proposé »: taps, fields filled. Three minutes hold twice as many.
MOST_STEPS = 8


class Steps:
    """Counts what the person does."""

    def __init__(self, page):
        self.page, self.done = page, 0

    def tap(self, role, name):
        self.done += 1
        self.page.get_by_role(role, name=name).first.click()

    def write(self, label, words):
        self.done += 1
        self.page.get_by_label(label).fill(words)


def test_a_subject_is_proposed_on_a_phone_in_eight_steps(open_context, site, sign_in, people):
    ReferralFactory(term=people.term, own=True, title="L’eau qui manque en été")
    context = open_context(viewport=PHONE)
    sign_in(context, people["member"])
    page = context.new_page()
    page.goto(site + reverse("portal:member-home"))
    steps = Steps(page)
    steps.tap("button", "Menu")
    steps.tap("link", "Sujets proposés")
    steps.tap("link", "Proposer un sujet")
    assert_accessible(page)
    assert_reflows(page)
    page.set_viewport_size(PHONE)
    steps.write("Quel sujet ?", "L’eau qui manque l’été")
    expect(page.locator("#ressemble")).to_contain_text("L’eau qui manque en été")
    steps.write("Pourquoi ce sujet ?", "Elle manque quatre étés sur cinq.")
    steps.write("En quoi le Département peut-il agir ?", "Il protège les rivières.")
    expect(page.locator("#ressemble")).to_contain_text("Brouillon enregistré")
    steps.tap("button", "Relire mon sujet")
    assert_accessible(page)
    steps.tap("button", "Proposer ce sujet")
    expect(page.get_by_role("heading", level=1)).to_contain_text("L’eau qui manque l’été")
    assert Referral.objects.filter(suggested_by=people["member"]).count() == 1
    assert steps.done <= MOST_STEPS


def test_an_expired_session_loses_no_word(open_context, site, sign_in, people):
    context = open_context(viewport=PHONE)
    sign_in(context, people["member"])
    page = context.new_page()
    page.goto(site + reverse("consultations:suggest"))
    page.get_by_label("Pourquoi ce sujet ?").fill("Elle manque quatre étés sur cinq.")
    expect(page.locator("#ressemble")).to_contain_text("Brouillon enregistré")
    context.clear_cookies()
    again = open_context(viewport=PHONE)
    sign_in(again, people["member"])
    page = again.new_page()
    page.goto(site + reverse("consultations:suggest"))
    expect(page.get_by_label("Pourquoi ce sujet ?")).to_have_value("Elle manque quatre étés sur cinq.")
    assert SuggestionDraft.objects.count() == 1


def a_subject_to_support(open_context, site, sign_in, people):
    """Make a proposed subject; open the list of a member on a phone."""
    referral = ReferralFactory(term=people.term, own=True, title="Des bancs et de l’ombre")
    context = open_context(viewport=PHONE)
    sign_in(context, people["member"])
    page = context.new_page()
    page.goto(site + reverse("consultations:my-suggestions"))
    return referral, page


def test_dots_are_given_by_keyboard_and_told(open_context, site, sign_in, people):
    referral, page = a_subject_to_support(open_context, site, sign_in, people)
    assert_accessible(page)
    assert_keyboard_navigation(page)
    for left in (4, 3, 2):
        page.locator(f"#plus-{referral.pk}").focus()
        page.keyboard.press("Enter")
        expect(page.locator("#reste")).to_contain_text(f"Il vous reste {left} points")
    expect(page.locator(f"#plus-{referral.pk}")).to_have_attribute("aria-disabled", "true")
    expect(page.locator(f"#plus-{referral.pk}")).to_be_focused()
    page.locator(f"#moins-{referral.pk}").click()
    expect(page.locator("#reste")).to_contain_text("Il vous reste 3 points")
    assert Support.objects.get().dots == 2


def test_a_button_just_put_in_acts_at_once(open_context, site, sign_in, people):
    """A second key press that comes with the answer to the first: the page stays, the person keeps their place."""
    referral, page = a_subject_to_support(open_context, site, sign_in, people)
    button = page.locator(f"#plus-{referral.pk}")
    button.evaluate(
        """({id}) => {
            window.stayed = true;
            const again = () => setTimeout(() => document.getElementById(id).click());
            document.addEventListener("htmx:afterSwap", again, {once: true});
        }"""
    )
    button.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#reste")).to_contain_text("Il vous reste 3 points")
    expect(button).to_be_focused()
    assert page.evaluate("window.stayed")
    assert Support.objects.get().dots == 2
