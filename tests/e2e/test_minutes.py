"""Writing minutes in a real browser: saved as one types, two writers, an emoji, no script, pages anybody can use."""

import os
from pathlib import Path
from urllib.parse import unquote_plus

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from assembly.documents.models import Rendition
from sessions.minutes.actions import corrections, publication, writing
from sessions.models import MinutesSection, MinutesState, MinutesVisaCapacity, SectionRevision
from tests.e2e.accessibility import assert_usable
from tests.e2e.slow_line import LateScript
from tests.factories.documents import RenditionFactory
from tests.live import PHONE
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BOX = "#summary-text"


@pytest.fixture
def minutes(site, people):
    return written_minutes(people, members=9)


def where(name, *args):
    return reverse(f"sittings:{name}", args=args)


def shot(page, name):
    """Keep a picture of the page at both widths when SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        before = page.viewport_size
        for size, width in (("1280", {"width": 1280, "height": 900}), ("390", PHONE)):
            page.set_viewport_size(width)
            page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)
        page.set_viewport_size(before)


def text_of(item):
    return MinutesSection.objects.get(agenda_item=item).summary_html


def sent_by(answer):
    return unquote_plus(answer.request.post_data or "")


def test_words_are_saved_as_one_types(page, sign_in, minutes):
    item = minutes.held.items[0]
    sign_in(page.context, minutes.held.officer)
    page.goto(where("section", minutes.pk, item.pk))
    page.locator(BOX).click()
    page.keyboard.press("End")
    page.keyboard.type(" Puis elle donne la parole.")
    expect(page.locator("#save-state")).to_contain_text("Enregistré")
    page.get_by_role("button", name="Gras").click()
    expect(page.locator(BOX)).to_be_focused()
    page.keyboard.type("Vite.")
    with page.expect_response(lambda answer: answer.request.method == "POST" and "<ul>" in sent_by(answer)):
        page.get_by_role("button", name="Liste").click()
    expect(page.locator("#save-state")).to_contain_text("Vous pouvez fermer")
    assert "donne la parole." in text_of(item)
    assert "<strong>Vite.</strong>" in text_of(item)
    assert text_of(item).startswith("<ul><li>")


def test_the_next_point_comes_without_a_visit_and_nothing_typed_is_lost(page, sign_in, minutes):
    first, second = minutes.held.items[:2]
    sign_in(page.context, minutes.held.officer)
    page.goto(where("section", minutes.pk, first.pk))
    visits = []
    page.on("domcontentloaded", lambda visited: visits.append(visited.url))
    for item, words in ((first, "Mots du premier."), (second, "Mots du second.")):
        expect(page.get_by_role("heading", level=2, name=item.title)).to_be_visible()
        page.locator(BOX).fill(words)
        page.get_by_role("link", name="Point suivant").click()
        expect(page.get_by_role("heading", level=2, name=item.title)).to_have_count(0)
        assert words in text_of(item)
    expect(page.get_by_role("main")).to_be_focused()
    assert visits == []
    assert_usable(page)
    page.go_back()
    expect(page.get_by_role("heading", level=2, name=second.title)).to_be_visible()
    expect(page.locator(BOX)).to_contain_text("Mots du second.")


def test_what_was_done_is_told_on_a_page_of_another_layout(page, sign_in, minutes):
    """The question opens over the writing page, its answer leads to the dossier: only a visit shows that one."""
    for item in minutes.held.items:
        writing.write(minutes, item, "<p>Ce qui a été dit.</p>", revision=1, by=minutes.held.officer)
    sign_in(page.context, minutes.held.officer)
    page.goto(where("section", minutes.pk, minutes.held.items[0].pk))
    page.get_by_role("link", name="Faire contrôler").click()
    page.get_by_role("dialog").get_by_role("button", name="Faire contrôler").click()
    expect(page.locator("#messages")).to_contain_text("Le procès-verbal est en contrôle interne.")
    page.reload()
    expect(page.locator("#messages")).to_be_empty()


def test_words_typed_before_the_script_came_are_saved(page, sign_in, minutes):
    item = minutes.held.items[0]
    sign_in(page.context, minutes.held.officer)
    late = LateScript(page, "**/rich_text*.js")
    page.goto(where("section", minutes.pk, item.pk), wait_until="commit")
    page.locator("textarea[name=text]").fill("Tapé sur une ligne lente.\n\nPuis la suite.")
    assert "ligne lente" not in text_of(item)
    late.come()
    expect(page.locator(BOX)).to_contain_text("Puis la suite.")
    expect(page.locator("#save-state")).to_contain_text("Vous pouvez fermer")
    assert text_of(item) == "<p>Tapé sur une ligne lente.</p><p>Puis la suite.</p>"


def test_two_writers_lose_nothing(page, sign_in, people, minutes):
    item = minutes.held.items[0]
    sign_in(page.context, minutes.held.officer)
    page.goto(where("section", minutes.pk, item.pk))
    other = people.make("officer", people.term)
    writing.write(minutes, item, "<p>Le texte de l’autre.</p>", revision=1, by=other)
    page.locator(BOX).click()
    page.keyboard.press("End")
    page.keyboard.type(" Mes mots.")
    conflict = page.locator("[data-assembly-conflict]")
    expect(conflict).to_be_visible()
    expect(conflict).to_contain_text("Le texte de l’autre.")
    expect(conflict).to_contain_text("Mes mots.")
    shot(page, "conflict")
    page.get_by_role("button", name="Garder mon texte").click()
    expect(page.locator("#save-state")).to_contain_text("Vous pouvez fermer")
    assert "Mes mots." in text_of(item)
    kept = set(SectionRevision.objects.filter(section__agenda_item=item).values_list("kind", flat=True))
    assert kept == {"saved", "conflict"}


def test_an_emoji_is_named_and_the_words_stay(page, sign_in, minutes):
    item = minutes.held.items[0]
    sign_in(page.context, minutes.held.officer)
    page.goto(where("section", minutes.pk, item.pk))
    page.locator(BOX).click()
    page.keyboard.press("End")
    page.keyboard.insert_text(" Bravo 😀")
    expect(page.locator("#save-state")).to_contain_text("U+1F600")
    expect(page.locator(BOX)).to_contain_text("Bravo 😀")
    for _ in range(2):
        page.keyboard.press("Backspace")
    expect(page.locator("#save-state")).to_contain_text("Vous pouvez fermer")
    assert "Bravo" in text_of(item)


def test_without_script_a_plain_box_does_it(open_context, sign_in, minutes):
    item = minutes.held.items[0]
    context = open_context(java_script_enabled=False)
    sign_in(context, minutes.held.officer)
    page = context.new_page()
    page.goto(where("section", minutes.pk, item.pk))
    page.locator("textarea[name=text]").fill("Un paragraphe.\n\n- une\n- deux")
    page.get_by_role("button", name="Enregistrer le résumé").click()
    assert text_of(item) == "<p>Un paragraphe.</p><ul><li>une</li><li>deux</li></ul>"


def test_the_page_of_minutes_being_sealed_moves_by_itself(page, sign_in, minutes):
    """It is asked again until the whole page comes, with 286: a whole page was refused as a sign-in or a proxy's."""
    at_state(minutes, MinutesState.APPROVED)
    publication.give_visa(minutes, MinutesVisaCapacity.CHAIR, by=minutes.held.chair)
    publication.give_visa(minutes, MinutesVisaCapacity.SECRETARY, by=minutes.held.secretary)
    job = RenditionFactory(kind="minutes-internal", subject_type="sittings.Minutes", subject_id=str(minutes.pk))
    sign_in(page.context, minutes.held.officer)
    page.goto(where("minutes", minutes.sitting_id))
    expect(page.locator(".now")).to_contain_text("Scellement en cours.")
    Rendition.objects.filter(pk=job.pk).update(
        state="failed", error="Le cachet n’est pas disponible.", finished_at=timezone.now()
    )
    expect(page.locator(".now")).to_contain_text("Le cachet n’est pas disponible.")
    expect(page.locator("#messages")).not_to_contain_text("n’a pas abouti")


