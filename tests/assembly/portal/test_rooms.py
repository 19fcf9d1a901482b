"""Where each role lands, what the first screens say, and what stays shut."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution import todo
from assembly.institution.models import Role
from assembly.jobs.models import FailedJob
from assembly.portal.help import PAGES
from draws.representation.actions import publish_profile
from tests.factories.documents import DocumentFactory
from tests.factories.institution import TermFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory
from tests.sessions.sittings.closed_sitting import closed_sitting

DESK = ["lead", "officer", "facilitator", "dpo", "archivist", "admin"]
DIRECTORATE = ["dir_contact", "dir_approver", "sponsor", "president"]
ROOMS = {
    **dict.fromkeys(DESK, "portal:desk-home"),
    **dict.fromkeys(DIRECTORATE, "portal:directorate-home"),
    "member": "portal:member-home",
}
HOMES = ["portal:desk-home", "portal:member-home", "portal:directorate-home"]


@pytest.mark.parametrize("role", [role for role in Role.values if role != "witness"])
def test_each_role_lands_in_its_room_and_the_others_stay_shut(role, signed_in):
    browser = signed_in(role)
    assert browser.get(reverse("portal:area")).url == reverse(ROOMS[role])
    answers = {name: browser.get(reverse(name)).status_code for name in HOMES}
    assert answers == {name: 200 if name == ROOMS[role] else 403 for name in HOMES}


def test_a_witness_lands_on_the_draws(signed_in):
    browser = signed_in("witness")
    landed = browser.get(reverse("portal:area"), follow=True)
    assert landed.request["PATH_INFO"] == reverse("draws:list")
    assert landed.status_code == 200


@pytest.fixture
def two_lines(monkeypatch):
    today = timezone.localdate()
    lines = [
        todo.ToDo("Relire le compte rendu", "/un/", due_on=today + timedelta(days=3)),
        todo.ToDo("Répondre à la convocation", "/deux/", due_on=today - timedelta(days=2)),
    ]
    monkeypatch.setattr(todo, "_providers", {"desk": [lambda user, term: lines], "member": [lambda user, term: lines]})


@pytest.mark.parametrize(("role", "name"), [("officer", "portal:desk-home"), ("member", "portal:member-home")])
def test_what_is_late_comes_first(role, name, two_lines, signed_in):
    page = signed_in(role).get(reverse(name)).content.decode()
    assert page.index("Répondre à la convocation") < page.index("Relire le compte rendu")
    assert "2\u00a0jours de retard" in page
    assert ("Vous avez 2 choses à faire." in page) == (role == "member")


@pytest.mark.parametrize(("role", "name"), [("dir_contact", "directorate-home"), ("member", "member-home")])
def test_a_long_list_waits_behind_a_link(role, name, signed_in, monkeypatch):
    room = {"directorate-home": "directorate", "member-home": "member"}[name]
    lines = [
        todo.ToDo(f"Ligne {number:02}", "/", due_on=timezone.localdate() + timedelta(days=1)) for number in range(23)
    ]
    monkeypatch.setattr(todo, "_providers", {room: [lambda user, term: lines]})
    browser = signed_in(role)
    page = browser.get(reverse(f"portal:{name}")).content.decode()
    assert "Ligne 19" in page
    assert "Ligne 20" not in page
    assert "Afficher 3 lignes de plus" in page
    whole = browser.get(reverse(f"portal:{name}"), {"tout": "1"}).content.decode()
    assert "Ligne 22" in whole
    assert "lignes de plus" not in whole


def test_service_state_is_for_the_lead_and_the_administrator(signed_in):
    answers = {role: signed_in(role).get(reverse("portal:service-state")).status_code for role in Role.values}
    assert {role for role, status in answers.items() if status == 200} == {"lead", "admin"}
    assert set(answers.values()) == {200, 403}


def test_a_failed_job_runs_again_once(signed_in, people, redis_client):
    job = FailedJob.objects.create(task="assembly.jobs.tasks.tick", error="OSError", failed_at=timezone.now())
    browser = signed_in("admin")
    assert "assembly.jobs.tasks.tick" in browser.get(reverse("portal:service-state")).content.decode()
    before = redis_client.llen("default")
    for _ in range(2):
        assert browser.post(reverse("portal:job-retry", args=[job.pk])).status_code == 302
    job.refresh_from_db()
    assert job.retried_at is not None
    assert redis_client.llen("default") == before + 1
    assert list(Entry.objects.filter(event_type="job.retried").values_list("actor", flat=True)) == [
        people["admin"].pseudonym
    ]


def test_health_names_the_part_that_does_not_answer(db, client, settings):
    said = client.get(reverse("portal:health"))
    assert (said.status_code, said.json()) == (
        200,
        {"status": "ok", "database": True, "broker": True, "storage": True, "space": True},
    )
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    said = client.get(reverse("portal:health"))
    assert (said.status_code, json.loads(said.content)["broker"]) == (503, False)


@pytest.mark.parametrize("slug", [page.slug for page in PAGES])
def test_every_help_page_opens_and_has_one_title(slug, db, client):
    page = client.get(reverse("portal:help-page", args=[slug])).content.decode()
    assert page.count("<h1") == 1


def test_an_unknown_help_page_is_not_found(db, client):
    assert client.get(reverse("portal:help-page", args=["rien"])).status_code == 404


@pytest.mark.parametrize("installed", [False, True])
@pytest.mark.parametrize("name", ["home", "help", "legal-notice", "personal-data", "accessibility", "glossary"])
def test_public_pages_cost_little_even_before_the_assembly_exists(
    name, installed, db, client, django_assert_max_num_queries
):
    if installed:
        TermFactory()
    with django_assert_max_num_queries(11):
        assert client.get(reverse(f"portal:{name}")).status_code == 200


def test_the_public_home_says_what_is_true_today(db, client, django_assert_max_num_queries):
    term = TermFactory()
    for gender in "FFFFFMMMMMM":  # fewer than five would not be told
        MandateFactory(term=term, member__gender=gender)
    SittingFactory(term=term, title="Plénière de printemps")
    SittingFactory(term=term, title="Réunion interne", is_public=False)
    DocumentFactory(term=term, published=True, title="Procès-verbal de mars")
    publish_profile(term)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("portal:home")).content.decode()
    assert "<b>11 personnes tirées au sort</b>" in page
    assert "<b>5 femmes</b> et <b>6 hommes" in " ".join(page.split())
    assert "Plénière de printemps" in page
    assert "Réunion interne" not in page
    assert "Procès-verbal de mars" in page
    assert ".pdf" in page


def test_the_desk_sees_the_next_sitting_and_attendance_and_the_member_the_next_sittings(people, signed_in):
    held = closed_sitting(people, members=9)
    SittingFactory(term=people.term, title="Plénière de juin", notified=True)
    desk = signed_in(held.officer).get(reverse("portal:desk-home")).content.decode()
    assert "Plénière de juin" in desk
    assert "Présence en séance plénière" in signed_in(held.officer).get(reverse("mission:indicators")).text
    mine = signed_in("member").get(reverse("portal:member-home")).content.decode()
    assert "Plénière de juin" in mine
