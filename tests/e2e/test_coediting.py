"""Writing one text together in real browsers: what each sees, what the server keeps, what is lost (nothing)."""

import os
import re
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import expect

from assembly.collab import registry
from assembly.collab.actions import texts, threads
from assembly.collab.document import grammar
from assembly.collab.models import TextRight
from tests.e2e.accessibility import assert_accessible, assert_usable
from tests.e2e.coediting import (
    SAVED,
    STATUS,
    TEXT,
    Server,
    add_unknown_node,
    calm,
    caret_after,
    choose,
    copies_on,
    paragraph,
    raw,
    rows_of,
    saved,
    table,
    written,
)
from tests.factories.institution import DirectorateFactory
from tests.live import PHONE
from tests.opinions.amendments.debated_opinion import amending

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def server(transactional_db):
    """Start the site in a process that a test may kill."""
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


def test_three_people_type_at_once(desk):
    desk.write("Vieillir, ce n’est pas seulement habiter.", "Les restaurants des collèges.", "La suite.")
    one, two, three = (desk.open(desk.person()) for _ in range(3))
    caret_after(one, "habiter.")
    caret_after(two, "collèges.")
    caret_after(three, "La suite.")
    for first, second, third in zip(" Et se soigner.", " Un midi, oui. ", " Écrite à trois", strict=True):
        one.keyboard.type(first)
        two.keyboard.type(second)
        three.keyboard.type(third)
    one.keyboard.press("Enter")
    two.get_by_role("button", name="Titre", exact=True).click()
    three.get_by_role("button", name="Liste", exact=True).click()
    one.keyboard.type("Une ligne.")
    saved(one, two, three)
    for page in (one, two, three):
        for words in ("Et se soigner.", "Un midi, oui.", "Écrite à trois", "Une ligne."):
            expect(page.locator(TEXT)).to_contain_text(words)
    shot(one, "three")
    assert written(one) == written(two) == written(three) == desk.html()
    assert desk.html().count("<h2>") == desk.html().count("<ul>") == 1


def test_who_comes_is_shown_at_once_to_those_already_there(desk):
    desk.write("Un texte.")
    first = desk.open(desk.person())
    for count in (2, 3, 4):
        newcomer = desk.person()
        desk.open(newcomer)
        expect(first.locator("[data-assembly-people] li")).to_have_count(count)
        expect(first.locator("[data-assembly-people]")).to_contain_text(f"{newcomer.get_full_name()}, membre")


def test_suggestions_of_two_people_on_one_word(desk):
    desk.write("Leurs cuisines sont souvent proches.")
    one, two = desk.person(TextRight.SUGGEST), desk.person(TextRight.SUGGEST)
    first, second = desk.open(one), desk.open(two)
    choose(first, "souvent")
    choose(second, "souvent")
    for one_key, other_key in zip("presque toujours", "parfois, le midi", strict=True):
        first.keyboard.type(one_key)
        second.keyboard.type(other_key)
    saved(first, second)
    expect(first.locator(TEXT)).to_contain_text("parfois, le midi")
    expect(second.locator(TEXT)).to_contain_text("presque toujours")
    shot(first, "suggestions")
    assert written(first) == written(second) == desk.html()
    names = {str(one.pk): "", str(two.pk): ""}
    for name, words in first.locator(f"{TEXT} ins").evaluate_all(
        "all => all.map((a) => [a.dataset.id, a.textContent])"
    ):
        names[name.split("-")[0]] += words
    assert names == {str(one.pk): "presque toujours", str(two.pk): "parfois, le midi"}
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
    caret_after(page, "Un autre")
    page.locator("#a-cote a[data-assembly-goto]").press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    assert page.evaluate("getSelection().toString()") == "compter pour"
    expect(page.locator("#a-cote li.on")).to_contain_text("Pour qui ?")
    page.locator("[data-assembly-sidebar]").evaluate(
        """list => {
            list.querySelector("li").dataset.before = "";
            list.dispatchEvent(new CustomEvent("assembly:text-changed"));
        }"""
    )
    expect(page.locator("#a-cote li[data-before]")).to_have_count(0)  # the list came anew
    expect(page.locator("#a-cote li.on")).to_contain_text("Pour qui ?")
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


