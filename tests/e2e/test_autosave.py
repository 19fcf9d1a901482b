"""Saving as one types, whatever happens to the line, to the sign-in and to the colleague: no word is lost."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultations.models import DirectorateReview
from consultations.reviews.actions import answering
from sessions.models import ItemNote
from tests.consultations.desk import GRID, asked_of
from tests.e2e.accessibility import assert_accessible
from tests.sessions.sittings.closed_sitting import closed_sitting

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(site, people):
    return closed_sitting(people)


@pytest.fixture
def notes(page, site, sign_in, held):
    """Return the first box of notes, the sentence about its saving, and the writer."""
    item = held.items[0]
    sign_in(page.context, held.officer)
    page.goto(site + reverse("sittings:notes", args=[held.sitting.pk]))
    return page.locator(f"#note-{item.pk}"), page.locator(f"#point-{item.pk} [role=status]"), held.officer


def test_a_lost_line_keeps_the_words_until_it_is_back(page, notes):
    box, state, _officer = notes
    page.context.set_offline(True)
    box.fill("Dans le tunnel")
    expect(state).to_contain_text("Pas de connexion : vos mots sont gardés ici.")
    page.context.set_offline(False)
    expect(state).to_contain_text(re.compile("Enregistré à .* Vous pouvez fermer cette page."))
    assert ItemNote.objects.get().text == "Dans le tunnel"


def test_an_expired_sign_in_is_said_and_the_words_are_saved_after_the_next_one(page, sign_in, notes):
    """The csrf key of the page died with the sign-in: it was refused for ever."""
    box, state, officer = notes
    page.context.clear_cookies()
    box.fill("Écrit trop tard")
    expect(state).to_contain_text("Votre connexion a expiré")
    assert not ItemNote.objects.exists()
    sign_in(page.context, officer)
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(state).to_contain_text("Enregistré à")
    assert ItemNote.objects.get().text == "Écrit trop tard"


def test_leaving_with_unsaved_words_asks_first(page, notes):
    box, state, _officer = notes
    page.context.set_offline(True)
    box.fill("Pas encore")
    expect(state).to_contain_text("Pas de connexion")
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    asked.value.accept()


def test_the_page_of_a_conflict_saves_nothing_before_the_choice(page, site, sign_in, people):
    """The plain form came too late: both texts stand on a page that would save by itself at the next key."""
    review = asked_of(people)
    sign_in(page.context, "dir_contact")
    page.route("**/presence/", lambda route: route.abort())  # else the other text may come before the first word
    page.goto(site + reverse("consultations:instruction", args=[review.pk]))
    answering.save(review, {**GRID, "summary": "Le texte de la directrice."}, version=0, by=people["dir_approver"])
    box = page.get_by_label("Votre contribution, en quelques phrases")
    # In one go: the page has no time to save by itself between the words and the button.
    box.evaluate("box => { box.value = 'Mes mots.'; box.form.querySelector('[value=keep]').click(); }")
    panel = page.locator("[data-assembly-conflict]")
    expect(panel).to_contain_text("Le texte de la directrice.")
    assert_accessible(page)
    box.fill("Mes mots, et d’autres.")
    page.wait_for_timeout(2000)
    assert DirectorateReview.objects.get(pk=review.pk).summary == "Le texte de la directrice."
    page.get_by_role("button", name="Garder mon texte").click()
    expect(page.locator("#save-state")).to_contain_text("Brouillon enregistré à")
    assert DirectorateReview.objects.get(pk=review.pk).summary == "Mes mots, et d’autres."
