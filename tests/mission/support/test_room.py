"""A directorate asks from its own room: what it sees, what it may do, who is told."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.todo import todo_for
from assembly.notifications.models import Delivery
from mission.registers.declaration import registers
from mission.support.actions import ask, correct
from mission.support.models import SupportRequest
from mission.support.queries import asked_by_directorates
from tests.browsing import StrictClient
from tests.factories.institution import AssemblyFactory, DirectorateFactory, RoleAssignmentFactory
from tests.factories.support import SupportRequestFactory

NEW, LIST = "/instructions/appui/demander/", "/instructions/appui/"
ASKED = {"name": "Réunir les aidants", "need": "Une trentaine de personnes, le soir.", "policy": "autonomy"}
pytestmark = pytest.mark.django_db


def browser_of(people, who):
    return StrictClient().enter(people.ready(people[who] if isinstance(who, str) else who))


def request_of(people, state="received", **more):
    return SupportRequestFactory(assembly=people.assembly, directorate=people.directorate, state=state, **more)


def page(row, name="row", *more):
    return reverse(f"mission:directorate-support-{name}", args=[row.pk, *more])


def lines(people, who, room):
    return [str(line.title) for line in todo_for(people[who], room, people.term).lines if "appui" in str(line.title)]


def step(row, verb, by, **more):
    registers["support"].workflow.transition(row, verb, by=by, **more)


def told(kind):
    return sorted(Delivery.objects.filter(distribution__kind=kind).values_list("address", flat=True))


def test_what_is_asked_waits_for_the_team(people):
    team = sorted(people[who].email for who in ("lead", "officer"))
    asked = browser_of(people, "dir_contact").post(NEW, ASKED)  # of one directorate: it is not asked which
    row = SupportRequest.objects.get()
    assert asked.url == page(row)
    assert (row.directorate, row.created_by, row.state, row.owner) == (
        people.directorate,
        people["dir_contact"],
        "received",
        None,
    )
    assert row.reference.startswith("AP-")
    assert told("support-asked") == team
    assert Entry.objects.filter(event_type="support_request.asked").count() == 1
    assert lines(people, "officer", "desk") == ["Répondre à la demande d’appui : Réunir les aidants"]
    step(row, "accept", people["officer"])
    assert lines(people, "officer", "desk") == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"need": ""},
        {"name": ""},
        {"policy": "guerre"},
        {"due_on": (timezone.localdate() - timedelta(days=1)).isoformat()},
        {"due_on": "31/02/2027"},
    ],
)
def test_a_request_says_what_whose_and_until_a_day_to_come(people, wrong):
    browser = browser_of(people, "dir_contact")
    assert browser.post(NEW, ASKED | wrong).status_code == 422
    assert not SupportRequest.objects.exists()


def test_whoever_works_in_two_directorates_says_which(people):
    roads = DirectorateFactory(assembly=people.assembly, name="Routes")
    user = people["dir_contact"]
    RoleAssignmentFactory(user=user, role="dir_contact", assembly=people.assembly, term=None, directorate=roads)
    browser = browser_of(people, user)
    for other in ("", DirectorateFactory(assembly=people.assembly).pk, 2**63):
        assert browser.post(NEW, ASKED | {"directorate": other}).status_code == 422
    assert browser.post(NEW, ASKED | {"directorate": roads.pk}).status_code == 302
    assert SupportRequest.objects.get().directorate == roads
    with pytest.raises(PermissionDenied):
        ask(people.term, directorate=DirectorateFactory(assembly=people.assembly), by=user, values=ASKED)


def test_a_directorate_sees_its_own_and_no_other(people):
    own = request_of(people, name="La nôtre", notes="Entre nous")
    others = [
        SupportRequestFactory(assembly=people.assembly, name="La leur"),
        SupportRequestFactory(assembly=AssemblyFactory(second=True), name="D’ailleurs"),
    ]
    for who in ("dir_contact", "dir_approver"):
        browser = browser_of(people, who)
        words = browser.get(LIST).content.decode() + browser.get(page(own)).content.decode()
        assert "La nôtre" in words
        assert not any(hidden in words for hidden in ("La leur", "D’ailleurs", "Entre nous"))
        for row in others:
            for address in (page(row), page(row, "note"), page(row, "step", "evaluer")):
                assert browser.get(address).status_code == 404
        assert browser.get(page(own, "note")).status_code == 404  # not delivered yet


def test_what_is_delivered_is_read_and_evaluated_in_the_room(people):
    officer, contact = people["officer"], people["dir_contact"]
    row = request_of(people, "in_progress", owner=officer, created_by=contact, advice="Commencez petit.")
    browser = browser_of(people, contact)
    assert "Commencez petit." not in browser.get(page(row)).content.decode()
    step(row, "deliver", officer)
    assert told("support-news") == [contact.email]
    assert lines(people, "dir_approver", "directorate") == [f"Dire ce que l’appui a produit : {row.name}"]
    assert "Commencez petit." in browser.get(page(row)).content.decode()
    assert "Commencez petit." in browser.get(page(row, "note")).content.decode()
    sent = {"rating": "5", "evaluation": "Trois réunions tenues."}
    assert browser.post(page(row, "step", "evaluer"), sent | {"rating": "6"}).status_code == 422
    assert browser.post(page(row, "step", "evaluer"), sent).url == page(row)
    assert browser.post(page(row, "step", "evaluer"), sent).status_code == 409
    row.refresh_from_db()
    assert (row.state, row.rating) == ("delivered", 5)
    assert lines(people, "dir_approver", "directorate") == []
    for verb in ("commencer", "accepter"):  # the rest is the team’s
        assert browser.get(page(row, "step", verb)).status_code == 404


def test_a_request_is_corrected_until_somebody_follows_it(people):
    row = request_of(people, name="Réunir les aidants", created_by=people["dir_contact"])
    other = SupportRequestFactory(assembly=people.assembly)
    browser = browser_of(people, "dir_approver")
    edit = page(row, "edit")
    assert edit in browser.get(page(row)).content.decode()
    assert browser.get(page(other, "edit")).status_code == 404
    typed = ASKED | {"name": "Réunir les aidants et les élus", "version": row.version}
    assert browser.post(edit, typed | {"need": ""}).status_code == 422
    assert browser.post(edit, typed).url == page(row)
    row.refresh_from_db()
    assert (row.name, row.need, row.directorate, row.state) == (
        "Réunir les aidants et les élus",
        "Une trentaine de personnes, le soir.",
        people.directorate,
        "received",
    )
    assert Entry.objects.filter(event_type="support_request.corrected").count() == 1
    assert browser.post(edit, typed | {"name": "Autre"}).status_code == 409  # saved meanwhile
    SupportRequest.objects.filter(pk=row.pk).update(owner=people["officer"])
    late = browser.post(edit, typed)
    assert [browser.get(edit).status_code, late.status_code] == [409, 409]
    said = late.content.decode()
    assert f'href="{page(row)}"' in said
    assert "Ce que vous aviez écrit" in said
    assert "Réunir les aidants et les élus" in said
    assert "Une trentaine de personnes, le soir." in said
    assert edit not in browser.get(page(row)).content.decode()
    with pytest.raises(PermissionDenied):
        correct(row, by=people["officer"], values={"name": "Autre"}, version=row.version)


@pytest.mark.parametrize("follows", [None, "officer"])
def test_a_request_is_withdrawn_until_it_is_answered(people, follows):
    owner = people[follows] if follows else None
    row = request_of(people, name="Réunir les aidants", due_on=timezone.localdate(), owner=owner)
    assert len(lines(people, "officer", "desk")) == 1
    browser = browser_of(people, "dir_contact")
    withdraw = page(row, "step", "retirer")
    assert withdraw in browser.get(page(row)).content.decode()
    assert browser.post(withdraw).url == page(row)
    row.refresh_from_db()
    assert (row.state, row.is_over, row.withdrawn_on) == ("declined", True, timezone.localdate())
    assert lines(people, "officer", "desk") == []
    assert list(asked_by_directorates(SupportRequest.objects.all())) == []
    assert Entry.objects.filter(event_type="support_request.withdrawn").count() == 1
    told = browser_of(people, "officer").get(reverse("mission:support-row", args=[row.pk])).content.decode()
    assert "il n’y a plus à répondre" in told
    assert browser.post(withdraw).status_code == 409


def test_what_is_answered_is_not_withdrawn(people):
    row = request_of(people, "accepted")
    browser = browser_of(people, "dir_contact")
    assert page(row, "step", "retirer") not in browser.get(page(row)).content.decode()
    assert browser.post(page(row, "step", "retirer")).status_code == 409


@pytest.mark.parametrize(("verb", "who"), [("accept", "asker"), ("decline", "asker"), ("decline", "left")])
def test_an_answer_goes_to_whoever_asked_else_to_the_contacts(people, verb, who):
    asker = people.make("dir_approver", people.term)
    row = request_of(people, created_by=asker)
    contact = people["dir_contact"]
    if who == "left":
        asker.roles.update(ended_at="2026-11-01T00:00:00Z")
    step(row, verb, people["officer"], reason="Voyez l’agence technique." if verb != "accept" else "")
    assert told("support-news") == [asker.email if who == "asker" else contact.email]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_at_one_and_three_rows(people, rows, django_assert_num_queries):
    for _ in range(rows):
        request_of(people)
    browser = browser_of(people, "dir_contact")
    browser.get(LIST)
    with django_assert_num_queries(9):
        assert len(browser.get(LIST).context["page"]) == rows


@pytest.mark.parametrize(("state", "waits"), [("received", True), ("accepted", True), ("declined", False)])
def test_the_day_is_told_while_somebody_waits_for_it(people, state, waits):
    request_of(people, state, due_on=timezone.localdate() + timedelta(days=20))
    assert ("Dans 20" in browser_of(people, "dir_contact").get(LIST).text) == waits