# Messages of the socket are delayed while `delayed` is a list, then delivered after a tap, before its selection event.
HOLD_THE_LINE = """Object.defineProperty(WebSocket.prototype, 'onmessage', { set(listener) {
  this.addEventListener('message', (event) => window.delayed?.push([event, listener]) ?? listener(event))
} })"""
TAP = """() => new Promise((done) => {
  const isUpdate = ([event]) => new Uint8Array(event.data)[0] === 0
  const tap = () => {
    if (!window.delayed.some(isUpdate)) return setTimeout(tap, 20)
    const last = document.querySelector('#coedit-text').lastElementChild
    getSelection().collapse(last, last.childNodes.length)
    for (const [event, listener] of window.delayed) listener(event)
    window.delayed = null
    done()
  }
  tap()
})"""


def test_the_words_of_another_do_not_move_the_cursor_of_a_tap(desk):
    desk.write("Le texte.", "La suite.")
    context = desk.browser(desk.person())
    context.add_init_script(HOLD_THE_LINE)
    page, other = desk.visit(context.new_page()), desk.open(desk.person())
    caret_after(page, "Le")
    caret_after(other, "texte")
    page.evaluate("() => { window.delayed = [] }")
    other.keyboard.type(" long")
    page.evaluate(TAP)
    page.keyboard.type(" Et la fin.")
    saved(page, other)
    expect(page.locator(TEXT)).to_have_text("Le texte long.La suite. Et la fin.")


# Writes to the copy on the device are queued behind this transaction.
HOLD_THE_COPY = """async () => {
  const [{ name }] = await indexedDB.databases()
  const opened = indexedDB.open(name)
  await new Promise((done) => { opened.onsuccess = done })
  const store = opened.result.transaction('updates', 'readwrite').objectStore('updates')
  const hold = () => window.isReleased ? opened.result.close() : store.getKey(0).onsuccess = hold
  hold()
}"""


def test_words_written_offline_survive_the_page(desk):
    desk.write("Le texte.")
    author = desk.person()
    page = desk.open(author)
    other = desk.open(desk.person())
    page.context.set_offline(True)
    caret_after(page, "texte.")
    page.evaluate(HOLD_THE_COPY)
    page.keyboard.type(" Écrit dans le train.")
    expect(page.locator(STATUS)).to_have_text("Enregistrement…")
    page.evaluate("() => { window.isReleased = true }")
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


def without_socket(context, address):
    """Open the text on a page whose sockets are closed at once and whose clock can be moved."""
    page = context.new_page()
    page.clock.install()
    page.route_web_socket("**/ws/**", lambda socket: socket.close())
    page.goto(address)
    expect(page.locator(STATUS)).to_contain_text("Ouverture du texte")
    return page


def test_a_blocked_socket_falls_back_to_requests(desk):
    desk.write("Le texte.")
    author, other = desk.person(), desk.open(desk.person())
    context = desk.browser(author)
    page = without_socket(context, desk.address)
    page.clock.fast_forward(10_000)
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
    form = reverse("opinions:amendment-new", args=[amending(desk.people).pk])
    desk.later = registry.LateTextOptions("En faire un amendement", form)
    frozen = desk.html()
    expect(live.locator(STATUS)).to_have_text("Texte figé")
    live.keyboard.type(" encore")
    page.context.set_offline(False)
    lost = page.locator("[data-assembly-late]")
    expect(lost).to_contain_text("Le texte a été figé pendant votre absence")
    expect(lost).to_contain_text("Écrit trop tard.")
    expect(lost).to_be_focused()
    amend = lost.get_by_role("button", name="En faire un amendement")
    expect(amend).to_be_visible()
    expect(lost.get_by_role("button", name="En faire un commentaire")).to_have_count(0)
    shot(page, "frozen")
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    amend.click()
    expect(page.get_by_label("Le nouveau texte")).to_have_value("Le beau texte. Écrit trop tard.")
    assert page.url.endswith(form)
    shot(page, "late-words")
    assert_accessible(page)
    page.goto(desk.address)
    expect(page.locator("[data-assembly-late]")).to_contain_text("Écrit trop tard.")
    page.get_by_role("button", name="Les effacer et lire le texte").click()
    expect(page.locator(TEXT)).to_have_text("Le beau texte.")
    expect(page.locator("[data-assembly-late]")).to_be_hidden()
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
    monkeypatch.setattr("assembly.collab.engine.admission.SCHEMA_VERSION", 2)
    desk.write("Le texte.")
    context = desk.browser(desk.person())
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
    elsewhere.wait_for_url(lambda url: "deconnexion" not in url)
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


