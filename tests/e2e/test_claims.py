"""Claims checked in their list by keyboard: opened in place, ticked one after the other, noted in one act."""

from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from sessions.expenses import actions as expenses
from sessions.models import ExpenseClaim
from tests.e2e.accessibility import assert_usable
from tests.factories.life import ExpenseRateFactory, attended
from tests.sessions.expenses.test_claims import voucher

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
COUNT = 5


@pytest.fixture
def claims(people):
    """Sent by five members: a meal each; that of the third is above the rate."""
    ExpenseRateFactory(capped=True)
    for number in range(COUNT):
        user = people.make("member", people.term)
        cost = Decimal("27.5") if number == 2 else Decimal(10 + number)
        claim = expenses.start(attended(user.person), by=user)
        expenses.write_line(claim, kind="meal", quantity=Decimal(1), cost=cost, voucher=voucher(f"n{number}"), by=user)
        expenses.submit(claim, total=min(cost, Decimal(20)), by=user)


def test_claims_are_read_ticked_and_checked_by_keyboard(page, site, sign_in, people, claims):
    sign_in(page.context, "officer")
    page.goto(f"{site}{reverse('sittings:expenses')}?etat=submitted")
    opened = page.locator("tr.opened")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(opened.get_by_role("img", name="Justificatif ticket.pdf")).to_have_js_property("complete", True)
    assert page.locator("tr.opened img").evaluate("picture => picture.naturalWidth") > 500
    assert_usable(page)
    page.locator("[name=ligne]").first.focus()
    for number in range(1, COUNT):
        before = opened.get_attribute("data-assembly-row")
        page.keyboard.press("a")
        expect(opened).not_to_have_attribute("data-assembly-row", before)
        expect(opened).to_have_count(1)
        if number == 2:  # the third from the latest: it is opened, and is not ticked by « A »
            expect(opened).to_contain_text("Pas avec d’autres")
    page.keyboard.press("a")
    act = page.get_by_role("button", name="Noter le contrôle (4)")
    expect(act).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Noter le contrôle").click()
    expect(page.get_by_role("status").first).to_contain_text("4 demandes sont contrôlées.")
    assert sorted(ExpenseClaim.objects.values_list("state", flat=True)) == ["checked"] * 4 + ["submitted"]


def test_a_claim_is_sent_back_from_the_list(page, site, sign_in, people, claims):
    sign_in(page.context, "officer")
    address = f"{site}{reverse('sittings:expenses')}?etat=submitted"
    page.goto(address)
    for key in ("j", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("tr.opened")).to_have_count(1)
    page.keyboard.press("r")
    page.get_by_role("dialog").get_by_role("textbox").fill("Le ticket est coupé.")
    page.get_by_role("dialog").get_by_role("button", name="Demander de compléter").click()
    expect(page.get_by_role("status").first).to_contain_text("La personne est prévenue.")
    expect(page).to_have_url(address)
    assert ExpenseClaim.objects.filter(state="returned", reason="Le ticket est coupé.").count() == 1


def test_the_grid_of_claims_on_paper_is_usable(page, site, sign_in, people, claims):
    first = attended(people["member"].person)
    ExpenseRateFactory()
    sign_in(page.context, "officer")
    page.goto(f"{site}{reverse('sittings:expenses-paper')}?seance={first.sitting_id}")
    page.get_by_label("Membre, ligne 1", exact=True).select_option(str(first.pk))
    page.get_by_label("Trajet en voiture, kilomètres, ligne 1", exact=True).fill("84")
    page.get_by_label("Repas, payé, en euros, ligne 1", exact=True).fill("17,50")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Cochez quand vous avez vu les justificatifs.")).to_be_visible()
    assert_usable(page)
    page.get_by_label("Justificatifs vus, ligne 1", exact=True).check()
    page.get_by_role("button", name="Envoyer au contrôle").click()
    expect(page.get_by_role("status").first).to_contain_text("1 demande part au contrôle.")


def test_on_a_phone_a_row_of_the_grid_unfolds_once_its_member_is_chosen(page, site, sign_in, people, claims):
    first = attended(people["member"].person)
    ExpenseRateFactory()
    sign_in(page.context, "officer")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}{reverse('sittings:expenses-paper')}?seance={first.sitting_id}")
    drive = page.get_by_label("Trajet en voiture, kilomètres, ligne 1", exact=True)
    expect(drive).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollHeight") < 2600
    member = page.get_by_label("Membre, ligne 1", exact=True)
    member.select_option(str(first.pk))
    expect(drive).to_be_visible()
    expect(page.get_by_label("Trajet en voiture, kilomètres, ligne 2", exact=True)).to_be_hidden()
    member.focus()
    page.keyboard.press("Tab")
    expect(drive).to_be_focused()
    assert_usable(page)
