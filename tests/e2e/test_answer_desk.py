"""The mission's desk in the browser: given to a directorate, written (by the action), decided, published; its pages
are at ease on a telephone and by assistive technology."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from answers.cases.actions import writing
from answers.models import Answer, AnswerCaseState, AnswerValue
from tests.answers.stage import answered_by, fresh
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_story import Rooms
from tests.factories.answers import said
from tests.live import PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]
S, V = AnswerCaseState, AnswerValue
BOARD = "/bureau/reponses/"


def test_two_answers_from_the_board_to_the_public(open_context, people, site):
    one, two = (answered_by(people, S.AWAITING) for _ in range(2))
    people["dir_contact"], people["dir_approver"], people["president"]
    rooms = Rooms(open_context, people, site)
    desk = rooms.enter(people["lead"])
    desk.goto(BOARD)
    assert_usable(desk)
    desk.get_by_role("checkbox", name="Tout cocher").check()
    desk.get_by_role("button", name="Confier à une direction").click()
    desk.get_by_label("Direction pilote").select_option(label=people.directorate.name)
    assert_usable(desk)
    desk.get_by_role("button", name="Confier à une direction").click()
    expect(desk.locator("main")).to_contain_text("2 réponses sont confiées.")
    for case in (one, two):
        writing.save(fresh(case), said(V.UNDER_STUDY), version=0, by=people["dir_contact"])
        writing.submit(fresh(case), version=1, by=people["dir_contact"])
        writing.validate(fresh(case), version=1, by=people["dir_approver"])
    desk.goto(reverse("answers:desk-case", args=[one.pk]))
    assert_usable(desk)
    desk.get_by_role("link", name="Noter la délibération").click()
    desk.get_by_label("Date de la délibération").fill(timezone.localdate().isoformat())
    desk.get_by_label("Référence de la délibération").fill("CD-2026-114")
    desk.get_by_role("button", name="Noter la délibération").click()
    expect(desk.locator(".dossier-head")).to_contain_text("il reste à la publier")
    desk.get_by_role("link", name="Publier la réponse").click()
    desk.get_by_role("button", name="Publier la réponse").click()
    expect(desk.locator("main")).to_contain_text("La réponse est publiée.")
    assert Answer.objects.standing().get().council_reference == "CD-2026-114"

    desk.set_viewport_size(PHONE)
    for address in (BOARD, reverse("answers:desk-case", args=[two.pk])):
        desk.goto(address)
        assert_usable(desk)


def test_an_answer_of_the_past_without_script(open_context, people, site):
    case = answered_by(people, S.AWAITING)
    page = Rooms(lambda: open_context(java_script_enabled=False), people, site).enter(people["lead"])
    page.goto(reverse("answers:desk-step", args=[case.pk, "reponse-passee"]))
    page.get_by_label("Refusée").check()
    expect(page.get_by_role("group", name="Motif du refus")).to_be_visible()
    page.get_by_role("button", name="Enregistrer une réponse déjà donnée").click()
    expect(page.locator("main")).to_contain_text("Choisissez un fichier.")
    expect(page.get_by_label("Refusée")).to_be_checked()
