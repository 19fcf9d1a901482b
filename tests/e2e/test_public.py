"""What a passer-by sees on a phone without script: the way to the text; on a screen, contents that stay in sight."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opinions.models import Opinion, OpinionState
from sessions.models import AgendaItem
from tests.e2e.accessibility import assert_accessible, assert_reflows
from tests.factories.consultations import ReferralFactory
from tests.factories.opinions import OpinionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opinion(people):
    """Make a published opinion that answers a published referral and was voted in a sitting."""
    referral = ReferralFactory(term=people.term, published=True, working=True)
    found = OpinionFactory(
        term=people.term, referral=referral, state=OpinionState.PUBLISHED, title="Le bus du soir", easy_read="Un bus."
    )
    AgendaItem.objects.filter(pk=found.agenda_item_id).update(topic_type=Opinion._meta.label, topic_id=str(found.pk))
    return found


def test_from_the_home_to_the_vote_on_a_phone_without_script(open_context, site, opinion):
    page = open_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    page.goto(site)
    expect(page.get_by_text("habitantes et habitants tirés au sort")).to_be_in_viewport()
    page.get_by_role("link", name=opinion.title).first.click()
    read = page.get_by_role("link", name="Lire l’avis", exact=True)
    expect(read).to_be_in_viewport(ratio=1)
    read.click()
    expect(page.locator("#texte")).to_be_in_viewport()
    page.get_by_role("link", name=opinion.tabled_sitting.title).click()
    expect(page.get_by_role("heading", name="Ordre du jour")).to_be_visible()
    expect(page.get_by_text("voix pour")).to_be_visible()
    page.get_by_role("link", name=opinion.reference).click()
    page.get_by_role("link", name=opinion.referral.reference).click()
    page.get_by_role("link", name="Lire l’avis").click()
    assert page.url == site + reverse("opinions:public", args=[opinion.reference])


def test_the_contents_of_an_opinion_stay_in_sight(page, site, opinion):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site + reverse("opinions:public", args=[opinion.reference]))
    contents = page.get_by_role("navigation", name="Sommaire")
    page.get_by_role("heading", name="Les mots de l’avis").scroll_into_view_if_needed()
    expect(contents).to_be_in_viewport()
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_reflows(page)
