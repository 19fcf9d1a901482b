"""What becomes of an answer, in the browser: told on a telephone, verified, closed, read by a visitor."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from answers.models import FollowUp, FollowUpState
from tests.answers.stage import followed_by
from tests.e2e.accessibility import assert_usable
from tests.e2e.test_story import Rooms
from tests.factories.follow_up import MilestoneFactory
from tests.live import PHONE

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("proved_for_long"),
]
S = FollowUpState


def test_a_promise_from_the_first_update_to_the_proof(open_context, people, site):
    row = followed_by(people, update_due_on=timezone.localdate() - timedelta(days=2))
    MilestoneFactory(follow_up=row, label="Le bus est livré")
    rooms = Rooms(open_context, people, site)
    agent = rooms.enter(people["dir_contact"])
    agent.set_viewport_size(PHONE)
    agent.goto("/instructions/")
    agent.get_by_role("link", name=f"Faire le point : {row.case.title}").first.click()
    agent.get_by_label("Réalisée").check()
    agent.get_by_label("En quelques phrases simples").fill("Le bus roule depuis lundi.")
    agent.get_by_label("« Le bus est livré » est atteinte le").fill(timezone.localdate().isoformat())
    agent.get_by_role("button", name="Faire le point").click()
    expect(agent.locator("main")).to_contain_text("demande une preuve")
    assert_usable(agent)
    expect(agent.get_by_label("En quelques phrases simples")).to_have_value("Le bus roule depuis lundi.")
    agent.get_by_label("Une adresse qui le montre").fill("https://www.example.org/bus")
    agent.get_by_role("button", name="Faire le point").click()
    expect(agent.locator("main")).to_contain_text("La mission vérifie la preuve")
    assert_usable(agent)
    desk = rooms.enter(people["lead"])
    desk.goto("/bureau/suites/?point=verifier")
    assert_usable(desk)
    desk.get_by_role("link", name=row.case.title).click()
    desk.get_by_role("link", name="Clore comme réalisée").click()
    expect(desk.locator("main")).to_contain_text("Le bus roule depuis lundi.")
    desk.get_by_role("button", name="Clore comme réalisée").click()
    expect(desk.locator("main")).to_contain_text("La suite donnée est close comme réalisée.")
    assert_usable(desk)
    assert FollowUp.objects.get(pk=row.pk).state == S.DONE
    visitor = open_context().new_page()
    visitor.set_viewport_size(PHONE)
    visitor.goto(site + reverse("answers:thread", args=[row.case.reference]))
    expect(visitor.locator("main")).to_contain_text("La mesure est réalisée")
    assert_usable(visitor)


def test_milestones_without_script(open_context, people, site):
    row = followed_by(people)
    MilestoneFactory(follow_up=row, label="Le bus est livré")
    page = Rooms(lambda: open_context(java_script_enabled=False), people, site).enter(people["dir_contact"])
    page.goto(reverse("answers:directorate-follow-up-step", args=[row.pk, "etapes"]))
    later = timezone.localdate() + timedelta(days=200)
    group = page.get_by_role("group", name="Le bus est livré")
    group.get_by_label("Prévue le").fill(later.isoformat())
    page.get_by_role("button", name="Changer les étapes").click()
    expect(page.locator("main")).to_contain_text("Dites pourquoi une étape change.")
    expect(group.get_by_label("Prévue le")).to_have_value(later.isoformat())
    page.get_by_label("Pourquoi ce changement ?").fill("Le garage a du retard.")
    page.get_by_role("button", name="Changer les étapes").click()
    expect(page.locator("#suites")).to_contain_text("Le garage a du retard.")
