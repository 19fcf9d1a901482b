"""Tasks: one line on any page, what a reader’s page shows, steps, a repeat, two who write the same."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.tasks.models import Task
from tests.browsing import StrictClient
from tests.factories.institution import CommitteeFactory
from tests.factories.members import MandateFactory
from tests.factories.sessions import SittingFactory

ADD, HOME = "/bureau/taches/noter/", "/bureau/taches/"


@pytest.fixture
def desk(client, people):
    return client.enter(people.ready(people["officer"]))


def task_of(people, **columns):
    return Task.objects.create(term=people.term, **{"text": "Rappeler la mairie", **columns})


def events(task):
    rows = Entry.objects.filter(subject_type="tasks.Task", subject_id=str(task.pk)).order_by("pk")
    return list(rows.values_list("event_type", flat=True))


def step(browser, task, slug, data=None):
    return browser.post(f"{HOME}{task.pk}/{slug}/", data or {})


def test_one_line_on_a_page_is_a_task_about_its_object(desk, people):
    sitting = SittingFactory(term=people.term, title="Plénière d’hiver")
    page = f"/bureau/seances/{sitting.pk}/"
    shown = desk.get(page).content.decode()
    assert f'name="subject" value="sittings.Sitting:{sitting.pk}"' in shown
    sent = {"line": "rappeler la mairie demain", "page": page, "subject": f"sittings.Sitting:{sitting.pk}"}
    answer = desk.post(ADD, sent)
    assert (answer.status_code, answer.headers["Location"]) == (302, page)
    task = Task.objects.get()
    assert (task.text, task.due_on) == ("rappeler la mairie", timezone.localdate() + timedelta(days=1))
    assert (task.owner, task.term, task.about) == (people["officer"].person, people.term, None)
    assert (task.object_type, task.object_id) == ("sittings.Sitting", str(sitting.pk))
    said = desk.get(page).content.decode()
    assert "C’est noté\u00a0: rappeler la mairie, pour le" in said
    assert f"{HOME}{task.pk}/abandonner/" in said
    assert Entry.objects.get(event_type="task.noted").dossier_id == str(sitting.pk)


def test_a_script_gets_the_field_again_and_the_day_before_saving(desk, people):
    hint = desk.get("/bureau/taches/jour/", {"line": "payer 12 mars 2027"}).content.decode()
    assert hint.strip() == "payer, pour le vendredi 12\u00a0mars 2027"
    assert (
        desk.get("/bureau/taches/jour/", {"line": "payer lundi prochain"})
        .content.decode()
        .strip()
        .endswith("sans date")
    )
    answer = desk.post(ADD, {"line": "payer", "page": "/bureau/comites/"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'id="task-line-text"' in answer.content.decode()
    assert "payer, sans date" in answer.content.decode()
    refused = desk.post(ADD, {"line": " ", "page": "/bureau/comites/"}, headers={"HX-Request": "true"})
    assert refused.status_code == 422
    for line, words in (("a" * 401, "400"), ("bravo 😀 jeudi", "U+1F600"), ("", "Écrivez")):
        refused = desk.post(ADD, {"line": line, "page": "/bureau/comites/"})
        assert refused.status_code == 422
        assert f'value="{line}"' in refused.content.decode()
        assert words in refused.content.decode()
    assert Task.objects.get().page_title == "Groupes et comités"


@pytest.mark.parametrize(
    "subject", ["sittings.Sitting:{foreign}", "no.Model:1", "identity.Person:1", "x", ":", "sittings.Sitting:²"]
)
def test_an_object_that_the_reader_does_not_see_is_only_an_address(desk, people, subject):
    foreign = SittingFactory(term__another=True, term__assembly__second=True)
    page = "/bureau/seances/"
    desk.post(ADD, {"line": "relire", "page": page, "subject": subject.format(foreign=foreign.pk)})
    task = Task.objects.get()
    assert (task.object_type, task.object_id, task.path, task.term) == ("", "", page, people.term)


@pytest.mark.parametrize(
    "page", ["https://ailleurs.example/", "//ailleurs.example/", "/espace/", "", "/bureau/" + "a" * 900]
)
def test_an_address_outside_of_the_desk_is_not_kept(desk, page):
    desk.post(ADD, {"line": "relire", "page": page})
    assert Task.objects.get().path == ""


def test_the_page_of_a_reader_and_that_of_the_team(desk, people):
    mine = task_of(people, text="À moi", owner=people["officer"].person, due_on=date(2026, 1, 2))
    task_of(people, text="À la responsable", owner=people["lead"].person)
    task_of(people, text="À personne")
    task_of(people, text="Déjà faite", owner=people["officer"].person, state="done", closed_at=timezone.now())
    Task.objects.create(term=people.elsewhere("officer").roles.get().term, text="Ailleurs")
    page = desk.get(HOME).content.decode()
    assert page.index("En retard") < page.index("À moi</a>")
    assert "À la responsable" not in page
    assert "Déjà faite" not in page
    assert "À moi</a>" in desk.get("/bureau/").content.decode()
    desk.post(f"{HOME}qui/", {"qui": "equipe"})
    page = StrictClient().enter(people.ready(people["officer"])).get(HOME).content.decode()
    assert all(text in page for text in ("À moi</a>", "À la responsable", "À personne"))
    assert "Ailleurs" not in page
    assert "À personne" not in StrictClient().enter(people.ready(people["lead"])).get(HOME).content.decode()
    step(desk, mine, "faite")
    assert "À moi</a>" not in desk.get("/bureau/").content.decode()


def test_steps_of_a_task(desk, people):
    task = task_of(people, due_on=date(2026, 12, 3))
    shown = desk.get(f"{HOME}{task.pk}/").content.decode()
    assert "l’équipe" in shown
    assert f"{HOME}{task.pk}/modifier/" in shown
    assert desk.get(f"{HOME}{task.pk}/modifier/").status_code == 200
    assert step(desk, task, "prendre").status_code == 302
    task.refresh_from_db()
    assert task.owner == people["officer"].person
    lead = StrictClient().enter(people.ready(people["lead"]))
    assert step(lead, task, "prendre").status_code == 409  # somebody was first
    assert step(desk, task, "passer", {"owner": people["lead"].person_id}).status_code == 302
    assert step(desk, task, "reporter", {"until": "jour"}).status_code == 422
    assert step(desk, task, "reporter", {"until": "jour", "due_on": "0001-01-01"}).status_code == 422
    assert step(desk, task, "reporter", {"until": "semaine"}).status_code == 302
    task.refresh_from_db()
    assert (task.owner, task.due_on) == (people["lead"].person, timezone.localdate() + timedelta(days=7))
    assert step(desk, task, "faite", {"retour": "/bureau/"}).headers["Location"] == "/bureau/"
    assert f"{HOME}{task.pk}/rouvrir/" in desk.get("/bureau/").content.decode()  # « Annuler »
    assert step(desk, task, "faite").status_code == 409
    assert step(desk, task, "rouvrir").status_code == 302
    assert step(desk, task, "abandonner").status_code == 302
    names = "taken handed_over put_off finished reopened dropped"
    assert events(task) == [f"task.{name}" for name in names.split()]


def test_nobody_who_left_is_given_a_task(desk, people):
    task, former = task_of(people), people["facilitator"]
    former.roles.update(ended_at=timezone.now())
    assert step(desk, task, "passer", {"owner": former.person_id}).status_code == 422
    sent = {"text": "Rappeler", "owner": former.person_id, "version": 1}
    assert desk.post(f"{HOME}{task.pk}/modifier/", sent).status_code == 422


def test_done_makes_the_next_one_and_undone_takes_it_back(desk, people):
    first = timezone.localdate()
    task = task_of(
        people, due_on=first, repeat="weekly", starts_on=first, note="Au standard", owner=people["officer"].person
    )
    step(desk, task, "faite")
    following = Task.objects.get(follows=task)
    assert (following.due_on, following.note, following.owner) == (
        first + timedelta(weeks=1),
        "Au standard",
        task.owner,
    )
    step(desk, task, "rouvrir")
    following.refresh_from_db()
    assert following.state == "dropped"
    step(desk, task, "faite")
    assert Task.objects.filter(follows=task, state="open").count() == 1
    step(desk, Task.objects.get(follows=task, state="open"), "faite")
    step(desk, task, "rouvrir")
    step(desk, task, "faite")  # its next one is done: no second one
    assert Task.objects.filter(follows=task).exclude(state="dropped").count() == 1


def test_a_task_changed_by_two_keeps_both_texts(desk, people):
    task = task_of(people)
    sent = {"text": "Rappeler la préfecture", "owner": "", "due_on": "", "repeat": "", "note": "", "version": 1}
    assert desk.post(f"{HOME}{task.pk}/modifier/", sent).status_code == 302
    late = desk.post(f"{HOME}{task.pk}/modifier/", sent | {"text": "Rappeler le maire"})
    assert late.status_code == 409
    assert "Rappeler la préfecture" in late.content.decode()
    refused = desk.post(f"{HOME}{task.pk}/modifier/", sent | {"repeat": "monthly", "version": 2})
    assert refused.status_code == 422
    first = {"repeat": "monthly", "due_on": "2027-01-31", "version": 2}
    assert desk.post(f"{HOME}{task.pk}/modifier/", sent | first).status_code == 302
    task.refresh_from_db()
    assert (task.starts_on, task.version) == (date(2027, 1, 31), 3)


def test_whose_page_it_is(desk, people):
    mandate = MandateFactory(term=people.term)
    for subject in (f"members.Mandate:{mandate.pk}", f"institution.Committee:{CommitteeFactory(term=people.term).pk}"):
        desk.post(ADD, {"line": "appeler", "page": "/bureau/", "subject": subject})
    assert list(Task.objects.order_by("pk").values_list("about", flat=True)) == [mandate.member.person_id, None]