@pytest.mark.long
def test_pages_of_the_bureau_are_usable(page, sign_in, minutes):
    officer, item = minutes.held.officer, minutes.held.items[1]
    sign_in(page.context, officer)
    ballot = minutes.held.items[2].ballots.get()
    pages = {
        "write": where("section", minutes.pk, item.pk),
        "write-vote": where("section", minutes.pk, minutes.held.items[2].pk),
        "versions": where("section-history", minutes.pk, item.pk),
        "tab-draft": where("minutes", minutes.sitting_id),
        "count": where("ballot-count", ballot.pk),
        "decision": where("decision-add", item.pk),
        "action": where("action-add", item.pk),
        "actions": where("actions"),
        "functions": where("minutes-step", minutes.pk, "fonctions"),
    }
    for name, address in pages.items():
        page.goto(address)
        shot(page, name)
        assert_usable(page)


@pytest.mark.long
def test_pages_about_corrections_are_usable(page, sign_in, minutes):
    at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=3))
    item, member = minutes.held.items[1], minutes.held.members[1]
    asked = {"passage": "novembre 2026", "proposal": "décembre 2026", "reason": "Le directeur a dit décembre."}
    correction = corrections.ask(minutes, item, by=member, **asked)
    sign_in(page.context, minutes.held.officer)
    for name, address in {
        "tab-corrections": where("minutes", minutes.sitting_id),
        "refuse": where("correction-refuse", correction.pk),
        "by-hand": where("correction-edit", correction.pk),
        "note": where("correction-note", minutes.pk),
        "reopen": where("minutes-step", minutes.pk, "releve"),
    }.items():
        page.goto(address)
        shot(page, name)
        assert_usable(page)


@pytest.mark.long
def test_pages_of_a_member_are_usable(page, sign_in, minutes):
    at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=3))
    sign_in(page.context, minutes.held.members[1])
    for name, address in {
        "list": where("minutes-list"),
        "read": where("minutes-read", minutes.pk),
        "ask": where("correction-ask", minutes.pk, minutes.held.items[1].pk),
    }.items():
        page.goto(address)
        shot(page, name)
        assert_usable(page)


def test_correction_by_hand_in_the_rich_box(page, sign_in, minutes):
    at_state(minutes, MinutesState.CIRCULATED, corrections_until=timezone.now() + timezone.timedelta(days=3))
    item = minutes.held.items[1]
    correction = corrections.ask(minutes, item, by=minutes.held.members[1], passage="introuvable", proposal="Un mot")
    sign_in(page.context, minutes.held.officer)
    page.goto(where("minutes", minutes.sitting_id))
    page.get_by_role("link", name="Accepter la correction").click()
    page.get_by_role("button", name="Accepter", exact=True).click()
    page.locator(BOX).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Un mot.")
    page.get_by_role("button", name="Accepter avec ce texte").click()
    expect(page.locator(".alert-done").first).to_be_visible()
    correction.refresh_from_db()
    assert correction.state == "accepted"
    assert "Un mot." in text_of(item)
    assert "<table>" in text_of(item)
