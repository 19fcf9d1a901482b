"""Rows ticked on a list: one question, then the act of each row; what a row refuses leaves the others done."""

from datetime import date

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from assembly.audit.models import Entry
from assembly.institution.models import Role
from assembly.tasks.models import Task
from assembly.tasks.workflow import TASK
from sessions.decisions import actions as decisions
from tests.factories.institution import RoleAssignmentFactory, TermFactory
from tests.factories.sessions import InviteeFactory, SittingFactory

pytestmark = pytest.mark.django_db
URL = "/bureau/taches/choisies/"
LIST = "/bureau/taches/liste/?etat=ouvertes&apres=3"


@pytest.fixture
def officer(signed_in):
    return signed_in("officer")


def act(people, text, term=None, by="officer"):
    sitting = SittingFactory(term=term or people.term, held=True)
    return decisions.add_action(sitting, text=text, owner_text="Direction", due_on=date(2026, 4, 17), by=people[by])


@pytest.fixture
def three(people):
    return [act(people, text) for text in ("Envoyer la carte", "Relire la notice", "Inviter la Région")]


def chosen(name, rows, **typed):
    return {"acte": name, "ligne": [row.pk for row in rows], "retour": LIST, **typed}


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def states(rows):
    return [Task.objects.get(pk=row.pk).state for row in rows]


def test_the_question_tells_the_rows_and_writes_nothing(officer, three):
    before = Entry.objects.count()
    response = officer.get(URL, chosen("faites", three[:2]))
    page = response.content.decode()
    assert (response.status_code, response.context["title"]) == (200, "2 tâches choisies")
    assert [name for _key, name in response.context["rows"]] == ["Envoyer la carte", "Relire la notice"]
    assert "Inviter la Région" not in page
    assert states(three) == ["open", "open", "open"]
    assert Entry.objects.count() == before


def test_each_row_is_done_and_journaled(officer, three):
    response = officer.post(URL, chosen("faites", three[:2]))
    assert (response.status_code, response.url) == (302, LIST)
    assert said(response) == ["2 tâches sont faites."]
    assert states(three) == ["done", "done", "open"]
    lines = Entry.objects.filter(event_type="task.finished").values_list("subject_id", flat=True)
    assert sorted(lines) == sorted(str(row.pk) for row in three[:2])


def test_a_row_that_is_overtaken_is_told_and_the_others_are_done(officer, three, people):
    TASK.transition(three[1], "drop", by=people["officer"], reason="Doublon")
    asked = officer.get(URL, chosen("faites", three))
    assert asked.context["title"] == "2 tâches choisies"
    told = "Relire la notice\u00a0: l’état a changé entre-temps (abandonnée)."
    assert asked.context["refused"] == [told]
    response = officer.post(URL, chosen("faites", three))
    assert said(response) == ["2 tâches sont faites.", f"Rien n’a changé pour : {told}"]
    assert states(three) == ["done", "dropped", "done"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_all_overtaken_is_409(officer, three, people, method):
    for row in three:
        TASK.transition(row, "finish", by=people["officer"])
    response = getattr(officer, method)(URL, chosen("abandonnees", three, reason="Sans objet"))
    assert response.status_code == 409
    assert len(response.context["refused"]) == 3
    assert states(three) == ["done", "done", "done"]


def test_one_row_out_of_sight_is_404_and_nothing_is_done(officer, three, people):
    people["abroad"] = people.elsewhere("officer")
    foreign = act(people, "Ailleurs", term=people["abroad"].roles.get().term, by="abroad")
    for row in (foreign.pk, 999999999, "²", "9" * 40):
        sent = chosen("faites", three) | {"ligne": [three[0].pk, row]}
        assert officer.post(URL, sent).status_code == 404
    assert officer.post(URL, chosen("danser", three)).status_code == 404
    assert officer.post(URL, chosen("faites", []) | {"ligne": range(1, 60)}).status_code == 404
    assert states(three) == ["open", "open", "open"]


def test_a_right_is_asked_for_each_row(officer, three, people):
    """Of the team in one term, facilitator in the other: what one sees is not always one's own to change."""
    other = TermFactory(assembly=people.assembly, number=7, name="Autre")
    RoleAssignmentFactory(user=people["officer"], role=Role.FACILITATOR, assembly=other.assembly, term=other)
    people["theirs"] = people.make("officer", other)
    row = act(people, "De l’autre mandature", term=other, by="theirs")
    assert officer.post(URL, chosen("faites", [row])).status_code == 403
    response = officer.post(URL, chosen("faites", [row, three[0]]))
    assert said(response) == [
        "1 tâche est faite.",
        "Rien n’a changé pour : De l’autre mandature\u00a0: vous n’avez pas ce droit ici.",
    ]
    assert states([row, *three]) == ["open", "done", "open", "open"]


def test_a_form_in_error_keeps_the_choice(officer, three):
    refused = officer.post(URL, chosen("abandonnees", three[:2], reason=""))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reason"])
    assert [key for key, _name in refused.context["rows"]] == [row.pk for row in three[:2]]
    officer.post(URL, chosen("abandonnees", three[:2], reason="Sans objet"))
    assert states(three) == ["dropped", "dropped", "open"]
    assert Task.objects.get(pk=three[0].pk).outcome == "Sans objet"


def test_a_date_moves_and_nothing_else(officer, three):
    assert officer.post(URL, chosen("date", three, due_on="2026-12-01")).status_code == 302
    rows = Task.objects.values_list("text", "owner_text", "due_on", "state").order_by("pk")
    assert set(rows) == {(row.text, "Direction", date(2026, 12, 1), "open") for row in three}


def test_no_row_leads_back_to_its_list_and_no_other_site(officer, three):
    response = officer.get(URL, {"acte": "faites", "retour": LIST})
    assert (response.url, said(response)) == (LIST, ["Cochez d’abord les lignes concernées."])
    assert officer.get(URL, {"acte": "faites", "retour": "https://example.org/"}).url == "/bureau/taches/liste/"


def test_boxes_stand_where_something_may_be_done(officer, signed_in, three):
    assert officer.get(reverse("tasks:list")).content.decode().count('name="ligne"') == 3
    assert 'name="ligne"' not in officer.get(reverse("tasks:list") + "?etat=closes").content.decode()
    assert 'name="ligne"' not in signed_in("facilitator").get(reverse("tasks:list")).content.decode()


def test_several_people_who_said_the_same(officer, people):
    sitting = SittingFactory(notified=True, term=people.term)
    rows = [InviteeFactory(sitting=sitting, wants_meal=True) for _ in range(3)]
    url = reverse("sittings:answers-chosen", args=[sitting.pk])
    refused = officer.post(url, chosen("reponse", rows[:2], via="phone"))
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["reply"])
    assert officer.get(url, chosen("reponse", rows[:2])).context["title"] == "2 personnes choisies"
    response = officer.post(url, chosen("reponse", rows[:2], via="phone", reply="will_attend"))
    assert said(response) == ["2 réponses notées."]
    for row in rows:
        row.refresh_from_db()
    assert [(row.reply, row.replied_via, row.wants_meal) for row in rows] == [
        ("will_attend", "phone", True),
        ("will_attend", "phone", True),
        ("invited", "", True),
    ]
    assert rows[0].reply_recorded_by == people["officer"]
    assert Entry.objects.filter(event_type="invitee.reply_recorded").count() == 2
