"""A visitor follows a proposal, a member rates its answer: by keyboard, at 320 px, without script."""

import pytest
from django.urls import reverse

from answers.models import AnswerRating, Following
from answers.voice.rules import confirmation_token, stop_token
from tests.answers.publication.test_public import answered, one_of, opinion_of, thread
from tests.answers.voice.test_ratings import loaded
from tests.e2e.accessibility import (
    AXE,
    assert_accessible,
    assert_keyboard_navigation,
    assert_reflows,
    assert_valid_markup,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SMALL = """() => [...document.querySelectorAll('main a.btn, main button, main input[type=email], main label')]
  .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"""


def check(page):
    page.evaluate(AXE.axe_script)
    for test in (assert_accessible, assert_valid_markup, assert_keyboard_navigation, assert_reflows):
        test(page)


def test_a_visitor_follows_and_stops_without_script(people, open_context):
    row = one_of(opinion_of(people))
    page = open_context(java_script_enabled=False).new_page()
    page.goto(thread(row))
    page.click("text=Suivre cette proposition")
    page.fill("[name=email]", "jeanne@example.org")
    page.click("main button")
    assert page.locator("h1").inner_text() == "Ouvrez votre messagerie"
    one = Following.objects.get()
    page.goto(reverse("answers:follow-confirm", args=[confirmation_token(one)]))
    page.click("text=Confirmer")
    assert page.locator("h1").inner_text() == "Vous suivez cette proposition"
    page.goto(reverse("answers:follow-stop", args=[stop_token(one.follower)]))
    page.click("text=Ne plus rien suivre")
    assert not Following.objects.exists()


def test_a_member_rates_with_the_keyboard_on_a_small_screen(people, open_context, sign_in):
    answer = loaded(answered(people, one_of(opinion_of(people))))
    context = open_context(viewport={"width": 390, "height": 800})
    sign_in(context, "member")
    page = context.new_page()
    for path in (
        reverse("answers:follow", args=[answer.case.reference]),
        reverse("answers:followed"),
        reverse("answers:rate", args=[answer.pk]),
    ):
        page.goto(path)
        check(page)
        assert page.evaluate(SMALL) == []
    page.locator("[name=clarity]").first.focus()
    for key in ("ArrowDown", "ArrowDown", "Tab", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    page.wait_for_url(f"**{thread(answer.case.recommendation)}")
    assert list(AnswerRating.objects.values_list("clarity", "fidelity")) == [(3, 2)]
