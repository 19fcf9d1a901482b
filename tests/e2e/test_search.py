"""/recherche/ in the browser: from the menu, by the keyboard, in each room, on a phone."""

import pytest

from tests.assembly.search.indexing import index_everything
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_sittings import shot
from tests.factories.documents import DocumentFactory
from tests.factories.sessions import SittingFactory
from tests.live import PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
LONG = "Procès-verbal de la séance plénière consacrée aux préconisations sur les transports interurbains"


@pytest.fixture
def indexed(people):
    for number in range(20):
        DocumentFactory(published=True, title=LONG, reference=f"PL-2026-{number:02}-PV-PUB", term=people.term)
    SittingFactory(term=people.term, title="Préconisations", notified=True)
    index_everything()


@pytest.mark.parametrize("who", ["anonymous", "member", "officer", "dir_contact"])
def test_the_results_are_usable_in_each_room(who, page, sign_in, indexed, people):
    if who != "anonymous":
        sign_in(page.context, people[who])
    page.goto("/recherche/")
    box = page.get_by_role("searchbox", name="Mots à chercher")
    box.fill("preconisations")
    box.press("Enter")
    page.get_by_text("résultats", exact=False).first.wait_for()
    assert page.locator("mark").first.inner_text().lower() == "préconisations"
    shot(page, f"search-{who}")
    page.set_viewport_size(PHONE)
    assert_usable(page)
    page.get_by_role("link", name="Suivants").click()
    assert page.locator(".hit").count() > 0
    page.get_by_role("link", name="Publications, 20").click()
    assert "type=publication" in page.url


def test_nothing_found_and_nothing_asked_are_usable(page, indexed):
    page.goto("/recherche/?q=zinzolin")
    assert page.get_by_role("heading", name="Rien ne correspond").is_visible()
    assert_usable(page)
    page.goto("/recherche/")
    assert page.get_by_role("heading", name="Comment chercher").is_visible()
    assert_usable(page)


def test_the_box_of_the_desk_leads_to_the_results(page, sign_in, indexed, people):
    sign_in(page.context, people["officer"])
    page.goto("/bureau/")
    page.locator("#q").fill("PL-2026-07")
    page.locator("#q").press("Enter")
    assert page.locator(".hit").count() == 1
