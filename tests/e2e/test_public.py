"""What a passer-by sees on a phone without script: the way to the text; on a screen, contents that stay in sight."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from opinions.models import Opinion, OpinionState, Recommendation
from sessions.models import AgendaItem
from tests.e2e.accessibility import assert_accessible, assert_reflows, assert_usable
from tests.factories.answers import AnswerCaseFactory, AnswerFactory, said
from tests.factories.consultations import ReferralFactory
from tests.factories.follow_up import FollowUpFactory, ProgressUpdateFactory
from tests.factories.opinions import OpinionFactory
from tests.opinions.papers.whole import whole_opinion

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
    page.goto(site + reverse("opinions:public-text", args=[opinion.reference]))
    contents = page.get_by_role("navigation", name="Sommaire")
    page.get_by_role("heading", name="Les mots de l’avis").scroll_into_view_if_needed()
    expect(contents).to_be_in_viewport()
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 640})
    assert_reflows(page)


@pytest.fixture
def answered_opinion(people):
    """Make an opinion of ten recommendations with long titles, each answered, followed up and reported on."""
    made = whole_opinion(OpinionState.PUBLISHED, sheets=10, term=people.term)
    rows = Recommendation.objects.filter(opinion=made, state="active").order_by("number")
    rows.update(title="Un guichet unique « bien vieillir » dans chaque Maison de proximité", theme="Accès aux droits")
    for row in rows:
        case = AnswerCaseFactory(recommendation=row, state="published")
        AnswerFactory(case=case, published=True, **said())
        ProgressUpdateFactory(follow_up=FollowUpFactory(case=case, state="in_progress"))
    return made


def test_ten_cards_take_six_thousand_pixels_of_a_phone_at_most(open_context, site, answered_opinion):
    page = open_context(viewport={"width": 390, "height": 844}).new_page()
    page.goto(site + reverse("opinions:public", args=[answered_opinion.reference]))
    expect(page.locator("ol.proposal-cards > li")).to_have_count(10)
    assert page.evaluate("document.documentElement.scrollHeight") <= 6_000
    assert_usable(page)


def test_a_former_address_leads_to_its_passage(open_context, site, answered_opinion):
    """The anchor is on a card, or on the line of the contents that opens by itself; each leads further."""
    page = open_context(viewport={"width": 390, "height": 844}, java_script_enabled=False).new_page()
    address = site + reverse("opinions:public", args=[answered_opinion.reference])
    first = Recommendation.objects.get(opinion=answered_opinion, number=1, state="active")
    page.goto(f"{address}#preconisation-{first.node_id}")
    card = page.locator(f"#preconisation-{first.node_id}")
    expect(card).to_be_in_viewport()
    card.get_by_role("link").click()
    page.get_by_role("link", name="Lire la proposition dans l’avis").click()
    expect(page.locator(f"#preconisation-{first.node_id}")).to_be_in_viewport()
    page.goto(f"{address}#minority")
    line = page.locator("#minority").get_by_role("link")
    expect(line).to_be_in_viewport()
    line.click()
    expect(page.get_by_role("heading", name="Positions minoritaires")).to_be_in_viewport()


def test_a_whole_card_is_its_link(page, site, answered_opinion):
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(site + reverse("opinions:public", args=[answered_opinion.reference]))
    page.locator("ol.proposal-cards > li").nth(1).click(position={"x": 20, "y": 150})
    assert page.url == f"{site}/propositions/{answered_opinion.reference}-P02/"
