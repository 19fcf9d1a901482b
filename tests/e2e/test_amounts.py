"""A sum typed in browsers of three languages: what one writes is what is read, or is refused and stays as typed."""

import os
import shutil
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from mission.grants.models import GrantApplication
from tests.factories.mission import GrantDepositFactory, GrantSchemeFactory, deposit_link
from tests.live import BROWSERS, CHROMIUM_ARGUMENTS, PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = {
    "name": "Les Ateliers du Volvestre",
    "siret": "900 000 001 00017",
    "contact_name": "Rosa Vidal",
    "project": "Un jardin partagé",
    "description": "Avec les voisins.",
    "starts_on": "2027-01-04",
    "ends_on": "2027-06-01",
    "cost": "9 876,50 €",
}


@pytest.fixture(params=["fr", "en-US", "de"])
def phone(request, chromium, site):
    """Return a browser in this language."""
    installed = next(filter(None, map(shutil.which, BROWSERS)), None)
    language = {"LANGUAGE": request.param.replace("-", "_"), "LANG": f"{request.param.replace('-', '_')}.UTF-8"}
    browser = chromium.browser_type.launch(
        executable_path=installed,
        args=[*CHROMIUM_ARGUMENTS, f"--lang={request.param}"],
        env={**os.environ, **language},
    )
    context = browser.new_context(base_url=site, locale=request.param, viewport=PHONE)
    context.set_default_timeout(15_000)
    yield context.new_page()
    browser.close()


def test_a_sum_is_read_in_french_whatever_the_browser_speaks(phone):
    deposit = GrantDepositFactory(scheme=GrantSchemeFactory(least_amount=1, most_amount=9000))
    phone.goto(reverse("mission:grant-deposit", args=[deposit_link(deposit)]))
    for name, text in TYPED.items():
        phone.locator(f"[name={name}]").fill(text)
    phone.locator("[name=has_committed]").check()
    requested = phone.locator("[name=requested]")
    send = phone.get_by_role("button", name="Envoyer ma demande")
    for text, sentence in {
        "1.234": "se lit de deux façons",
        "1,234.50": "Écrivez un nombre en chiffres",
        "12 k€": "Écrivez un nombre en chiffres",
    }.items():
        requested.click()
        requested.press("Control+A")
        requested.press_sequentially(text)
        send.click()
        expect(phone.get_by_text(sentence).first).to_be_visible()
        expect(requested).to_have_value(text)
        expect(phone.locator("[name=cost]")).to_have_value("9\u00a0876,50")
    requested.click()
    requested.press("Control+A")
    requested.press_sequentially("1\u202f234,50 €")
    send.click()
    expect(phone.locator("h1")).to_contain_text("Ma demande")
    row = GrantApplication.objects.get()
    assert (row.requested, row.cost) == (Decimal("1234.50"), Decimal("9876.50"))
