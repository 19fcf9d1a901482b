"""Long lists at the desk: a person found by words in a form, rows ticked and one act upon them all."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.identity.models import Person
from assembly.tasks.models import Task
from sessions.decisions import actions as decisions
from sessions.models import Invitee
from tests.e2e.accessibility import assert_accessible, assert_reflows, assert_usable
from tests.factories.members import ContactFactory, MandateFactory
from tests.factories.mission import PartnerFactory
from tests.factories.sessions import InviteeFactory, SittingFactory
from tests.opinions.amendments.debated_opinion import amending

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
NAMES = ["Abadie", "Barthès", "Bélières", "Cazaux", "Dupuy", "Faure", "Gély", "Isle", "Marsan", "Nogaro", "Pujol"]
# What the bar of ticked rows lies over: lines and controls of the page.
COVERED = """() => {
  const bar = document.querySelector('.selection').getBoundingClientRect()
  return [...document.querySelectorAll('main :is(tr, a, button, summary, input)')]
    .filter((el) => !el.closest('.selection') && el.checkVisibility())
    .filter((el) => { const box = el.getBoundingClientRect()
      return box.height > 1 && box.bottom > bar.top + 1 && box.top < bar.bottom - 1 })
    .map((el) => el.outerHTML.slice(0, 100))
}"""
FOCUS_COVERED = """() => [...document.querySelectorAll('main tbody :is(a, input)')].filter((el) => {
  el.focus()
  const bar = document.querySelector('.selection').getBoundingClientRect(), box = el.getBoundingClientRect()
  return box.bottom > bar.top + 1 && box.top < bar.bottom - 1
}).map((el) => el.outerHTML.slice(0, 100))"""
SLOW_FETCH = "real = fetch; window.fetch = (...all) => new Promise(go => setTimeout(() => go(real(...all)), 1500))"
HEIGHT = "el => el.getBoundingClientRect().height"


@pytest.fixture
def sitting(people):
    for name in NAMES:
        ContactFactory(
            assembly=people.assembly, person__first_name="Hélène", person__last_name=name, person__capacity="experte"
        )
    for name in ("Jean-Luc", "Anaïs"):
        ContactFactory(
            assembly=people.assembly, person__first_name=name, person__last_name="Roux", person__capacity="expert"
        )
    return SittingFactory(term=people.term, notified=True)


def test_a_person_is_found_by_words_and_sent(page, site, sign_in, people, sitting):
    sign_in(page.context, "officer")
    page.goto(site + reverse("sittings:notice", args=[sitting.pk]))
    box = page.get_by_role("combobox", name="Personne")
    options = page.get_by_role("listbox", name="Personne").get_by_role("option")
    box.focus()
    expect(options).to_have_count(0)
    page.keyboard.press("ArrowDown")
    expect(options).to_have_count(len(NAMES) + 4)  # two more, the officer, and nobody
    page.keyboard.type("roux luc")
    expect(options).to_have_count(1)
    page.keyboard.press("Control+a")
    page.keyboard.type("beli")  # without its accent, as one types in a hurry
    expect(options).to_contain_text(["Hélène Bélières"])
    expect(page.locator(".picker").get_by_role("status")).to_have_text("1 choix")
    assert_accessible(page)
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("zzz")
    expect(page.locator(".picker").get_by_role("status")).to_contain_text("Rien ne correspond")
    page.keyboard.press("Enter")  # what fits nothing is not sent
    expect(box).to_have_value("zzz")
    page.keyboard.press("Escape")
    expect(box).to_have_value("")
    page.keyboard.type("roux")
    expect(options).to_have_count(2)
    for key in ("ArrowDown", "ArrowUp", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(box).to_have_value("Jean-Luc Roux, expert")
    box.click()  # in the box already: what is typed next takes the place of what was chosen
    page.keyboard.type("dupuy")
    expect(options).to_have_text(["Hélène Dupuy, experte"])
    page.keyboard.press("Escape")
    expect(box).to_have_value("Jean-Luc Roux, expert")
    clear = page.get_by_role("button", name="Vider : Personne")
    clear.click()
    expect(box).to_have_value("")
    expect(box).to_be_focused()
    expect(clear).to_be_hidden()
    page.keyboard.type("anais")
    page.keyboard.press("Tab")  # one alone has these words: it is taken, as the server would
    expect(box).to_have_value("Anaïs Roux, expert")
    page.get_by_role("button", name="Ajouter cette personne").click()
    expect(page.get_by_role("rowheader", name="Anaïs Roux")).to_be_visible()
    assert Invitee.objects.get(sitting=sitting).person == Person.objects.get(first_name="Anaïs")


def test_the_list_fits_a_phone_and_a_thumb(open_context, site, sign_in, people, sitting):
    context = open_context(viewport=PHONE)
    sign_in(context, "officer")
    page = context.new_page()
    page.goto(site + reverse("sittings:notice", args=[sitting.pk]))
    page.get_by_role("combobox", name="Personne").click()
    for option in page.get_by_role("option").all()[:3]:
        assert option.evaluate(HEIGHT) >= 44
    assert_reflows(page)
    page.get_by_role("option", name="Hélène Dupuy").click()
    assert page.get_by_role("button", name="Vider").evaluate(HEIGHT) >= 44
    expect(page.get_by_role("combobox", name="Personne")).to_have_value("Hélène Dupuy, experte")


def test_without_script_it_is_the_list(open_context, site, sign_in, people, sitting):
    context = open_context(java_script_enabled=False)
    sign_in(context, "officer")
    page = context.new_page()
    page.goto(site + reverse("sittings:notice", args=[sitting.pk]))
    page.get_by_label("Personne", exact=True).select_option(label="Hélène Dupuy, experte")
    page.get_by_role("button", name="Ajouter cette personne").click()
    assert Invitee.objects.get(sitting=sitting).person.last_name == "Dupuy"


def test_several_people_are_chosen_one_after_the_other(page, site, sign_in, people):
    """Those who signed an amendment on paper: found by words, taken by Enter, taken off by a press."""
    opinion = amending(people)
    for name in NAMES:
        MandateFactory(term=people.term, member__person__first_name="Hélène", member__person__last_name=name)
    sign_in(page.context, "officer")
    page.goto(site + reverse("opinions:amendment-record", args=[opinion.pk]) + "?de=2")
    box = page.get_by_role("combobox", name="Qui l’a signé aussi ?")
    for typed in ("beli", "pujol"):
        box.click()
        page.keyboard.type(typed)
        page.keyboard.press("Enter")
        expect(box).to_have_value("")
    taken = page.get_by_role("list", name="Qui l’a signé aussi ? : choix faits").get_by_role("listitem")
    expect(taken).to_have_count(2)
    expect(page.locator(".picker").get_by_role("status").last).to_contain_text("Ajouté : Hélène Pujol")
    assert_usable(page)
    box.click()
    page.keyboard.type("puj")
    expect(page.locator(".picker").get_by_role("status").last).to_contain_text("Rien ne correspond")
    page.get_by_role("button", name="Retirer : Hélène Bélières").click()
    expect(taken).to_have_count(1)
    expect(box).to_be_focused()
    chosen = "select => [...select.selectedOptions].map((option) => option.text)"
    assert ["Pujol" in text for text in page.locator("[name=cosigners]").evaluate(chosen)] == [True]


@pytest.fixture
def acts(people):
    held = SittingFactory(term=people.term, held=True)
    return [
        decisions.add_action(held, text=f"Envoyer la carte {n}", owner_text="Direction", by=people["officer"])
        for n in range(1, 5)
    ]


def test_rows_are_ticked_counted_and_done_by_keyboard(page, site, sign_in, people, acts):
    sign_in(page.context, "officer")
    page.goto(site + reverse("tasks:list"))
    assert_usable(page)
    bar = page.get_by_role("form", name="Lignes choisies")
    expect(bar.get_by_role("status")).to_have_text("0\u00a0tâche choisie")
    expect(bar.get_by_role("button")).to_have_count(0)  # the bar comes with the first tick
    boxes = page.get_by_role("checkbox", name="Choisir Envoyer la carte")
    boxes.nth(0).focus()
    page.keyboard.press("Space")
    expect(bar.get_by_role("status")).to_have_text("1\u00a0tâche choisie")
    boxes.nth(2).click(modifiers=["Shift"])
    expect(bar.get_by_role("status")).to_have_text("3\u00a0tâches choisies")
    every = page.get_by_role("checkbox", name="Tout cocher")
    every.check()
    expect(bar.get_by_role("status")).to_have_text("4\u00a0tâches choisies")
    boxes.nth(3).uncheck()
    expect(every).not_to_be_checked()
    expect(bar.get_by_role("button", name="Noter comme fait (3)", exact=True)).to_be_visible()
    bar.get_by_role("button", name="Changer la date").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("3\u00a0tâches choisies")
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(3)
    assert_usable(page)
    page.get_by_label("Pour le").fill("2026-12-24")
    page.get_by_role("button", name="Changer la date").click()
    expect(page.get_by_role("status").first).to_contain_text("3 dates sont changées.")
    assert Task.objects.filter(due_on="2026-12-24").count() == 3


def test_rows_are_ticked_without_script(open_context, site, sign_in, people, acts):
    context = open_context(java_script_enabled=False, viewport=PHONE)
    sign_in(context, "officer")
    page = context.new_page()
    page.goto(site + reverse("tasks:list"))
    assert_reflows(page)
    for label in page.get_by_text("Tout cocher").all():
        expect(label).to_be_hidden()
    page.get_by_role("checkbox", name="Choisir Envoyer la carte 2").check()
    page.get_by_role("button", name="Noter comme fait").click()
    page.get_by_role("button", name="Noter comme fait").click()
    expect(page.get_by_role("status").first).to_contain_text("1 tâche est faite.")
    assert [row.text for row in Task.objects.filter(state="done")] == ["Envoyer la carte 2"]


@pytest.fixture
def partners(people):
    """Three to contact, two active, one merged: acts that differ from row to row."""
    states = ["to_contact", "to_contact", "to_contact", "active", "active", "merged"]
    return [
        PartnerFactory(assembly=people.assembly, name=f"Foyer {n}", state=state) for n, state in enumerate(states, 1)
    ]


def test_each_act_says_for_how_many_and_what_applies_to_none_is_not_offered(page, site, sign_in, partners):
    sign_in(page.context, "officer")
    page.goto(site + reverse("mission:partners"))
    bar = page.get_by_role("form", name="Lignes choisies")
    acts = bar.locator("[name=acte]:visible")
    box = page.get_by_role("checkbox", name="Choisir Foyer", exact=False)
    for n in (2, 3, 4):
        box.nth(n).check()
    expect(acts).to_have_text(
        [
            "Noter comme actif (1 sur 3)",
            "Mettre en sommeil (2 sur 3)",
            "Mettre fin (3)",
            "Confier (3)",
            "Changer l’échéance (3)",
            "Écrire (3)",
        ]
    )
    covered = (
        "el => el.getBoundingClientRect().bottom > document.querySelector('.selection').getBoundingClientRect().top"
    )
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert not page.get_by_role("row").last.evaluate(covered)  # at its end the page leaves room for the bar
    assert_usable(page)
    page.keyboard.press("Escape")
    expect(acts).to_have_count(0)
    expect(page.locator("[name=ligne]:checked")).to_have_count(0)
    box.nth(5).check()  # merged: no step leads on
    expect(acts).to_have_text(["Confier (1)", "Changer l’échéance (1)", "Écrire (1)"])


@pytest.mark.parametrize("size", [{"width": 1280, "height": 720}, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("with_script", [True, False])
def test_the_bar_of_ticked_rows_covers_nothing(open_context, site, sign_in, people, size, with_script):
    sitting = SittingFactory(term=people.term, notified=True)
    for number in range(24):
        PartnerFactory(assembly=people.assembly, name=f"Foyer {number}", state="active")
        InviteeFactory(sitting=sitting)
    context = open_context(viewport=size, java_script_enabled=with_script)
    sign_in(context, "officer")
    page = context.new_page()
    for address in (reverse("mission:partners"), reverse("sittings:notice", args=[sitting.pk])):
        page.goto(site + address)
        bar = page.locator(".selection")
        if with_script:
            assert bar.evaluate(HEIGHT) <= 1  # absent until a row is ticked
        page.locator("[name=ligne]").first.check()
        expect(bar).to_be_in_viewport()
        assert bar.evaluate("bar => bar === bar.closest('main').lastElementChild")
        if with_script:
            assert page.evaluate(FOCUS_COVERED) == []
        page.evaluate("scrollTo(0, document.documentElement.scrollHeight)")
        expect(bar).to_be_in_viewport(ratio=1)
        assert page.evaluate(COVERED) == []


def test_a_list_is_worked_through_by_keyboard(page, site, sign_in, partners):
    sign_in(page.context, "officer")
    page.goto(site + reverse("mission:partners"))
    box = page.get_by_role("checkbox", name="Choisir Foyer", exact=False)
    box.first.focus()
    for key in ("Space", "ArrowDown", "ArrowDown", "Shift+Space"):
        page.keyboard.press(key)
    expect(page.locator("[name=ligne]:checked")).to_have_count(3)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Foyer 2")


def test_on_a_phone_the_acts_are_a_sheet(open_context, site, sign_in, partners):
    context = open_context(viewport=PHONE)
    sign_in(context, "officer")
    page = context.new_page()
    page.goto(site + reverse("mission:partners"))
    for n in (0, 1, 2):
        page.get_by_role("checkbox", name="Choisir Foyer", exact=False).nth(n).check()
    acts = page.locator("[name=acte]:visible")
    expect(acts).to_have_count(0)
    opener = page.get_by_role("button", name="Agir sur les 3")
    assert opener.evaluate(HEIGHT) >= 44
    opener.click()
    expect(acts.first).to_be_focused()
    assert all(act.evaluate(HEIGHT) >= 44 for act in acts.all())
    assert_usable(page)
    page.keyboard.press("Escape")
    expect(acts).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    page.get_by_role("button", name="Mettre fin (3)").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3")


def test_a_file_that_takes_a_while_says_so_and_then_is_there(page, site, sign_in, people):
    PartnerFactory.create_batch(3, assembly=people.assembly)
    sign_in(page.context, "officer")
    page.goto(site + reverse("mission:partners"))
    status = page.locator("[data-assembly-files]").get_by_role("status")
    page.evaluate(SLOW_FETCH)
    with page.expect_download() as download:
        page.get_by_role("link", name="en XLSX").click()
        expect(status).to_have_text("Écriture de 3 lignes dans le fichier…")
    assert download.value.suggested_filename.startswith("partenaires-")
    expect(status).to_have_text("Le fichier est là.")
    page.reload()
    with page.expect_download():
        page.get_by_role("link", name="Exporter en CSV").click()
    page.route(
        re.compile("/export/"), lambda route: route.fulfill(status=200, content_type="text/html", body="<h1>Page</h1>")
    )
    page.get_by_role("link", name="en ODS").click()
    expect(page.get_by_role("heading", name="Page")).to_be_visible()
