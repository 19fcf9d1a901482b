"""Notes on an object, and what becomes of tasks and notes: with a role, with a person, after a term."""

from datetime import date, timedelta

import pytest
import time_machine
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry, EntryDetail
from assembly.identity import actions as identity
from assembly.identity.personal_data import registry
from assembly.identity.queries import stored_about
from assembly.institution.actions import roles
from assembly.institution.models import Term
from assembly.tasks import actions
from assembly.tasks.models import Task, TeamNote
from assembly.tasks.queries import PageReference, tasks_between
from assembly.tasks.workflow import TASK
from tests.browsing import StrictClient
from tests.factories.institution import RoleAssignmentFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory

ADD = "/bureau/notes/ajouter/"


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


@pytest.fixture
def mandate(people):
    return MandateFactory(term=people.term)


def enter(people, role):
    return StrictClient().enter(people.ready(people[role]))


def write(desk, mandate, text="Appelé, rappellera"):
    page = reverse("members:member-page", args=[mandate.pk])
    sent = {"text": text, "subject": f"members.Mandate:{mandate.pk}", "page": page}
    answer = desk.post(ADD, sent)
    assert (answer.status_code, answer.headers.get("Location")) == (302, page)
    return page


def note_about(mandate, by, **columns):
    return TeamNote.objects.create(
        term=mandate.term,
        object_type="members.Mandate",
        object_id=str(mandate.pk),
        about=mandate.member.person,
        author=by,
        **{"text": "Appelé", **columns},
    )


def test_notes_stand_on_the_page_of_their_object_newest_first(desk, people, mandate):
    page = write(desk, mandate, "Premier appel")
    write(desk, mandate, "Rappelé")
    html = desk.get(page).content.decode()
    assert html.index("Rappelé") < html.index("Premier appel")
    assert "12 mois après leur clôture" in html.replace("\u00a0", " ")
    assert "Rappelé" in enter(people, "lead").get(page).content.decode()
    assert TeamNote.objects.first().about == mandate.member.person
    sitting = SittingFactory(term=people.term)
    shown = desk.get(f"/bureau/seances/{sitting.pk}/").content.decode()
    assert "Garder la note" in shown
    assert "font partie de ses données" not in shown


def test_a_note_needs_an_object_that_its_author_sees(desk, people):
    foreign = SittingFactory(term__another=True, term__assembly__second=True)
    for subject, status in (
        (f"sittings.Sitting:{foreign.pk}", 404),
        ("", 422),
        ("x", 404),
        ("identity.Person:999999999", 404),
    ):
        assert desk.post(ADD, {"text": "x", "subject": subject, "page": "/bureau/"}).status_code == status
    assert desk.post(ADD, {"text": "\x00", "subject": "x", "page": "/bureau/"}).status_code in (400, 422)
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamNote.objects.create(term=people.term, author=people["officer"], text="x")


def test_a_note_is_corrected_for_a_quarter_of_an_hour_by_its_author(desk, people, mandate):
    note = note_about(mandate, people["officer"])
    url = f"/bureau/notes/{note.pk}/corriger/"
    assert enter(people, "lead").post(url, {"text": "Autre", "version": 1}).status_code == 403
    assert desk.post(url, {"text": "Appelé deux fois", "version": 1}).status_code == 302
    assert desk.post(url, {"text": "D’un autre onglet", "version": 1}).status_code == 409
    assert EntryDetail.objects.get(entry__event_type="note.corrected").text == "Appelé"
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert desk.post(url, {"text": "Trop tard", "version": 2}).status_code == 409
    note.refresh_from_db()
    assert note.text == "Appelé deux fois"


@pytest.mark.parametrize(("role", "status"), [("officer", 302), ("lead", 302), ("facilitator", 403)])
def test_a_note_is_erased_by_its_author_or_the_lead(people, mandate, role, status):
    note = note_about(mandate, people["officer"])
    actions.correct_note(note, text="Appelé deux fois", version=1, by=people["officer"])
    assert enter(people, role).post(f"/bureau/notes/{note.pk}/effacer/").status_code == status
    note.refresh_from_db()
    assert note.text == ("" if status == 302 else "Appelé deux fois")
    erased = EntryDetail.objects.get(entry__event_type="note.corrected").text == ""
    assert erased == (status == 302)
    assert Entry.objects.filter(event_type="note.erased").exists() == (status == 302)