def full_text(desk):
    """Make a text with every kind of block, three people, suggestions and comments."""
    desk.write(
        {
            "type": "heading",
            "attrs": {"level": 2},
            "content": [{"type": "text", "text": "Lien social et lutte contre l’isolement"}],
        },
        "Vieillir, ce n’est pas seulement habiter et se soigner. C’est continuer à compter pour quelqu’un.",
        "Le Département gère les restaurants de ses collèges. Ils sont souvent à dix minutes à pied du centre.",
        {"type": "bulletList", "content": [{"type": "listItem", "content": [paragraph("une commune volontaire")]}]},
        grammar.recommendation(
            "Des repas partagés entre collégiens et personnes âgées",
            {"problem": "Dans beaucoup de communes, des personnes âgées mangent seules tous les jours."},
        ),
        table(["Commune", "Places"], ["Luchon", "40"]),
        "Nous demandons de commencer par ceux qui le veulent.",
    )
    return desk.text


def test_a_full_page_is_usable(desk):
    full_text(desk)
    writer = desk.person()
    desk.assignees = registry.Assignees([writer], [DirectorateFactory(name="Direction des Collèges")])
    page = desk.open(writer)
    member = desk.open(desk.person(TextRight.SUGGEST))
    caret_after(member, "collèges.")
    member.keyboard.type(" Beaucoup ont des places libres le midi.")
    choose(member, "souvent")
    member.keyboard.press("Delete")
    saved(member)
    choose(page, "compter pour quelqu’un")
    page.get_by_role("button", name="Commenter").click()
    form = page.locator("[data-assembly-comment]")
    shot(page, "comment-form")
    assert_accessible(page)
    form.get_by_role("textbox").fill("Et pendant les vacances scolaires ?")
    form.get_by_role("button", name="Envoyer le commentaire").click()
    expect(page.locator("#a-cote")).to_contain_text("Et pendant les vacances")
    expect(page.locator("#a-cote")).to_contain_text("Beaucoup ont des places libres", timeout=15_000)
    expect(page.locator("[data-assembly-people]")).to_contain_text("(vous)")
    expect(page.locator("[data-assembly-people] li")).to_have_count(2)
    side = page.locator("#a-cote")
    side.get_by_text("Confier à…").click()
    side.get_by_label("À qui ?").select_option(label=writer.get_full_name())
    side.get_by_role("button", name="Confier ce commentaire").click()
    expect(side).to_contain_text(f"Confié à {writer.get_full_name()}")
    side.get_by_text("Confier à quelqu’un d’autre").click()
    caret_after(page, "Luchon")
    shot(page, "full")
    caret_after(member, "Département")
    shot(member, "full-member")
    calm(page)  # the walk numbers what stands there
    assert_usable(page)
    assert written(page) == written(member) == desk.html()


def test_the_list_never_changes_under_somebodys_hands(desk):
    """A list that was asked for before the form was opened, and comes once it is half filled, waits for its turn."""
    desk.write("Un texte tranquille.")
    writer = desk.person()
    desk.assignees = registry.Assignees([writer], [])
    threads.open_thread(desk.text, body="Qui s’en charge ?", by=writer)
    context = desk.browser(writer)
    context.clock.install()
    page = desk.visit(context.new_page())
    side, asked = page.locator("#a-cote"), []
    page.route("**/a-cote/", lambda route: asked.append(route))
    threads.open_thread(desk.text, body="Et le budget ?", by=writer)
    with page.expect_request("**/a-cote/"):
        context.clock.run_for(31_000)
    entrust = side.locator("form", has_text="Confier ce commentaire")
    side.get_by_text("Confier à…").click()
    entrust.get_by_label("À qui ?").select_option(label=writer.get_full_name())
    with page.expect_response("**/a-cote/"):
        asked.pop().continue_()
    page.wait_for_timeout(300)
    expect(entrust.get_by_label("À qui ?")).to_have_value(f"p{writer.pk}")
    expect(side).not_to_contain_text("Et le budget ?")
    entrust.get_by_role("button").click()
    expect(side).to_contain_text(f"Confié à {writer.get_full_name()}")
    expect(side).to_contain_text("Et le budget ?")


