"""A directorate is closed while it reads an opinion: its successor goes on, or the request is closed."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from assembly.audit.models import Entry
from assembly.institution.actions import directorates
from assembly.institution.models import Directorate, Role
from assembly.notifications.models import Delivery
from opinions.checks import actions as checks
from opinions.checks.queries import my_requests
from opinions.models import Opinion, OpinionState, ServiceNote, ServicesCheckState, ServicesRequest
from tests.consultations.desk import agent
from tests.factories.institution import DirectorateFactory
from tests.factories.opinions import (
    OpinionFactory,
    OpinionSectionFactory,
    RecommendationFactory,
    ServiceNoteFactory,
    ServicesRequestFactory,
)
from tests.second_hand import during

pytestmark = pytest.mark.django_db
C = ServicesCheckState
NOTE = {"competence": "yes", "feasibility": "as_is", "body": "Du successeur."}


@pytest.fixture
def opinion(people):
    return OpinionFactory(term=people.term, state=OpinionState.SERVICES_CHECK)


@pytest.fixture
def successor(people):
    return DirectorateFactory(assembly=people.assembly, code="solidarites", name="Direction des Solidarités")


@pytest.fixture
def note(people, opinion):
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=C.DRAFTED)
    return ServiceNoteFactory(
        request=request, recommendation=RecommendationFactory(opinion=opinion), body="De la première."
    )


def close(people, successor):
    directorates.close(people.directorate, on=timezone.localdate(), successor=successor, by=people["lead"])


def lines(verb):
    return list(Entry.objects.filter(event_type=verb).values_list("facts", flat=True))


@pytest.mark.parametrize("state", [C.ASKED, C.DRAFTED, C.RETURNED, C.SUBMITTED])
def test_the_successor_goes_on_with_an_open_request(people, opinion, successor, state):
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=state)
    contact, approver = agent(successor), agent(successor, Role.DIR_APPROVER)
    close(people, successor)
    request.refresh_from_db()
    assert (request.state, request.directorate) == (state, successor)
    assert list(my_requests(contact)) == [request]
    (facts,) = lines("check.inherited")
    assert (facts["before"], facts["after"]) == (people.directorate.pk, successor.pk)
    told = Delivery.objects.filter(distribution__kind="opinion-check").values_list("person", flat=True)
    assert list(told) == [(approver if state == C.SUBMITTED else contact).person_id]


@pytest.mark.parametrize("state", [C.VALIDATED, C.CLOSED])
def test_what_is_over_stays_where_it_was(people, opinion, successor, state):
    request = ServicesRequestFactory(opinion=opinion, directorate=people.directorate, state=state)
    close(people, successor)
    request.refresh_from_db()
    assert (request.state, request.directorate) == (state, people.directorate)
    assert lines("check.inherited") == []


def test_the_notes_go_with_the_request_and_are_written_on(people, opinion, successor, note):
    contact = agent(successor)
    close(people, successor)
    request = ServicesRequest.objects.select_related("opinion__term").get()
    saved = checks.save(request, note.recommendation, NOTE, version=note.version, by=contact)
    assert (saved.pk, saved.body) == (note.pk, "Du successeur.")


def test_two_requests_on_one_opinion_stay_two_and_are_both_read(people, opinion, successor, note, client):
    own = ServicesRequestFactory(opinion=opinion, directorate=successor)
    contact, stranger = agent(successor), agent(DirectorateFactory(assembly=people.assembly, code="routes"))
    close(people, successor)
    former = ServicesRequest.objects.get(directorate=people.directorate)
    assert (former.state, ServicesRequest.objects.get(pk=own.pk).state) == (C.CLOSED, C.ASKED)
    assert former.reason == "La direction est close ; Direction des Solidarités lit déjà l’avis."
    assert ServiceNote.objects.get().request == former
    assert list(my_requests(contact)) == [own]
    page, noted = (
        reverse("opinions:check", args=[former.pk]),
        reverse("opinions:check-note", args=[former.pk, note.recommendation_id]),
    )
    browser = client.enter(people.ready(contact))
    assert page in browser.get(reverse("opinions:check", args=[own.pk])).text
    assert former.reason in browser.get(page).text.replace("\u00a0", " ").replace("&nbsp;", " ")
    assert "De la première." in browser.get(noted).text
    assert browser.post(noted, {"is_concerned": "1", **NOTE, "version": 1}).status_code == 403
    assert {client.enter(people.ready(stranger)).get(address).status_code for address in (page, noted)} == {404}
    desk = client.enter(people.ready(people["officer"])).get(reverse("opinions:checks", args=[opinion.pk]))
    assert former.reason in desk.text.replace("\u00a0", " ")


def test_without_a_successor_at_work_the_request_is_closed(people, opinion, note):
    close(people, DirectorateFactory(assembly=people.assembly, code="close", closed_on=timezone.localdate()))
    request = ServicesRequest.objects.get()
    assert (request.state, request.directorate, request.reason) == (
        C.CLOSED,
        people.directorate,
        "La direction est close.",
    )


@pytest.mark.django_db(transaction=True)
def test_a_directorate_that_is_closed_meanwhile_is_not_asked(people, successor):
    opinion = OpinionFactory(term=people.term, state=OpinionState.GROUP_VALIDATED)
    OpinionSectionFactory(opinion=opinion, validated=True)
    seen, lead, officer = Directorate.objects.get(pk=people.directorate.pk), people["lead"], people["officer"]
    again = Opinion.objects.select_related("term").get(pk=opinion.pk)
    due = timezone.localdate() + timedelta(days=9)
    refusal = during(
        lambda: directorates.close(people.directorate, on=timezone.localdate(), successor=successor, by=lead),
        lambda: checks.ask(again, [seen], due_on=due, by=officer),
    )
    assert (type(refusal), refusal.code) == (ValidationError, "directorate")
    assert not ServicesRequest.objects.exists()