def test_a_task_of_somebody_who_leaves_becomes_the_teams(people):
    agent = people["officer"]
    task = Task.objects.create(term=people.term, text="Payer", owner=agent.person)
    closed = Task.objects.create(
        term=people.term, text="Payé", owner=agent.person, state="done", closed_at=timezone.now()
    )
    second = RoleAssignmentFactory(user=agent, role="lead", assembly=people.assembly, term=people.term)
    roles.end(second, by=people["lead"])
    task.refresh_from_db()
    assert task.owner == agent.person  # the other role stays
    roles.end(agent.roles.get(ended_at=None), by=people["lead"])
    task.refresh_from_db()
    closed.refresh_from_db()
    assert (task.owner, closed.owner) == (None, agent.person)
    TASK.transition(closed, "reopen", by=people["lead"])
    assert closed.owner is None
    line = Entry.objects.get(event_type="task.released")
    assert (line.subject_id, line.actor) == (str(task.pk), people["lead"].person.pseudonym)


def test_dossiers_that_are_handed_over_bring_their_tasks(people):
    task = Task.objects.create(term=people.term, text="Payer", owner=people["officer"].person)
    roles.hand_over(people["officer"], people["lead"], by=people["lead"], term=people.term)
    task.refresh_from_db()
    assert task.owner == people["lead"].person


def test_what_is_about_a_person_goes_with_them(people, mandate):
    person, officer = mandate.member.person, people["officer"]
    note = note_about(mandate, officer)
    actions.correct_note(note, text="Appelé deux fois", version=1, by=officer)
    page = PageReference(f"/bureau/membres/{mandate.pk}/", person.full_name, mandate)
    task = actions.add_task(people.term.pk, "Rappeler", None, page, by=officer)
    follower = Task.objects.create(term=people.term, text="Rappeler", about=person, follows=task)
    other = actions.add_task(
        people.term.pk, "Autre chose", None, PageReference("/bureau/comites/", "Comités"), by=officer
    )
    assert {str(row["name"]) for row in stored_about(person)} >= {
        "Ce que l’équipe doit faire vous concernant",
        "Les notes de l’équipe vous concernant",
    }
    identity.erase(person, by=people["dpo"])
    assert list(Task.objects.all()) == [other]
    assert not TeamNote.objects.exists()
    assert not EntryDetail.objects.filter(entry__event_type="note.corrected").exclude(text="").exists()
    assert follower.about_id == person.pk


def test_what_is_about_a_person_ends_after_its_closing(people, mandate):
    person, today = mandate.member.person, timezone.localdate()
    Term.objects.filter(pk=people.term.pk).update(ends_on=today + timedelta(days=200), tasks_retention_months=6)
    old, recent = timezone.now() - timedelta(days=200), timezone.now() - timedelta(days=100)
    tasks = {
        name: Task.objects.create(term=people.term, text=name, about=about, state=state, closed_at=closed_at)
        for name, about, state, closed_at in (
            ("fini", person, "done", old),
            ("récent", person, "done", recent),
            ("ouvert", person, "open", None),
            ("sans personne", None, "done", old),
        )
    }
    note_about(mandate, people["officer"], written_at=old)
    for retention in ("tasks.tasks", "tasks.notes"):
        each = registry.retentions[retention]
        for row in each.find(timezone.now()):
            each.apply(row)
    assert {task.text for task in Task.objects.all()} == {*tasks} - {"fini"}
    assert TeamNote.objects.count() == 1
    later = timezone.now() + timedelta(days=420)
    assert {task.text for task in registry.retentions["tasks.tasks"].find(later)} == {"récent", "ouvert"}
    assert registry.retentions["tasks.notes"].find(later).count() == 1


def test_the_search_finds_tasks_for_the_team_alone(people):
    task = Task.objects.create(term=people.term, text="Réserver la gymnastique")
    call_command("reindex_search", "task", verbosity=0)
    roles_that_find = [
        role
        for role in ("officer", "facilitator", "member", "dpo")
        if f"/bureau/taches/{task.pk}/" in enter(people, role).get("/recherche/?q=gymnastique").content.decode()
    ]
    assert roles_that_find == ["officer"]


def test_tasks_of_a_week_and_the_list_of_all(desk, people):
    for text, day in (("avant", 6), ("lundi", 7), ("dimanche", 13), ("après", 14)):
        Task.objects.create(term=people.term, text=text, due_on=date(2026, 12, day))
    rows = tasks_between(people["officer"], people.term, date(2026, 12, 7), date(2026, 12, 13))
    assert [task.text for task in rows] == ["lundi", "dimanche"]
    assert not tasks_between(people["member"], people.term, date(2026, 12, 7), date(2026, 12, 13))
    page = desk.get("/bureau/taches/liste/?q=lundi").content.decode()
    assert "1 tâche" in page.replace("\u00a0", " ")
    assert desk.get("/bureau/taches/export.csv").status_code == 200