def test_an_answer_to_one_form_leaves_the_words_of_the_others(desk):
    """Words half written go over to the new list; where their form is gone, they stay on the page."""
    desk.write("Un texte tranquille.")
    writer = desk.person()
    first = threads.open_thread(desk.text, body="Qui s’en charge ?", by=writer)
    second = threads.open_thread(desk.text, body="Et le budget ?", by=writer)
    page = desk.open(writer)
    side, half = page.locator("#a-cote"), "Je demande à la direction."
    one, two = (side.locator(f"#fil-{thread.public_id}") for thread in (first, second))
    one.get_by_text("Répondre").first.click()
    one.get_by_label("Votre réponse").fill(half)
    two.get_by_role("button", name="C’est réglé").click()
    expect(side.get_by_text("1 commentaire réglé")).to_be_visible()
    expect(one.get_by_label("Votre réponse")).to_have_value(half)
    one.get_by_label("Votre réponse").fill(" ")
    one.get_by_role("button", name="Envoyer la réponse").click()
    expect(side.get_by_role("alert")).to_be_visible()
    expect(one.get_by_label("Votre réponse")).to_have_value(" ")
    one.get_by_label("Votre réponse").fill(half)
    threads.resolve(first, by=desk.person())
    side.get_by_text("1 commentaire réglé").click()
    two.get_by_role("button", name="Rouvrir").click()
    expect(page.get_by_role("alert").filter(has_text="Vous pouvez les copier")).to_contain_text(half)
    first.refresh_from_db()
    assert (first.comments.count(), second.comments.count()) == (1, 1)


def test_screen_readers_hear_the_text_without_names_of_cursors(desk):
    desk.write("Un texte tranquille.")
    context = desk.browser(desk.person())
    context.clock.install()
    page, other = desk.visit(context.new_page()), desk.open(desk.person())
    caret_after(other, "texte")
    expect(page.locator(f"{TEXT} .other-caret")).to_have_count(1)
    assert page.locator(TEXT).text_content() == "Un texte tranquille."
    assert page.locator(TEXT).aria_snapshot() == '- textbox "Lien social":\n  - paragraph: Un texte tranquille.'
    arrivals = page.locator("[data-assembly-arrivals]")
    other.close()
    expect(page.locator("[data-assembly-people] li")).to_have_count(1)
    page.clock.fast_forward(8000)
    expect(arrivals).to_contain_text("quitte le texte.", timeout=15_000)


# Once the caret stands after this text: where its flag begins and ends in the box, and the width of the box.
FLAG = """(text) => new Promise((done) => {
  const box = document.querySelector('#coedit-text')
  const check = () => {
    const caret = box.querySelector('.other-caret')
    const before = document.createRange()
    before.setStart(box, 0)
    if (caret) before.setEndBefore(caret)
    if (!before.toString().endsWith(text)) return setTimeout(check, 20)
    const flag = getComputedStyle(caret, '::after')
    done([parseFloat(flag.left), parseFloat(flag.left) + parseFloat(flag.width), box.clientWidth])
  }
  check()
})"""


@pytest.mark.parametrize("name", [("Léa", "Puy"), ("Marie-Christine", "de La Rochefoucauld-Montbazon")])
def test_the_name_of_another_writer_is_not_cut_on_a_phone(desk, name):
    desk.write("Vieillir, ce n’est pas seulement habiter un logement adapté.", "Les restaurants des collèges.")
    somebody = desk.person()
    somebody.person.first_name, somebody.person.last_name = name
    somebody.person.save()
    other, page = desk.open(somebody), desk.open(desk.person())
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        for words in ("Vieillir", "seulement", "habiter", "logement", "adapté", "restaurants", "collèges"):
            caret_after(other, words)
            start, end, shown = page.evaluate(FLAG, words)
            assert 0 <= start < end <= shown, (width, words)
        shot(page, f"flag-{width}-{len(name[1])}")


# The keyboard makes only the visual viewport smaller, which no browser without a touch screen does.
KEYBOARD = """(covered) => {
  Object.defineProperty(visualViewport, 'height', { get: () => innerHeight - covered, configurable: true })
  visualViewport.dispatchEvent(new Event('resize'))
}"""
ROW = """() => {
  const shown = [...document.querySelectorAll('.pad-bar button')].filter((button) => button.checkVisibility())
  return shown.map((button) => {
    const { left, right, top, bottom, width, height } = button.getBoundingClientRect()
    return { left, right, top, bottom, width, height }
  })
}"""


