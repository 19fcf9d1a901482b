from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assembly.institution import registry, todo
from assembly.institution.models import Term
from sessions.models import AgendaDocument, Correction, Minutes, MinutesSection, Sitting, Visa
from tests.factories.documents import UploadFactory
from tests.factories.sessions import AgendaItemFactory, InviteeFactory, SittingFactory, decided_task, morning

pytestmark = pytest.mark.django_db


def lines(user, room, term, start):
    return [str(line.title) for line in todo.todo_for(user, room, term).lines if str(line.title).startswith(start)]


def test_the_team_reads_what_must_leave_and_what_nobody_closed(people):
    SittingFactory(title="Proche", starts_at=morning(10))
    SittingFactory(title="Lointaine", starts_at=morning(200))
    SittingFactory(title="Oubliée", notified=True, starts_at=morning(-3))
    assert lines(people["officer"], "desk", people.term, "Convoquer") == ["Convoquer : Proche"]
    assert lines(people["officer"], "desk", people.term, "Dire") == ["Dire si la séance s’est tenue : Oubliée"]
    assert lines(people["facilitator"], "desk", people.term, "Convoquer") == []


def test_a_convened_sitting_without_papers_is_told_by_the_day_of_the_term(people):
    Term.objects.filter(pk=people.term.pk).update(papers_days=12)
    near = SittingFactory(title="Convoquée", notified=True, starts_at=morning(10))
    SittingFactory(title="Pas encore convoquée", starts_at=morning(10))
    AgendaDocument.objects.create(sitting=near, upload=UploadFactory(), title="Notes de l’équipe", is_internal=True)
    assert lines(people["officer"], "desk", people.term, "Joindre") == ["Joindre les documents : Convoquée"]
    (line,) = [x for x in todo.todo_for(people["officer"], "desk", people.term).late if "Joindre" in str(x.title)]
    assert line.due_on == timezone.localdate(near.starts_at) - timedelta(days=12)
    AgendaDocument.objects.create(sitting=near, upload=UploadFactory(), title="Note de cadrage")
    assert lines(people["officer"], "desk", people.term, "Joindre") == []


def test_late_actions_are_one_late_line_since_the_first_of_their_days(people):
    today = timezone.localdate()
    for days in (-9, -2, 5):
        told = {"text": "Écrire", "owner_text": "La mission", "due_on": today + timedelta(days=days)}
        decided_task(SittingFactory(held=True), **told)
    found = todo.todo_for(people["officer"], "desk", people.term)
    assert [(str(line.title), line.due_on) for line in found.late if "action" in str(line.title)] == [
        ("2 actions en retard", today - timedelta(days=9))
    ]
    assert not [line for line in found.coming if "action" in str(line.title)]


def test_actions_stand_one_by_one_among_the_tasks(people, signed_in):
    sitting, today = SittingFactory(held=True, title="Plénière d’hiver"), timezone.localdate()
    for text, owner in (("À moi", {"owner": people["officer"].person}), ("À eux", {"owner_text": "Direction"})):
        decided_task(sitting, text=text, due_on=today - timedelta(days=3), **owner)
    desk = signed_in("officer")
    page = desk.get("/bureau/taches/").content.decode()
    assert "À moi</a>" in page
    assert "À eux</a>" not in page
    assert "actions en retard" not in page
    desk.post("/bureau/taches/qui/", {"qui": "equipe"})
    page = desk.get("/bureau/taches/").content.decode()
    assert page.index("À eux</a>") < page.index("Direction, Plénière d’hiver (") < page.index("À moi</a>")
    facilitator = signed_in("facilitator")
    facilitator.post("/bureau/taches/qui/", {"qui": "equipe"})
    assert "À eux</a>" not in facilitator.get("/bureau/taches/").content.decode()


def test_lines_are_read_without_the_texts_of_a_sitting(people):
    SittingFactory(starts_at=morning(10))
    with CaptureQueriesContext(connection) as captured:
        assert len(lines(people["officer"], "desk", people.term, "Convoquer")) == 1
    asked = [query["sql"] for query in captured if '"sittings_sitting"."title"' in query["sql"]]
    assert asked
    assert not [statement for statement in asked if '"sittings_sitting"."message"' in statement]


