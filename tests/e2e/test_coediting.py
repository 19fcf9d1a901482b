"""Writing one text together in real browsers: what each sees, what the server keeps, what is lost (nothing)."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from assembly.collab import registry
from assembly.collab.actions import texts
from assembly.collab.enums import TextRight
from tests.e2e.accessibility import assert_accessible
from tests.e2e.coediting import (
    KIND,
    SAVED,
    STATUS,
    TEXT,
    Desk,
    Rights,
    Server,
    add_unknown_node,
    caret_after,
    choose,
    copies_on,
    raw,
    rows_of,
    saved,
    written,
)
from tests.live import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(open_context, sign_in, people, settings, monkeypatch):
    """`desk.write("…")`, then `desk.open(user)` as often as there are people."""
    settings.ROOT_URLCONF = "tests.e2e.coediting"
    held = Rights()
    monkeypatch.setitem(registry.kinds, KIND, registry.Kind(KIND, held.resolve, lambda text, user: "/essai/", None))
    made = Desk(open_context, sign_in, people, held)
    yield made
    assert made.wrong == []


@pytest.fixture
def server(transactional_db):
    """The site in a process that a test may kill."""
    made = Server()
    made.start()
    yield made
    made.kill()


def shot(page, name):
    """Keep a picture of the page at both widths when SHOTS names a folder."""
    if folder := os.environ.get("SHOTS"):
        before = page.viewport_size
        for size, width in (("1280", {"width": 1280, "height": 900}), ("390", PHONE)):
            page.set_viewport_size(width)
            page.screenshot(path=str(Path(folder) / f"{name}-{size}.png"), full_page=True)
        page.set_viewport_size(before)


def test_two_people_type_at_once(desk):
    desk.write("Vieillir, ce n’est pas seulement habiter.", "Les restaurants des collèges.")
    one, two = desk.open(desk.person()), desk.open(desk.person())
    caret_after(one, "habiter.")
    caret_after(two, "collèges.")
    for first, second in zip(" Et se soigner.", " Un midi, oui. ", strict=True):
        one.keyboard.type(first)
        two.keyboard.type(second)
    saved(one, two)
    expect(one.locator(TEXT)).to_contain_text("Un midi, oui.")
    expect(two.locator(TEXT)).to_contain_text("Et se soigner.")
    shot(one, "two")
    assert written(one) == written(two) == desk.html()


def test_suggestions_of_two_people_on_one_word(desk):
    desk.write("Leurs cuisines sont souvent proches.")
    one, two = desk.person(TextRight.SUGGEST), desk.person(TextRight.SUGGEST)
    first, second = desk.open(one), desk.open(two)
    choose(first, "souvent")
    choose(second, "souvent")
    first.keyboard.type("presque toujours")
    second.keyboard.type("parfois")
    saved(first, second)
    expect(first.locator(TEXT)).to_contain_text("parfois")
    expect(second.locator(TEXT)).to_contain_text("presque toujours")
    shot(first, "suggestions")
    assert written(first) == written(second) == desk.html()
    names = first.locator(f"{TEXT} ins").evaluate_all(
        "all => all.map((one) => [one.dataset.id.split('-')[0], one.textContent])"
    )
    assert sorted(names) == sorted([[str(one.pk), "presque toujours"], [str(two.pk), "parfois"]])
    assert first.locator(f"{TEXT} del").all_inner_texts() == ["souvent"]


def test_a_suggestion_may_add_a_paragraph_and_a_recommendation(desk):
    desk.write("Le premier paragraphe.", "Le second.")
    author = desk.person(TextRight.SUGGEST)
    page = desk.open(author)
    caret_after(page, "paragraphe.")
    page.keyboard.press("Enter")
    page.keyboard.type("Entre les deux.")
    saved(page)
    page.get_by_role("button", name="Préconisation").click()
    page.keyboard.type("Des repas partagés")
    saved(page)
    shot(page, "suggested-recommendation")
    assert written(page) == desk.html()
    assert desk.html(accepted=True).count("data-recommendation=") == 1
    assert desk.html(accepted=False) == "<p>Le premier paragraphe.</p><p>Le second.</p>"


def test_a_comment_survives_enter_and_cut_and_paste(desk):
    desk.write("Vieillir, c’est continuer à compter pour quelqu’un.", "Un autre paragraphe.")
    page = desk.open(desk.person())
    choose(page, "compter pour")
    page.get_by_role("button", name="Commenter").click()
    form = page.locator("[data-assembly-comment]")
    expect(form).to_contain_text("Sur « compter pour »")
    form.get_by_role("textbox").fill("Pour qui ?")
    expect(page.locator(f"{TEXT} mark")).to_have_text("compter pour")
    form.get_by_role("button", name="Envoyer le commentaire").click()
    expect(form).to_be_hidden()
    expect(page.locator("#a-cote")).to_contain_text("Pour qui ?")
    caret_after(page, "Vieillir,")
    page.keyboard.press("Enter")
    expect(page.locator(f"{TEXT} mark")).to_have_text("compter pour")
    page.locator(f"{TEXT} p").nth(1).click(click_count=3)
    page.keyboard.press("Control+x")
    expect(page.locator(f"{TEXT} mark")).to_have_count(0)
    caret_after(page, "autre paragraphe.")
    page.keyboard.press("Control+v")
    expect(page.locator(f"{TEXT} mark")).to_have_text("compter pour")
    saved(page)
    assert written(page) == desk.html()


def test_undo_takes_back_ones_own_words_only(desk):
    desk.write("Un texte.")
    one, two = desk.open(desk.person()), desk.open(desk.person())
    caret_after(one, "texte.")
    one.keyboard.type(" Mes mots.")
    saved(one)
    caret_after(two, "Un")
    two.keyboard.type(" beau")
    saved(two)
    expect(one.locator(TEXT)).to_contain_text("beau")
    one.get_by_role("button", name="Annuler").click()
    expect(two.locator(TEXT)).to_have_text("Un beau texte.")
    expect(one.locator(TEXT)).to_have_text("Un beau texte.")
    one.get_by_role("button", name="Rétablir").click()
    expect(two.locator(TEXT)).to_have_text("Un beau texte. Mes mots.")


def test_words_written_offline_survive_the_page(desk):
    desk.write("Le texte.")
    author = desk.person()
    page = desk.open(author)
    other = desk.open(desk.person())
    page.context.set_offline(True)
    caret_after(page, "texte.")
    page.keyboard.type(" Écrit dans le train.")
    expect(page.locator(STATUS)).to_have_text("Hors connexion, votre texte est gardé sur cet appareil")
    shot(page, "offline")
    page.close()
    caret_after(other, "Le")
    other.keyboard.type(" beau")
    saved(other)
    again = page.context.new_page()
    page.context.set_offline(False)
    desk.visit(again)
    expect(again.locator(TEXT)).to_have_text("Le beau texte. Écrit dans le train.")
    saved(again)
    expect(other.locator(TEXT)).to_have_text("Le beau texte. Écrit dans le train.")
    assert written(again) == written(other) == desk.html()


def test_a_blocked_socket_falls_back_to_requests(desk):
    desk.write("Le texte.")
    author, other = desk.person(), desk.open(desk.person())
    context = desk.open_context()
    desk.sign_in(context, author)
    page = context.new_page()
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.goto(desk.address)
    expect(page.locator(TEXT)).to_be_visible(timeout=20_000)
    caret_after(page, "texte.")
    page.keyboard.type(" Par un autre chemin.")
    saved(page)
    expect(other.locator(TEXT)).to_have_text("Le texte. Par un autre chemin.")
    caret_after(other, "Le")
    other.keyboard.type(" beau")
    expect(page.locator(TEXT)).to_have_text("Le beau texte. Par un autre chemin.")
    assert written(page) == desk.html()


def test_a_freeze_ends_typing_and_gives_late_words_back(desk):
    desk.write("Le texte.")
    author, other = desk.person(), desk.person()
    page, live = desk.open(author), desk.open(other)
    page.context.set_offline(True)
    caret_after(page, "texte.")
    page.keyboard.type(" Écrit trop tard.")
    caret_after(live, "Le")
    live.keyboard.type(" beau")
    saved(live)
    texts.freeze(desk.text, by=other)
    frozen = desk.html()
    expect(live.locator(STATUS)).to_have_text("Texte figé")
    live.keyboard.type(" encore")
    page.context.set_offline(False)
    lost = page.locator("[data-assembly-lost]")
    expect(lost).to_contain_text("Le texte a été figé pendant votre absence")
    expect(lost).to_contain_text("Écrit trop tard.")
    expect(lost).to_be_focused()
    shot(page, "frozen")
    assert_accessible(page)
    page.reload()
    expect(page.locator("[data-assembly-lost]")).to_contain_text("Écrit trop tard.")
    page.get_by_role("button", name="Les effacer et lire le texte").click()
    expect(page.locator(TEXT)).to_have_text("Le beau texte.")
    expect(page.locator("[data-assembly-lost]")).to_be_hidden()
    assert desk.html() == frozen == "<p>Le beau texte.</p>"


def test_a_right_that_is_withdrawn_ends_the_page(desk):
    desk.write("Le texte.")
    author = desk.person()
    page = desk.open(author)
    caret_after(page, "texte.")
    page.keyboard.type(" Un mot.")
    saved(page)
    desk.rights[author.pk] = TextRight.NONE
    expect(page.locator("[data-assembly-notice]")).to_contain_text(
        "Vous n’avez plus accès à ce texte.", timeout=20_000
    )
    expect(page.locator("[data-assembly-pad]")).to_be_empty()
    assert copies_on(page) == []


def test_what_an_old_page_does_not_know_is_left_alone(desk):
    desk.write("Le texte.")
    author = desk.person()
    page = desk.open(author)
    unknown = add_unknown_node(desk.text, author)
    expect(page.locator("[data-assembly-notice]")).to_contain_text("Rechargez la page", timeout=20_000)
    expect(page.locator("[data-assembly-static]")).to_be_visible()
    expect(page.locator("[data-assembly-pad]")).to_be_hidden()
    page.goto(f"{desk.address}?again")
    expect(page.locator("[data-assembly-notice]")).to_contain_text("Rechargez la page", timeout=20_000)
    assert rows_of(desk.text) == unknown
    assert "mystery" in str(raw(desk.text))


def test_an_old_bundle_reads_the_page_of_the_server(desk, monkeypatch):
    monkeypatch.setattr("assembly.collab.engine.door.SCHEMA_VERSION", 2)
    desk.write("Le texte.")
    context = desk.open_context()
    desk.sign_in(context, desk.person())
    page = context.new_page()
    page.goto(desk.address)
    expect(page.locator("[data-assembly-notice]")).to_contain_text("trop ancienne")
    expect(page.locator("[data-assembly-static]")).to_have_text("Le texte.")


def test_nothing_stays_on_the_device_after_signing_out(desk):
    desk.write("Le texte.")
    author = desk.person()
    page = desk.open(author)
    caret_after(page, "texte.")
    page.keyboard.type(" Un mot.")
    saved(page)
    assert len(copies_on(page)) == 1
    second = desk.visit(page.context.new_page())
    elsewhere = page.context.new_page()
    elsewhere.goto("/compte/deconnexion/")
    elsewhere.get_by_role("button", name="Se déconnecter").first.click()
    elsewhere.wait_for_load_state()
    assert copies_on(elsewhere) == []
    for tab in (page, second):
        expect(tab.locator("[data-assembly-notice]")).to_contain_text("Vous êtes déconnecté")
        expect(tab.locator("[data-assembly-pad]")).to_be_empty()
    assert elsewhere.evaluate("localStorage.getItem('assembly-texts') ?? '[]'") == "[]"


def test_somebody_elses_copy_goes_when_the_next_person_opens_a_text(desk):
    desk.write("Le texte.")
    page = desk.open(desk.person())
    saved(page)
    page.context.clear_cookies()
    desk.sign_in(page.context, desk.person())
    page.goto(desk.address)
    expect(page.locator(TEXT)).to_be_visible()
    assert len(copies_on(page)) == 1


def test_a_server_killed_in_the_middle_of_a_word(desk, server):
    desk.write("Un.", "Deux.")
    one = desk.open(desk.person(), base_url=server.address)
    two = desk.open(desk.person(), base_url=server.address)
    caret_after(one, "Un.")
    caret_after(two, "Deux.")
    for place, (first, second) in enumerate(zip("anticonstitutionnel" * 2, "incompréhensibilité" * 2, strict=True)):
        if place == 12:
            server.kill()
        if place == 26:
            server.start()
        one.keyboard.type(first)
        two.keyboard.type(second)
    for page in (one, two):
        expect(page.locator(STATUS)).to_have_text(SAVED, timeout=30_000)
    whole = "<p>Un." + "anticonstitutionnel" * 2 + "</p><p>Deux." + "incompréhensibilité" * 2 + "</p>"
    expect(one.locator(TEXT)).to_contain_text("incompréhensibilité" * 2)
    expect(two.locator(TEXT)).to_contain_text("anticonstitutionnel" * 2)
    assert written(one) == written(two) == desk.html() == whole