@pytest.mark.parametrize("width", [390, 320])
def test_six_tools_stand_above_the_keyboard_of_a_phone(desk, width):
    desk.write("Le texte.")
    page = desk.open(desk.person(), viewport={"width": width, "height": 844})
    caret_after(page, "texte")
    for covered in (0, 364):
        page.evaluate(KEYBOARD, covered)
        row = page.evaluate(ROW)
        assert len(row) == 6
        assert len({tool["top"] for tool in row}) == 1
        assert all(min(tool["width"], tool["height"]) >= 44 for tool in row)
        assert all(tool["left"] >= 0 and tool["right"] <= width for tool in row)
        foot = 844 - covered
        assert foot - 120 < row[0]["bottom"] <= foot
        assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
        shot(page, f"keyboard-{width}-{covered}")
    page.keyboard.type(" commun")
    saved(page)
    page.get_by_role("button", name="Plus").click()
    expect(page.get_by_role("button", name="Préconisation")).to_be_visible()
    assert_accessible(page)


# The browser reports a selection a moment later; the content security policy forbids `wait_for_function`.
CHOSEN = """() => new Promise((done) => {
  const { editor } = document.querySelector('#coedit-text')
  const check = () => editor.state.selection.empty ? setTimeout(check, 20) : done()
  check()
})"""
SLOW_FRAMES = """() => {
  window.quickFrames = window.requestAnimationFrame
  window.requestAnimationFrame = (callback) => setTimeout(callback, 2000)
}"""