def test_a_member_is_asked_once(people):
    invitee = InviteeFactory(person=people["member"].person)
    (line,) = [
        x for x in todo.todo_for(people["member"], "member", people.term).lines if "Serez-vous là" in str(x.title)
    ]
    assert [act.posts for act in line.acts] == [("reply", "will_attend"), ("reply", "will_not")]
    invitee.reply, invitee.replied_at = "maybe", timezone.now()
    invitee.save()
    assert lines(people["member"], "member", people.term, "Serez-vous") == []


def test_files_pass_to_somebody_else(people):
    SittingFactory(officer=people["officer"])
    SittingFactory(officer=people["officer"], state="cancelled", reason="Neige")
    other = people.make("officer", people.term)
    counted = {files.key: count for files, count in registry.open_dossiers(people["officer"], people.term)}
    assert counted["sittings"] == 1
    registry.reassign_dossiers(people["officer"], other, people.term, people["lead"])
    assert Sitting.objects.get(state="planned").officer == other


def minutes_of(sitting, writer, state="draft", **fields):
    if state != "draft":
        fields |= {"circulated_at": timezone.now(), "corrections_until": timezone.now() + timedelta(days=5)}
    return Minutes.objects.create(
        sitting=sitting, kind="formal", state=state, writer=writer, due_on=timezone.localdate(), **fields
    )


def asked(minutes, person):
    item = AgendaItemFactory(sitting=minutes.sitting)
    section = MinutesSection.objects.create(minutes=minutes, agenda_item=item)
    return Correction.objects.create(minutes=minutes, section=section, author=person, proposal="Autrement")


def test_minutes_ask_what_their_state_asks(people):
    officer = people["officer"]
    SittingFactory(held=True)
    minutes_of(SittingFactory(held=True), officer)
    read = minutes_of(SittingFactory(held=True), officer, "circulated")
    minutes_of(SittingFactory(held=True), officer, "circulated")
    for _ in range(2):
        asked(read, people["member"].person)
    signed = SittingFactory(held=True, chair=officer.person)
    approved = minutes_of(signed, officer, "approved", approved_at=timezone.now())
    expected = ["Commencer le compte rendu", "Donner votre visa", "Finir le compte rendu"]
    expected += ["Recueillir les visas, puis sceller", "Saisir 6 indicateurs", "Traiter 2 corrections"]
    assert sorted(lines(officer, "desk", people.term, "")) == expected
    assert lines(people["facilitator"], "desk", people.term, "") == []
    Visa.objects.create(minutes=approved, person=officer.person, capacity="chair", given_at=timezone.now())
    assert "Donner votre visa" not in lines(officer, "desk", people.term, "")


def test_a_member_who_chaired_gives_a_visa_from_the_list(people):
    chair = people["member"]
    approved = minutes_of(
        SittingFactory(held=True, chair=chair.person), people["officer"], "approved", approved_at=timezone.now()
    )
    assert lines(chair, "member", people.term, "Donner") == ["Donner votre visa"]
    Visa.objects.create(minutes=approved, person=chair.person, capacity="chair", given_at=timezone.now())
    assert lines(chair, "member", people.term, "Donner") == []


@pytest.mark.parametrize("count", [1, 3])
def test_the_rooms_ask_the_same_whatever_waits(count, signed_in, people, django_assert_num_queries):
    for number in range(count):
        SittingFactory(starts_at=morning(10 + number))
        SittingFactory(notified=True, starts_at=morning(-3 - number))
        asked(minutes_of(SittingFactory(held=True), people["officer"], "circulated"), people["member"].person)
        InviteeFactory(person=people["member"].person)
    for role, room, questions in (("lead", "desk", 35), ("member", "member", 13)):
        browser, url = signed_in(role), reverse(f"portal:{room}-home")
        browser.get(url)
        with django_assert_num_queries(questions, info=room):
            browser.get(url)
