"""Action items of 1.0.0 become tasks: minutes, agendas, journal and addresses; and the way back."""

from datetime import UTC, date, datetime

import pytest
from django.core.management import call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from assembly.audit.actions import record
from assembly.audit.models import Entry, Link
from assembly.audit.verification import verify
from assembly.tasks.models import Task
from assembly.tasks.workflow import TASK
from sessions.agenda.queries import open_actions
from sessions.minutes.queries.facts import minutes_facts, text_fingerprint
from sessions.models import ActionItem, MinutesState
from tests.factories.sessions import SittingFactory
from tests.sessions.minutes.written_minutes import written_minutes
from tests.sessions.sittings.closed_sitting import at_state

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = ("sittings", "0002_paper_claims")
COLUMNS = "id, sitting_id, agenda_item_id, text, owner_id, owner_text, due_on, state, closed_at, outcome"
NOTED = datetime(2026, 3, 28, 11, tzinfo=UTC)


def migrate(*target):
    call_command("migrate", *target, verbosity=0, interactive=False)


@pytest.fixture
def forward_at_the_end():
    yield
    migrate()


def run(statement, *values):
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def former_rows():
    return run(f"SELECT {COLUMNS} FROM sittings_actionitem ORDER BY id")  # noqa: S608 -- names of this module


def readings(minutes):
    return [minutes_facts(type(minutes).objects.get(pk=minutes.pk), audience) for audience in ("internal", "public")]


@pytest.mark.usefixtures("forward_at_the_end")
def test_actions_of_before_are_tasks(client, people):
    minutes = written_minutes(people)
    held, officer = minutes.held, minutes.held.officer
    at_state(minutes, MinutesState.SIGNED)
    own = Task.objects.create(term=people.term, text="Rappeler la mairie", owner=officer.person)
    facts, coming = readings(minutes), SittingFactory(term=people.term, kind="plenary")
    on_agenda = [str(task) for task in open_actions(coming)]
    migrate(*BEFORE)
    assert [row[3:6] for row in former_rows()] == [
        ("Envoyer la carte des accueils de jour aux membres", None, "Direction de l’Autonomie"),
        ("Relire la notice", held.members[2].person.pk, ""),
    ]
    run(
        f"INSERT INTO sittings_actionitem ({COLUMNS}) VALUES (777, %s, NULL, 'Ancienne', NULL, 'Mission', NULL, "  # noqa: S608 -- names of this module
        "'dropped', %s, 'Sans objet')",
        held.sitting.pk,
        NOTED,
    )
    stored = former_rows()
    with transaction.atomic():
        record("action.recorded", ActionItem(pk=777), by=officer, dossier=held.sitting)
        record("action.dropped", ActionItem(pk=777), by=officer, dossier=held.sitting, detail="Sans objet")
    chain = list(Link.objects.order_by("seq").values_list("seq", "hash"))
    migrate()

    assert readings(minutes) == facts
    assert [text_fingerprint(each) for each in readings(minutes)] == [text_fingerprint(each) for each in facts]
    assert [str(task) for task in open_actions(coming)] == on_agenda
    assert len(on_agenda) == 2
    assert list(Link.objects.order_by("seq").values_list("seq", "hash")) == chain
    assert verify()[1] is None
    tasks = Task.objects.filter(is_decided=True).select_related("action_item").order_by("action_item")
    assert [
        (row.action_item.pk, row.action_item.sitting_id, row.action_item.agenda_item_id, row.text, row.owner_id,
         row.owner_text, row.due_on, row.state, row.closed_at, row.outcome)
        for row in tasks
    ] == stored  # fmt: skip
    former = tasks.get(action_item=777)
    assert former.created_at == Entry.objects.get(event_type="action.recorded", subject_id="777").at
    assert (former.term, former.object_type, former.object_id) == (
        people.term,
        "sittings.Sitting",
        str(held.sitting.pk),
    )
    assert former.page_title == "Deuxième plénière (PL-2026-02)"
    assert Task.objects.get(pk=own.pk).is_decided is False

    client.enter(people.ready(officer))
    assert client.get("/bureau/actions/777/").headers["Location"] == f"/bureau/taches/{former.pk}/"
    step = client.get("/bureau/actions/777/rouvrir/").headers["Location"]
    assert (step, client.get(step).status_code) == (f"/bureau/taches/{former.pk}/rouvrir/", 200)
    page = client.get("/bureau/actions/", {"etat": "closes"}, follow=True)
    assert [row.text for row in page.context["list"].page] == ["Ancienne"]
    history = client.get(f"/bureau/seances/{held.sitting.pk}/historique/").content.decode()
    assert "a noté une action à suivre" in history
    assert "a abandonné une action" in history
    assert client.post(step).status_code == 302
    assert [str(task) for task in open_actions(coming)] == [*on_agenda, "Ancienne"]
    assert Task.objects.create(term=people.term, text="Après").pk > former.pk  # the sequence goes on


@pytest.mark.usefixtures("forward_at_the_end")
def test_tasks_of_sittings_go_back(people):
    minutes = written_minutes(people)
    officer, facts = minutes.held.officer, readings(minutes)
    own = Task.objects.create(term=people.term, text="Rappeler la mairie")
    first, second = Task.objects.filter(is_decided=True).order_by("pk")
    TASK.transition(first, "finish", by=officer)
    TASK.transition(first, "note_outcome", by=officer, outcome="Envoyée")
    TASK.transition(second, "put_off", by=officer, due_on=date(2026, 5, 2))
    facts = readings(minutes)
    migrate(*BEFORE)
    assert [(row[3][:7], row[6], row[7], row[9]) for row in former_rows()] == [
        ("Envoyer", date(2026, 4, 17), "done", "Envoyée"),
        ("Relire ", date(2026, 5, 2), "open", ""),
    ]
    assert run("SELECT id FROM tasks_task") == [(own.pk,)]
    with pytest.raises(IntegrityError):
        run("UPDATE sittings_actionitem SET owner_id = NULL, owner_text = ''")
    migrate()
    assert readings(minutes) == facts


def test_a_task_is_decided_where_a_sitting_has_it(people):
    task = Task.objects.create(term=people.term, text="Rappeler la mairie")
    sitting = SittingFactory(term=people.term, held=True)
    for refused in (
        lambda: ActionItem.objects.create(sitting=sitting, task=task),
        lambda: Task.objects.create(term=people.term, text="Écrire", owner_text="Direction", is_decided=True),
        lambda: Task.objects.filter(pk=task.pk).update(owner_text="Direction"),
        lambda: Task.objects.filter(pk=task.pk).update(is_decided=True),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()
    with transaction.atomic():
        decided = Task.objects.create(term=people.term, text="Écrire", owner_text="Direction", is_decided=True)
        ActionItem.objects.create(sitting=sitting, task=decided)
    for columns in ({"is_decided": False, "owner_text": ""}, {"owner_text": ""}, {"repeat": "weekly"}, {"note": "x"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Task.objects.filter(pk=decided.pk).update(**columns)
    with pytest.raises(DatabaseError), transaction.atomic():
        ActionItem.objects.filter(task=decided).delete()