def test_everything_can_be_done_with_the_keyboard(desk):
    desk.write("Le texte.")
    page = desk.open(desk.person())
    caret_after(page, "texte.")
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("button", name="Gras")).to_be_focused()
    for name in ("Italique", "Titre", "Liste"):
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("button", name=name, exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(TEXT)).to_be_focused()
    page.keyboard.type(" En liste.")
    page.keyboard.press("Enter")
    page.keyboard.type("Dessous")
    page.keyboard.press("Control+]")
    expect(page.locator(f"{TEXT} ul ul li")).to_have_text("Dessous")
    page.keyboard.press("Control+[")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Alt+F10")
    expect(page.get_by_role("button", name="Liste", exact=True)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.evaluate(SLOW_FRAMES)  # the first keys reach the text all the same, and none is told where to go by a Tab
    page.keyboard.press("Enter")
    page.keyboard.type("Commune")
    page.keyboard.press("Tab")
    page.keyboard.type("Places")
    assert page.locator(f"{TEXT} th").all_inner_texts() == ["Commune", "Places"]
    page.evaluate("() => { window.requestAnimationFrame = window.quickFrames }")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.locator(TEXT)).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(TEXT)).to_be_focused()
    page.keyboard.press("Tab")  # in by Tab, out by Tab: the cursor had been left in the table
    expect(page.locator(TEXT)).not_to_be_focused()
    caret_after(page, "texte.")
    page.keyboard.press("Tab")
    expect(page.locator(TEXT)).not_to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.locator(TEXT)).to_be_focused()
    caret_after(page, "texte.")
    page.keyboard.press("Shift+Home")
    page.evaluate(CHOSEN)
    page.keyboard.press("Alt+F10")
    page.keyboard.press("End")
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("button", name="Commenter", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("Un mot du clavier")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#a-cote")).to_contain_text("Un mot du clavier")
    expect(page.locator(TEXT)).to_be_focused()
    saved(page)
    assert written(page) == desk.html()


def test_a_reader_who_comments_chooses_words_with_the_keyboard(desk):
    desk.write("Le texte de la direction.")
    page = desk.open(desk.person(TextRight.COMMENT))
    expect(page.locator("[data-assembly-modes]")).to_have_count(0)
    expect(page.get_by_role("button", name="Gras")).to_be_hidden()
    page.locator(TEXT).focus()
    page.keyboard.press("Control+Home")
    page.keyboard.type("Rien n’entre ")
    page.keyboard.press("Backspace")
    expect(page.locator(TEXT)).to_have_text("Le texte de la direction.")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.get_by_role("button", name="Commenter", exact=True).click()
    page.locator("[data-assembly-comment]").get_by_role("textbox").fill("Faisable.")
    page.get_by_role("button", name="Envoyer le commentaire").first.click()
    expect(page.locator("#a-cote")).to_contain_text("Faisable.")
    assert "<mark data-comment=" in desk.html()


def test_a_mere_reader_leaves_nothing_on_the_device(desk):
    desk.write("Le texte.")
    page = desk.open(desk.person(TextRight.READ))
    expect(page.locator(STATUS)).to_have_text("Vous lisez le texte tel qu’il est en ce moment")
    assert page.locator(TEXT).get_attribute("contenteditable") == "false"
    assert copies_on(page) == []


def test_the_text_reads_without_script(desk):
    full_text(desk)
    context = desk.browser(desk.person(), java_script_enabled=False)
    page = context.new_page()
    page.goto(desk.address)
    shown = page.locator("[data-assembly-static]")
    for words in ("Lien social et lutte", "Préconisation 1", "Quel est le problème ?", "mangent seules", "Luchon"):
        expect(shown).to_contain_text(words)
    expect(page.locator("[data-assembly-tools]")).to_be_hidden()
    shot(page, "without-script")


WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>p.MsoNormal {margin:0cm}</style>
<xml><o:OfficeDocumentSettings/></xml><script>alert(1)</script></head><body lang=FR style='word-wrap:break-word'>
<!--StartFragment--><h1 style='color:red'>Un grand titre</h1>
<p class=MsoNormal style='margin:0cm'><b style='mso-bidi-font-weight:normal'>
<span style='font-size:12.0pt;color:#1F497D'>Du gras</span></b>,
<span style='font-style:italic'>de l’italique</span><o:p></o:p></p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<![if !supportLists]><span style='mso-list:Ignore'>·
<span style='font:7.0pt "Times New Roman"'>&nbsp;</span></span><![endif]>une première ligne</p>
<p class=MsoListParagraph style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'>
<span style='mso-list:Ignore'>·</span>une seconde</p>
<p class=MsoNormal><img width=10 src="file:///C:/image.png"><a href="javascript:alert(1)">un piège</a>
<a href="https://haute-garonne.fr/">un lien</a></p><!--EndFragment--></body></html>"""


def paste(page, html, text):
    page.evaluate(
        """([html, text]) => {
          const data = new DataTransfer()
          if (html) data.setData('text/html', html)
          data.setData('text/plain', text)
          const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true })
          document.querySelector('#coedit-text').dispatchEvent(event)
        }""",
        [html, text],
    )


def test_a_paste_from_word_keeps_words_and_loses_its_dress(desk):
    desk.write("Avant.", "Après.")
    page = desk.open(desk.person())
    caret_after(page, "Avant.")
    page.keyboard.press("Enter")
    paste(page, WORD, "Un grand titre Du gras")
    expect(page.locator("[data-assembly-notice]")).to_contain_text("Les images ne peuvent pas être collées ici")
    saved(page)
    assert written(page) == desk.html()
    for kept in (
        "<h2>Un grand titre</h2>",
        "<strong>Du gras</strong>",
        "<em>de l’italique</em>",
        "<ul><li><p>une première ligne</p></li><li><p>une seconde</p></li></ul>",
        '<a href="https://haute-garonne.fr/" rel="noopener noreferrer nofollow">un lien</a>',
    ):
        assert kept in desk.html()
    for gone in ("style", "Mso", "alert", "javascript", "<img", "·"):
        assert gone not in desk.html()


def test_a_paste_of_half_a_million_signs_is_refused_and_a_long_one_taken(desk):
    desk.write("Le texte.")
    page = desk.open(desk.person())
    caret_after(page, "texte.")
    paste(page, "", "mot " * 125_000)
    expect(page.locator("[data-assembly-notice]")).to_contain_text("Ce texte est trop long pour être collé d’un coup")
    assert written(page) == "<p>Le texte.</p>"
    paste(page, "", "\n\n".join(["Une phrase assez longue pour faire un paragraphe. " * 8] * 200))
    expect(page.locator(STATUS)).to_have_text(SAVED, timeout=30_000)
    expect(page.locator("[data-assembly-status-more]")).to_have_text(re.compile(r"^à \d{1,2}\sh(\s\d\d)?$"))
    assert written(page) == desk.html()
    assert len(desk.html()) > 80_000


def test_a_copied_recommendation_is_another_one(desk):
    desk.write(grammar.recommendation("Des repas partagés", {"problem": "Des personnes mangent seules."}), "La suite.")
    page = desk.open(desk.person())
    page.locator(TEXT).focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Control+c")
    caret_after(page, "La suite.")
    page.keyboard.press("Control+v")
    saved(page)
    ids = page.locator(f"{TEXT} section").evaluate_all("all => all.map((one) => one.dataset.recommendation)")
    assert len(ids) == len(set(ids)) == 2
    assert page.locator(f"{TEXT} section").evaluate_all("all => all.map((one) => one.dataset.number)") == ["1", "2"]
    assert [page.locator(f"{TEXT} section").nth(place).locator("dt").count() for place in (0, 1)] == [6, 6]
    assert written(page) == desk.html()


def test_what_is_written_at_the_end_of_a_suggestion_is_not_part_of_it(desk):
    desk.write("Le texte.")
    member, writer = desk.open(desk.person(TextRight.SUGGEST)), desk.open(desk.person())
    caret_after(member, "Le")
    member.keyboard.type(" beau")
    saved(member)
    expect(writer.locator(f"{TEXT} ins")).to_have_text(" beau")
    caret_after(writer, " beau")
    writer.keyboard.type(" et long")
    saved(writer)
    assert writer.locator(f"{TEXT} ins").all_inner_texts() == [" beau"]
    assert desk.html(accepted=False) == "<p>Le et long texte.</p>"


def test_nobody_takes_away_what_somebody_else_proposes(desk):
    desk.write("Le texte.")
    one, two = desk.open(desk.person(TextRight.SUGGEST)), desk.open(desk.person(TextRight.SUGGEST))
    caret_after(one, "Le")
    one.keyboard.type(" beau")
    saved(one)
    expect(two.locator(f"{TEXT} ins")).to_have_text(" beau")
    choose(two, " beau")
    two.keyboard.press("Delete")
    expect(two.locator("[data-assembly-notice]")).to_contain_text("la proposition d’une autre personne")
    saved(two)
    assert "beau</ins>" in desk.html()


def test_a_decision_of_the_group_reaches_every_page(desk):
    desk.write("Leurs cuisines sont souvent proches.")
    writer, member = desk.open(desk.person()), desk.open(desk.person(TextRight.SUGGEST))
    choose(member, "souvent")
    member.keyboard.type("toujours")
    saved(member)
    writer.locator("#a-cote").get_by_role("button", name="Accepter").click()
    for page in (writer, member):
        expect(page.locator(TEXT)).to_have_text("Leurs cuisines sont toujours proches.")
        expect(page.locator(f"{TEXT} ins")).to_have_count(0)
        expect(page.locator("#a-cote")).to_contain_text("Aucune proposition n’attend", timeout=15_000)
    assert written(writer) == written(member) == desk.html()


def test_modes_say_what_the_keys_do(desk):
    desk.write("Le texte.")
    page = desk.open(desk.person())
    expect(page.get_by_label("J’écris")).to_be_checked()
    page.get_by_label("Je propose").check(force=True)
    expect(page.locator("[data-assembly-mode-text=suggest]")).to_be_visible()
    caret_after(page, "texte.")
    page.keyboard.type(" Proposé.")
    page.get_by_label("Je lis").check(force=True)
    caret_after(page, "Le")
    page.keyboard.type(" perdu")
    page.get_by_label("J’écris").check(force=True)
    caret_after(page, "Le")
    page.keyboard.type(" beau")
    saved(page)
    assert desk.html(accepted=False) == "<p>Le beau texte.</p>"
    assert desk.html(accepted=True) == "<p>Le beau texte. Proposé.</p>"


def test_a_session_that_ends_keeps_words_on_the_device(desk):
    desk.write("Le texte.")
    page = desk.open(desk.person())
    Session.objects.all().delete()
    expect(page.locator("[data-assembly-notice]")).to_contain_text("Votre connexion a expiré", timeout=20_000)
    assert len(copies_on(page)) == 1
    assert page.locator(TEXT).get_attribute("contenteditable") == "false"


def test_every_button_can_propose(desk):
    desk.write("Le premier paragraphe.", "Le second paragraphe.", "Le troisième.")
    before = desk.html()
    page = desk.open(desk.person(TextRight.SUGGEST))
    suggested = page.locator(f"{TEXT} :is(ins, del, [data-type=modification])")
    for name in ("Gras", "Italique", "Titre", "Liste", "Citation", "Tableau", "Préconisation"):
        choose(page, "second")
        page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("[data-assembly-notice]")).to_be_hidden()
        expect(suggested.first, name).to_be_attached()
        saved(page)
        assert written(page) == desk.html()
        assert desk.html(accepted=False) == before != desk.html(accepted=True), name
        page.get_by_role("button", name="Annuler", exact=True).click()
        expect(suggested, name).to_have_count(0)
        saved(page)
        assert written(page) == desk.html()
        assert page.locator("[data-assembly-late]").is_hidden()


def test_late_words_become_a_comment_while_the_text_is_commented(desk):
    desk.write("Le texte.")
    author = desk.person()
    page = desk.open(author)
    page.context.set_offline(True)
    caret_after(page, "texte.")
    page.keyboard.type(" Une idée de plus.")
    texts.annotate(desk.text, by=author)
    page.context.set_offline(False)
    lost = page.locator("[data-assembly-late]")
    expect(lost).to_contain_text("Une idée de plus.")
    lost.get_by_role("button", name="En faire un commentaire").click()
    expect(lost).to_contain_text("Votre commentaire est envoyé.")
    lost.get_by_role("button", name="Les effacer et lire le texte").click()
    expect(page.locator(TEXT)).to_have_text("Le texte.")
    expect(page.locator("#a-cote")).to_contain_text("Une idée de plus.")
    assert desk.html() == "<p>Le texte.</p>"


def test_a_recommendation_moves_and_goes_with_its_identity(desk):
    desk.write("Avant.", grammar.recommendation("Des repas partagés", {"problem": "Seuls."}), "Après.")
    page, member = desk.open(desk.person()), desk.open(desk.person(TextRight.SUGGEST))
    identity = page.locator(f"{TEXT} section").get_attribute("data-recommendation")
    caret_after(page, "repas")
    page.get_by_role("button", name="Monter", exact=True).click()
    expect(page.locator(f"{TEXT} > *").first).to_have_attribute("data-recommendation", identity)
    page.keyboard.type(" bien")
    for _ in range(2):
        page.get_by_role("button", name="Descendre", exact=True).click()
    expect(page.locator(f"{TEXT} > *").last).to_have_attribute("data-recommendation", identity)
    saved(page)
    expect(member.locator(f"{TEXT} h3")).to_have_text("Des repas bien partagés")
    caret_after(member, "Seuls.")
    expect(member.get_by_role("button", name="Monter", exact=True)).to_be_hidden()
    member.get_by_role("button", name="Enlever la préconisation").click()
    saved(member)
    assert desk.html(accepted=True) == "<p>Avant.</p><p>Après.</p>"
    caret_after(page, "Seuls.")
    page.get_by_role("button", name="Enlever la préconisation").click()
    saved(page)
    assert desk.html() == written(page) == written(member) == "<p>Avant.</p><p>Après.</p>"


def test_a_server_that_does_not_answer_leaves_the_text_to_read(desk):
    desk.write("Le texte.")
    context = desk.browser(desk.person())
    context.route("**/echange/**", lambda route: route.abort())
    page = without_socket(context, desk.address)
    page.clock.fast_forward(10_000)
    expect(page.locator(STATUS)).to_contain_text("Le serveur ne répond pas", timeout=20_000)
    expect(page.locator("[data-assembly-static]")).to_have_text("Le texte.")


def test_a_freeze_while_three_type(desk):
    desk.write("Un.", "Deux.", "Trois.")
    officer = desk.person()
    pages = [desk.open(desk.person()) for _ in range(3)]
    for page, words in zip(pages, ("Un.", "Deux.", "Trois."), strict=True):
        caret_after(page, words)
    version = None
    for place in range(30):
        if place == 12:
            version = texts.freeze(desk.text, by=officer)
        for page in pages:
            page.keyboard.type("abcdefghijklmnopqrstuvwxyz1234"[place])
    for page in pages:
        expect(page.locator("[data-assembly-status]")).to_have_text(
            re.compile("Texte figé|Rien de plus n’est enregistré"), timeout=15_000
        )
        expect(page.locator(TEXT)).to_have_attribute("aria-readonly", "true")
    assert rows_of(desk.text) == version.upto_seq
    assert desk.html() == version.html
