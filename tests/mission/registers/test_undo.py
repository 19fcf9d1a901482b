"""Steps with a way back act at once; the next page offers « Annuler »."""

import re
from dataclasses import replace

import pytest

from assembly.audit.models import Entry
from assembly.workflow import Permission, Step, Workflow
from mission.registers.pages import step_pages
from tests.factories.mission import LegalItemFactory
from tests.factories.support import MethodSheetFactory

pytestmark = pytest.mark.django_db
METHODS = "/bureau/mission/fiches-methodes/"
FORM = re.compile(r'<form class="act" method="post" action="([^"]+)".*?<button[^>]*>([^<]+)</button>', re.DOTALL)


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def buttons(page):
    return {label.strip(): url for url, label in FORM.findall(page.content.decode())}


def test_a_step_with_a_way_back_is_one_click_and_is_taken_back_by_one(desk, people):
    method = MethodSheetFactory(state="in_use")
    address = f"{METHODS}{method.pk}/"
    retire = buttons(desk.get(address))["Retirer"]
    after = desk.post(retire, follow=True)
    method.refresh_from_db()
    assert method.state == "retired"
    assert "ne se propose plus" in after.text
    back = buttons(after)["Annuler"]
    again = desk.post(back, follow=True)
    method.refresh_from_db()
    assert method.state == "in_use"
    assert "Annuler" in buttons(again)  # the same button takes this back, too
    lines = Entry.objects.filter(subject_type=method._meta.label, subject_id=str(method.pk)).order_by("pk")
    assert [line.event_type.partition(".")[2] for line in lines] == ["retired", "adopted"]


def test_the_question_stays_at_its_address(desk):
    method = MethodSheetFactory(state="in_use")
    assert "Retirer la fiche" in desk.get(f"{METHODS}{method.pk}/etapes/retirer/").text


def test_a_step_asks_where_nothing_leads_back_to_the_same_state(desk):
    item = LegalItemFactory(state="prepared", starts_on="2026-01-01")
    page = desk.get(f"/bureau/mission/juridique/{item.pk}/")
    assert "Noter en vigueur" not in buttons(page)
    after = desk.post(f"/bureau/mission/juridique/{item.pk}/etapes/en-vigueur/", follow=True)
    assert "Annuler" not in buttons(after)


def test_taking_back_twice_is_overtaken(desk):
    method = MethodSheetFactory(state="in_use")
    after = desk.post(f"{METHODS}{method.pk}/etapes/retirer/", follow=True)
    back = buttons(after)["Annuler"]
    assert desk.post(back).status_code == 302
    assert desk.post(back).status_code == 409


@pytest.mark.parametrize(
    "back",
    [
        {"name": "reopen", "sources": {"closed"}, "target": "paused"},  # leads elsewhere
        {"name": "reopen", "sources": {"closed"}, "target": "open", "needs_reason": True},
        {"name": "reopen", "sources": {"closed"}, "target": "open", "fresh": True},
        {"name": "other", "sources": {"closed"}, "target": "open"},
    ],
)
def test_a_way_back_that_does_not_lead_back_does_not_start(back):
    close = Step("close", {"open"}, "closed", by=Permission(lambda user, row: True, "tous"), undo="reopen")
    with pytest.raises(ValueError, match="undo='reopen' does not go back"):
        Workflow([close, Step(**back)])


def test_a_page_that_says_what_follows_is_read_first():
    method, pages = MethodSheetFactory(state="in_use"), step_pages("methods")
    page = pages.pages["retirer"]
    assert pages.undo_url(method, page)
    assert pages.undo_url(method, replace(page, consequences=["Les demandes la gardent."])) == ""
