"""What the frame of a room promises: keys of the desk, what stays in sight, and a bar that a thumb reaches."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assembly.institution import menu
from tests.assembly.search.indexing import index_everything
from tests.e2e.accessibility import assert_accessible, assert_reflows
from tests.factories.mailings import PartnerContactFactory
from tests.factories.members import mandate_of
from tests.factories.mission import PartnerFactory
from tests.factories.sessions import InviteeFactory, SittingFactory, morning

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}
BOX = "el => { const box = el.getBoundingClientRect(); return [box.width, box.height, box.bottom] }"


@pytest.fixture
def home(page, site, sign_in, people):
    sign_in(page.context, "lead")
    page.goto(site + reverse("portal:desk-home"))
    return page


def test_the_palette_goes_where_the_menu_goes(home, site):
    home.keyboard.press("Control+k")
    box = home.get_by_role("combobox", name="Aller à, faire, trouver")
    expect(box).to_be_focused()
    home.keyboard.type("seanc")  # without its accent, as one types in a hurry
    expect(home.get_by_role("option").first).to_have_text("Aller à Séances")
    assert_accessible(home)
    home.keyboard.press("Enter")
    home.wait_for_url(site + reverse("sittings:list"))


def test_the_palette_finds_what_the_search_finds(home, site, people):
    SittingFactory(term=people.term, title="Groupe Habiter")
    home.keyboard.press("Control+k")
    home.keyboard.type("zzz")
    expect(home.get_by_role("option")).to_have_count(1)
    home.keyboard.press("Enter")
    home.wait_for_url(site + reverse("search:results") + "?q=zzz")


def test_the_palette_begins_acts_and_finds_a_number(home, site, people):
    """With the keyboard alone."""
    contact = PartnerContactFactory(
        row__assembly=people.assembly, row__name="Emmaüs Toulouse", person__phone="05 61 99 88 77"
    )
    index_everything("person")
    home.keyboard.press("Control+k")
    home.keyboard.type("Toulouse 05 61")
    expect(home.get_by_role("option", selected=True)).to_contain_text("05 61 99 88 77")
    home.keyboard.press("Enter")
    home.wait_for_url(site + reverse("directory:person", args=[contact.person_id]))
    home.keyboard.press("Control+k")
    home.keyboard.type("cre sea")
    expect(home.get_by_role("option", selected=True)).to_have_text("Faire Créer une séance · Séances")
    home.keyboard.press("Enter")
    home.wait_for_url(site + reverse("sittings:start"))


def test_keys_of_one_character_are_told_and_can_be_turned_off(home):
    home.keyboard.press("?")
    dialog = home.get_by_role("dialog", name="Raccourcis du clavier")
    expect(dialog).to_contain_text("Chercher partout")
    assert_accessible(home)
    dialog.get_by_label("Raccourcis d’une seule touche").uncheck()
    home.keyboard.press("Escape")
    home.keyboard.press("/")
    expect(home.get_by_role("searchbox")).not_to_be_focused()
    home.keyboard.press("Control+k")
    expect(home.get_by_role("combobox")).to_be_focused()


def test_no_key_acts_while_somebody_types(home):
    home.get_by_role("searchbox").focus()
    home.keyboard.type("a/b?")
    expect(home.get_by_role("searchbox")).to_have_value("a/b?")
    expect(home.get_by_role("dialog")).to_have_count(0)


def test_the_head_of_a_dossier_stays_in_sight_and_hides_no_focus(page, site, sign_in, people):
    sitting = SittingFactory(term=people.term)
    sign_in(page.context, "lead")
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(site + reverse("sittings:sitting", args=[sitting.pk]))
    head = page.locator(".dossier-head")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(head.get_by_role("heading", level=1)).to_be_in_viewport()
    bottom = head.evaluate(BOX)[2]
    for _ in range(60):
        page.keyboard.press("Shift+Tab")
        top = page.evaluate(
            "document.activeElement.closest('#dossier-parts') && document.activeElement.getBoundingClientRect().top"
        )
        assert top is None or top >= bottom - 1
    path = page.locator("details.path")
    expect(path.locator("li").first).to_be_visible()  # few steps are shown whole where there is room
    page.set_viewport_size(PHONE)
    expect(path.locator("summary")).to_contain_text("Étape 1 sur 6")
    expect(path.locator("li").first).to_be_hidden()
    path.locator("summary").click()
    expect(path.locator("li").first).to_be_visible()


def test_the_menu_counts_what_waits(home, people):
    """On the line where its heading is open, on the heading where it is closed."""
    SittingFactory(term=people.term, starts_at=morning(10))
    home.evaluate("sessionStorage.clear()")  # pages reuse the counts of the last half minute
    home.reload()
    heading = home.locator(".headings > li").filter(has_text="Séances").first
    expect(heading.locator("> a .count")).to_have_text("1 à traiter")
    heading.locator("summary").click()
    expect(heading.locator("> a .count")).to_be_hidden()
    expect(heading.get_by_role("link", name="Séances 1 à traiter").last).to_be_visible()
    assert_accessible(home)


def test_a_day_of_the_week_has_its_own_space(home, people):
    """The links of its lines stand below its own and cover none of its 24 px (WCAG 2.2, 2.5.8)."""
    for days in range(-6, 7):
        SittingFactory(term=people.term, starts_at=morning(days))
    for width in (1280, PHONE["width"]):
        home.set_viewport_size({"width": width, "height": 844})
        home.reload()
        expect(home.locator(".week-strip li li").first).to_be_visible()
        assert_accessible(home)


def test_the_side_bar_stays_and_creates_in_two_clicks(home, site):
    box = home.locator(".desk-user")
    home.evaluate("document.querySelector('main').style.minHeight = '4000px'; window.scrollTo(0, 2000)")
    expect(box).to_be_in_viewport()
    home.get_by_role("link", name="Créer").click()
    home.get_by_role("option", name="Créer une séance").click()
    home.wait_for_url(site + reverse("sittings:start"))


def test_the_desk_on_a_phone_has_a_bar_of_four(open_context, site, sign_in):
    context = open_context(viewport=PHONE)
    sign_in(context, "lead")
    page = context.new_page()
    page.goto(site + reverse("mission:budget"))
    places = page.get_by_role("navigation", name="Aller à").locator("a, button")
    expect(places).to_have_text(["Aujourd’hui", "Séances", "Chercher", "Menu"])
    places.last.click()
    expect(page.get_by_role("button", name="Se déconnecter")).to_be_visible()
    page.keyboard.press("Escape")
    expect(places.last).to_be_focused()
    assert_accessible(page)
    assert_reflows(page)


def test_a_member_s_thumb_reaches_four_places(open_context, site, sign_in, people):
    mandate_of(people)
    context = open_context(viewport=PHONE)
    sign_in(context, "member")
    page = context.new_page()
    page.goto(site + reverse("portal:member-home"))
    places = page.get_by_role("navigation", name="Aller à").locator("a, button")
    expect(places).to_have_text(["Accueil", "Séances", "Avis", "Menu"])
    for place in places.all():
        width, height, bottom = place.evaluate(BOX)
        assert width >= 44
        assert height >= 44
        assert bottom <= PHONE["height"]
    places.last.click()
    every = page.get_by_role("navigation", name="Mon espace").get_by_role("link")
    expect(every).to_have_count(len([line for line in menu.entries if line.area == "member"]))
    assert_accessible(page)
    page.keyboard.press("Escape")
    assert_reflows(page)


def test_a_reply_is_noted_without_leaving_the_list(page, site, sign_in, people):
    sitting = SittingFactory(term=people.term, notified=True, offers_childcare=True)
    invitee = InviteeFactory(sitting=sitting)
    sign_in(page.context, "officer")
    address = site + reverse("sittings:notice", args=[sitting.pk])
    page.goto(address)
    visits = []
    page.on("framenavigated", lambda frame: visits.append(frame.url))
    link = page.get_by_role("link", name=f"Noter la réponse de {invitee.person.full_name}")
    link.click()
    dialog = page.get_by_role("dialog")
    assert_accessible(page)
    dialog.get_by_label("Nombre d’enfants à garder").fill("99")
    dialog.get_by_role("button", name="Noter la réponse").click()
    expect(dialog.get_by_role("alert")).to_contain_text("à revoir")
    dialog.get_by_label("Nombre d’enfants à garder").fill("1")
    dialog.get_by_label("Téléphone").check()
    dialog.get_by_label("Ne vient pas").check()
    dialog.get_by_role("button", name="Noter la réponse").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("row", name=invitee.person.full_name)).to_contain_text("Ne vient pas")
    expect(link).to_be_focused()
    assert visits == []


def test_a_step_and_its_way_back_are_taken_by_keyboard_and_told_in_sight(page, site, sign_in, people):
    row = PartnerFactory(assembly=people.assembly, name="CDCA", state="active", notes="Une ligne.\n" * 60)
    sign_in(page.context, "officer")
    page.set_viewport_size({"width": 1280, "height": 700})
    page.goto(site + reverse("mission:partners-row", args=[row.pk]))
    page.evaluate("scrollTo(0, 500)")
    pause = page.get_by_role("link", name="Mettre en sommeil")
    pause.evaluate("link => link.focus({ preventScroll: true })")  # it stands in the part that stays in sight
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(pause).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("dialog").get_by_label("Pourquoi ?")).to_be_focused()
    page.keyboard.type("Plus de nouvelles.")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le partenariat est en sommeil.")).to_be_in_viewport()
    expect(page.get_by_role("main")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Reprendre")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("heading", level=2)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Le partenariat est actif.")).to_be_in_viewport()
    row.refresh_from_db()
    assert row.state == "active"
