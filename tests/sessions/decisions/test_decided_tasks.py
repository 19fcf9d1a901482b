"""What a sitting decides is a task: the same acts, readers of its own, and minutes that show nothing else."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assembly.identity import actions as identity
from assembly.institution.actions import roles
from assembly.tasks.actions import reassign_tasks
from assembly.tasks.models import Task
from assembly.tasks.queries import PageReference, ended_tasks, written_about
from sessions.agenda.queries import open_actions
from sessions.minutes.queries.facts import minutes_facts
from tests.browsing import StrictClient
from tests.factories.identity import PersonFactory
from tests.factories.sessions import InviteeFactory, MinutesFactory, SittingFactory, decided_task

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


@pytest.fixture
def sitting(people):
    return SittingFactory(term=people.term, held=True, title="Plénière d’hiver")


def step(browser, task, slug, data=None):
    return browser.post(reverse("tasks:step", args=[task.pk, slug]), data or {})


def test_it_is_always_somebodys(desk, people, sitting):
    task = decided_task(sitting, owner_text="Direction de l’Autonomie")
    shown = desk.get(reverse("tasks:task", args=[task.pk])).content.decode()
    assert "Direction de l’Autonomie" in shown
    assert "prendre/" not in shown
    assert "abandonner/" not in shown
    assert "renoncer/" in shown
    assert step(desk, task, "prendre").status_code == 409
    assert step(desk, task, "passer").status_code == 422
    assert step(desk, task, "passer", {"owner": people["lead"].person_id}).status_code == 302
    task.refresh_from_db()
    assert (task.owner, task.owner_text, task.owner_name) == (
        people["lead"].person,
        "",
        people["lead"].person.full_name,
    )
    assert step(desk, task, "reporter", {"until": "semaine"}).status_code == 302
    assert step(desk, task, "abandonner").status_code == 409
    assert step(desk, task, "renoncer", {"reason": "Sans objet"}).status_code == 302
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("dropped", "Sans objet")


def test_it_is_changed_by_two_and_given_to_whom_was_invited(desk, people, sitting):
    invited, stranger = InviteeFactory(sitting=sitting).person, PersonFactory()
    task = decided_task(sitting, owner_text="Mission")
    address = reverse("tasks:change", args=[task.pk])
    fields = desk.get(address).context["form"].fields
    assert list(fields) == ["text", "owner", "owner_text", "due_on", "version"]
    sent = {"text": "Écrire", "owner": invited.pk, "owner_text": "", "due_on": "2026-12-24", "version": 1}
    assert desk.post(address, sent | {"owner": stranger.pk}).status_code == 422
    nobody = desk.post(address, sent | {"owner": ""})
    assert (nobody.status_code, "Dites qui s’en charge." in nobody.content.decode()) == (422, True)
    assert desk.post(address, sent).status_code == 302
    assert desk.post(address, sent | {"text": "Appeler"}).status_code == 409
    task.refresh_from_db()
    assert (task.text, task.owner, task.owner_text) == ("Écrire", invited, "")


def test_facilitators_read_it_and_nothing_else(people, sitting):
    task = decided_task(sitting, owner=people["lead"].person)
    own = Task.objects.create(term=people.term, text="Rappeler la mairie", path=f"/bureau/seances/{sitting.pk}/")
    browser = StrictClient().enter(people.ready(people["facilitator"]))
    page = browser.get(reverse("tasks:list")).content.decode()
    assert "Écrire au maire" in page
    assert "Rappeler la mairie" not in page
    assert "Ce que les séances ont décidé de faire" in page
    assert 'name="ligne"' not in page
    assert f'href="{reverse("tasks:home")}"' not in page
    assert "Actions à suivre" in browser.get("/bureau/seances/").content.decode()
    shown = browser.get(reverse("tasks:task", args=[task.pk])).content.decode()
    assert people["lead"].person.full_name in shown
    for words in ("renoncer/", "modifier/", "Notée par", "Historique"):
        assert words not in shown
    assert browser.get(reverse("tasks:change", args=[task.pk])).status_code == 403
    assert step(browser, task, "faite").status_code == 403
    assert browser.get(reverse("tasks:task", args=[own.pk])).status_code == 404
    assert browser.get(reverse("tasks:home")).status_code == 403
    assert "Écrire au maire" not in browser.get("/recherche/?q=maire").content.decode()
    assert browser.get(reverse("sittings:action", args=[task.action_item.pk])).status_code == 302


def test_minutes_and_the_next_agenda_show_what_the_sitting_decided_and_nothing_else(people, sitting):
    minutes, coming = MinutesFactory(sitting=sitting), SittingFactory(term=people.term)
    item = sitting.agenda.create(title="Débat", kind="discussion", position=1, minutes=10)
    page = PageReference(f"/bureau/seances/{sitting.pk}/", "Plénière d’hiver", sitting)
    Task.objects.create(term=people.term, text="Louer la salle", **page.columns)
    task = decided_task(sitting, item, owner_text="Mission")
    (part,) = minutes_facts(minutes)["items"]
    assert [action["text"] for action in part["actions"]] == ["Écrire au maire"]
    assert list(open_actions(coming)) == [task]
    tasks, _notes = written_about(people["officer"], sitting)
    assert {(line.text, line.who) for line in tasks} == {
        ("Louer la salle", "l’équipe"),
        ("Écrire au maire", "Mission"),
    }


def test_it_stays_with_whom_the_sitting_named(people, sitting):
    task = decided_task(sitting, owner=people["officer"].person)
    roles.end(people["officer"].roles.get(), by=people["lead"])
    task.refresh_from_db()
    assert task.owner == people["officer"].person
    assert reassign_tasks(people["officer"], people["lead"], people.term, people["lead"]) == 1
    task.refresh_from_db()
    assert task.owner == people["lead"].person


def test_it_does_not_end_with_the_retention_period_and_loses_the_name_of_an_erased_person(people, sitting):
    person, long_ago = PersonFactory(), timezone.now() - timedelta(days=3000)
    task = decided_task(sitting, owner=person, owner_text="Nom écrit", state="done", closed_at=long_ago)
    assert not ended_tasks(timezone.now() + timedelta(days=3000)).exists()
    identity.erase(person, by=people["dpo"])
    task.refresh_from_db()
    assert (task.owner, task.owner_text) == (person, "")
