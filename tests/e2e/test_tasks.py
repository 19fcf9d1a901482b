"""A task from any page: one field and one click; what waits for one, and for the team."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from assembly.tasks.models import Task, TeamNote
from assembly.text.french import format_date
from tests.e2e.accessibility import assert_accessible, assert_reflows, assert_usable
from tests.factories.sessions import SittingFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PHONE = {"width": 390, "height": 844}


def test_a_task_takes_one_field_and_one_click_and_is_done_in_one(page, site, sign_in, people):
    sitting = SittingFactory(term=people.term, title="Plénière d’hiver")
    sign_in(page.context, "officer")
    page.goto(f"{site}/bureau/seances/{sitting.pk}/")
    tomorrow = format_date(timezone.localdate() + timedelta(days=1))
    field = page.get_by_label("Noter une tâche")
    field.fill("rappeler la mairie demain")
    expect(page.locator("#task-line-day")).to_contain_text(f"rappeler la mairie, pour le {tomorrow}")
    page.get_by_role("button", name="Me le rappeler").click()
    expect(page.get_by_role("status").filter(has_text="C’est noté")).to_be_visible()
    expect(field).to_have_value("")
    assert Task.objects.get().object_id == str(sitting.pk)
    field.fill("relire")
    page.keyboard.press("Enter")  # by keyboard alone, and again on the same page
    expect(page.locator(".task-noted")).to_contain_text("relire, sans date")
    assert Task.objects.count() == 2
    assert_accessible(page)
    page.get_by_role("button", name="Annuler").click()
    expect(page.locator("#messages")).to_contain_text("abandonnée")
    assert page.url == f"{site}/bureau/seances/{sitting.pk}/"
    page.goto(f"{site}/bureau/taches/")
    row = page.locator("li").filter(has_text="rappeler la mairie")
    expect(row).to_contain_text("Plénière d’hiver")
    row.get_by_role("link", name="Reporter").click()
    page.get_by_role("dialog").get_by_label("Dans une semaine").check()
    page.get_by_role("dialog").get_by_role("button", name="Reporter").click()
    expect(page.locator("#messages")).to_contain_text("reportée")
    assert_usable(page)
    page.locator("li").filter(has_text="rappeler la mairie").get_by_role("button", name="Fait").click()
    expect(page.locator("#messages")).to_contain_text("La tâche est faite")
    assert set(Task.objects.values_list("text", "state")) == {("rappeler la mairie", "done"), ("relire", "dropped")}


def test_a_note_and_a_task_on_a_phone(open_context, site, sign_in, people):
    sitting, context = SittingFactory(term=people.term), open_context(viewport=PHONE)
    page = context.new_page()
    sign_in(context, "officer")
    page.goto(f"{site}/bureau/seances/{sitting.pk}/")
    expect(page.get_by_label("Noter une tâche")).to_be_hidden()
    page.get_by_label("Écrire une note").fill("Appelé, rappellera")
    page.get_by_role("button", name="Garder la note").click()
    expect(page.locator(".about")).to_contain_text("Appelé, rappellera")
    page.locator(".about").get_by_role("link", name="Corriger").click()
    page.get_by_role("dialog").get_by_label("Note").fill("Appelé deux fois")
    page.get_by_role("dialog").get_by_role("button", name="Corriger").click()
    expect(page.locator(".about")).to_contain_text("Appelé deux fois")
    assert TeamNote.objects.get().text == "Appelé deux fois"
    assert_reflows(page)
    page.get_by_role("button", name="Menu").click()
    page.get_by_label("Noter une tâche").fill("payer le traiteur")
    page.get_by_role("button", name="Me le rappeler").click()
    expect(page.locator(".task-noted")).to_contain_text("payer le traiteur")
