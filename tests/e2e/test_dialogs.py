"""Questions over the page: head and main button in sight, the keyboard inside, nothing sent by mistake."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from consultations.referrals.enums import ReferralState
from sessions.models import Reply
from tests.e2e.accessibility import assert_accessible
from tests.factories.consultations import ReferralFactory
from tests.factories.institution import DirectorateFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import AgendaItemFactory, InviteeFactory, SittingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SIZES = [(1280, 720), (390, 700)]
INSIDE = "document.activeElement.closest('dialog') !== null"
OVERFLOWS = "middle => middle.scrollHeight > middle.clientHeight"


@pytest.fixture
def planned(people):
    """A plenary tomorrow in no place, with twelve points that overrun: everything that its question warns of."""
    MandateFactory.create_batch(12, term=people.term)
    MandateFactory(term=people.term, paper=True, member__person__address="")
    sitting = SittingFactory(term=people.term, place_name="", place_address="", message="Bonjour.\n" * 20)
    for number in range(12):
        AgendaItemFactory(sitting=sitting, title=f"Un point assez long pour deux lignes {number}", minutes=90)
    return sitting


@pytest.fixture
def long_questions(people, planned):
    """Return the page and the address of the longest questions that open in a dialog."""
    notified = SittingFactory(
        term=people.term, notified=True, offers_meal=True, offers_childcare=True, offers_transport=True
    )
    invitee = InviteeFactory(sitting=notified)
    DirectorateFactory.create_batch(14, assembly=people.assembly)
    chosen = ReferralFactory(term=people.term, own=True, state=ReferralState.SHORTLISTED)
    studied = ReferralFactory(term=people.term, own=True, state=ReferralState.ADMISSIBILITY_CHECK)
    chosen_page, studied_page = (reverse("consultations:suggestion", args=[row.pk]) for row in (chosen, studied))
    return [
        (reverse("sittings:sitting", args=[planned.pk]), reverse("sittings:notify", args=[planned.pk])),
        (
            reverse("sittings:notice", args=[notified.pk]),
            reverse("sittings:answer-record", args=[notified.pk, invitee.pk]),
        ),
        (chosen_page, reverse("consultations:self-referral-step", args=[chosen.pk, "recevabilite"])),
        (studied_page, reverse("consultations:self-referral-step", args=[studied.pk, "decision"])),
    ]


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_main_button_of_the_longest_questions_is_in_sight(
    open_context, site, sign_in, long_questions, width, height
):
    context = open_context(viewport={"width": width, "height": height})
    sign_in(context, "officer")
    page = context.new_page()
    scrolled = []
    for address, question in long_questions:
        page.goto(site + address)
        page.locator(f"main a[data-assembly-dialog][href='{question}']").first.click()
        dialog = page.get_by_role("dialog")
        title = dialog.get_by_role("heading", level=2).first
        main = dialog.locator(".dialog-foot button.btn-primary")
        expect(title).to_be_focused()
        middle = dialog.locator(".dialog-middle")
        middle.evaluate("middle => middle.scrollTo(0, middle.scrollHeight)")
        for part in (title, main, dialog.get_by_role("link", name="Revenir"), dialog.locator(".dialog-close")):
            expect(part).to_be_in_viewport(ratio=1)
        scrolled.append(middle.evaluate(OVERFLOWS))
        assert_accessible(page)
    assert any(scrolled)


def test_the_keyboard_stays_inside_and_enter_in_a_field_sends_nothing(page, site, sign_in, people):
    sitting = SittingFactory(term=people.term, notified=True, offers_childcare=True)
    invitee = InviteeFactory(sitting=sitting)
    sign_in(page.context, "officer")
    page.goto(site + reverse("sittings:notice", args=[sitting.pk]))
    link = page.get_by_role("link", name=f"Noter la réponse de {invitee.person.full_name}")
    link.click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(30):
            page.keyboard.press(key)
            assert page.evaluate(INSIDE), key
    dialog.get_by_label("Ne vient pas").check()
    children = dialog.get_by_label("Nombre d’enfants à garder")
    children.fill("1")
    children.press("Enter")
    expect(children).to_be_focused()
    invitee.refresh_from_db()
    assert invitee.reply == Reply.INVITED
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(link).to_be_focused()


def test_a_trial_leaves_the_question_open(page, site, sign_in, planned):
    sign_in(page.context, "officer")
    page.goto(site + reverse("sittings:sitting", args=[planned.pk]))
    page.get_by_role("link", name="Convoquer").click()
    dialog = page.get_by_role("dialog", name="Convoquer 13 personnes ?")
    dialog.get_by_role("button", name="M’envoyer un essai").click()
    expect(dialog).to_contain_text("Un essai est parti")
    dialog.get_by_role("button", name="Convoquer 13 personnes").click()
    expect(page.get_by_role("main")).to_contain_text("13 personnes convoquées")


def test_without_script_the_question_is_a_page_with_its_figures(open_context, site, sign_in, planned):
    context = open_context(java_script_enabled=False)
    sign_in(context, "officer")
    page = context.new_page()
    page.goto(site + reverse("sittings:sitting", args=[planned.pk]))
    page.get_by_role("link", name="Convoquer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Convoquer 13 personnes ?")
    expect(page.locator(".act-figures li")).to_have_text(
        ["12 par courriel", "1 par la poste à imprimer", "30 jours d’avance 14 jours au moins"]
    )
    page.get_by_role("button", name="Convoquer 13 personnes").click()
    expect(page.get_by_role("main")).to_contain_text("13 personnes convoquées")
